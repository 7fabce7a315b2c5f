"""The drop folder: every file laid there is read once, in batches, and its place is kept; a changed file is read again."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from connectors.base import BadRecord, Batch, Capabilities, CheckResult, Clock, ConfigFault, ConnectorConfig, Origin
from connectors.files.cells import channel as channel_of
from connectors.files.mapping import check_mapping, parse_mapping
from connectors.files.opened import sha256_of
from connectors.files.reader import STREAM, Rows, Terms
from connectors.files.table import open_table
from connectors.moments import milliseconds

BATCH = 500
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", ".swp", "~")


class Config(ConnectorConfig):
    """The settings of a drop folder."""

    folder: Path = Field(description="the folder in which files are laid")
    mapping: str = Field(description="which column says what, as --map takes it: text=bericht,happened_at=datum")
    channel: str = Field(default="social", description="the channel of rows that do not name one")
    timezone: str = Field(default="Europe/Amsterdam", description="the zone of times without an offset")
    pattern: str = Field(default="*", description="which files: *.csv, survey-*.xlsx")
    delimiter: str = Field(default="", max_length=1, description="wins over the delimiter found from the file")
    sheet: str = Field(default="", description="the sheet of a workbook; empty: its first")
    settle_s: float = Field(default=2.0, ge=0, description="a file that changed less than this ago is still being written")

    @field_validator("channel")
    @classmethod
    def _known_channel(cls, value: str) -> str:
        return channel_of(value, "")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"found {value!r}, expected a time zone such as Europe/Amsterdam") from None
        return value


@dataclass
class Seen:
    """A file that was met: what it looked like then, the version of its rows, and how many of them were read."""

    size: int = 0
    mtime_ns: int = 0
    sha256: str = ""
    version: int = 0
    rows: int = 0
    done: bool = False


@dataclass
class Folder:
    """The state: every file that is in the folder, by name. A file that was taken away is forgotten."""

    files: dict[str, Seen] = field(default_factory=dict)

    @classmethod
    def parse(cls, state: str | None) -> Folder:
        """From its JSON text; None is an empty folder."""
        return cls({name: Seen(**seen) for name, seen in json.loads(state or "{}").items()})

    def written(self) -> str:
        """As JSON text."""
        return json.dumps({name: asdict(seen) for name, seen in self.files.items()}, separators=(",", ":"))


class Files:
    """A folder in which people or programs lay exports."""

    name: ClassVar[str] = "files"
    channel: ClassVar[str] = "social"
    version: ClassVar[str] = "1"
    Config: ClassVar[type[ConnectorConfig]] = Config
    capabilities: ClassVar[Capabilities] = Capabilities(mode="poll", cadence_s=30.0, edits=True, deletes=True, backfill=True)

    def check(self, config: Config) -> CheckResult:
        """Whether the folder is there and its mapping is one."""
        try:
            parse_mapping(config.mapping)
            _entries(config)
        except ConfigFault as fault:
            return CheckResult("config", f"Deze bron kan niet gelezen worden. {fault}", f"This source cannot be read. {fault}")
        return CheckResult("ok", f"De map {config.folder} is leesbaar.", f"The folder {config.folder} can be read.")

    def read(self, config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """What lies in the folder and was not read yet, oldest file first; ends when everything was."""
        folder = Folder.parse(state)
        entries = _entries(config)
        folder.files = {path.name: folder.files[path.name] for path in entries if path.name in folder.files}
        for path in entries:
            now = milliseconds(clock())
            if stop.is_set():
                return
            seen = _met(path, folder, now, config.settle_s)
            if seen is not None:
                folder.files[path.name] = seen
                yield from _read_file(path, seen, folder, config, stop)
        if not stop.is_set():
            yield Batch(state=folder.written())


def _entries(config: Config) -> list[Path]:
    if not config.folder.is_dir():
        raise ConfigFault(f"folder: found {str(config.folder)!r}, which is no folder. Make it, or name another.")
    found = (path for path in config.folder.glob(config.pattern) if path.is_file())
    kept = [path for path in found if not path.name.startswith(".") and not path.name.endswith(UNFINISHED)]
    return sorted(kept, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _met(path: Path, folder: Folder, now_ms: int, settle_s: float) -> Seen | None:
    """What to read of a file, None when there is nothing: read already, or still being written."""
    stat = path.stat()
    old = folder.files.get(path.name)
    if old and old.done and (old.size, old.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
        return None
    if now_ms - stat.st_mtime_ns // 1_000_000 < settle_s * 1_000:
        return None
    digest = sha256_of(path)
    fresh = Seen(stat.st_size, stat.st_mtime_ns, digest, now_ms)
    if old and old.sha256 == digest:
        fresh.version, fresh.rows, fresh.done = old.version, old.rows, old.done
    fresh.done = fresh.done or any(other.done and other.sha256 == digest for other in folder.files.values())
    return fresh


def _read_file(path: Path, seen: Seen, folder: Folder, config: Config, stop: threading.Event) -> Iterator[Batch]:
    if seen.done:
        return
    try:
        table = open_table(path, delimiter=config.delimiter, sheet=config.sheet)
        mapping = check_mapping(parse_mapping(config.mapping), table.columns)
        rows = Rows(table, Terms(mapping, config.channel, ZoneInfo(config.timezone), seen.version))(skip=seen.rows)
        while part := list(islice(rows, BATCH)):
            bad = [row for row in part if isinstance(row, BadRecord)]
            seen.rows += len(part)
            events = [row for row in part if not isinstance(row, BadRecord)]
            yield Batch(events, bad, folder.written(), origin=_origin(path, seen, config))
            if stop.is_set():
                return
        seen.done = True
        yield Batch(state=folder.written(), origin=_origin(path, seen, config))
    except ConfigFault as fault:
        seen.done = True
        bad = [BadRecord(path.name.encode(), str(fault), STREAM)]
        yield Batch(bad=bad, state=folder.written(), origin=_origin(path, seen, config))


def _origin(path: Path, seen: Seen, config: Config) -> Origin:
    given = {name: getattr(config, name) for name in ("channel", "timezone", "delimiter", "sheet") if getattr(config, name)}
    mapping = json.dumps({"map": config.mapping, **given}, sort_keys=True)
    return Origin(path.name, seen.sha256, mapping, seen.version, seen.done)
