"""Asterisk: calls from the tail of queue_log; live gauges of the queues from the manager interface, as a source of their own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, SecretStr, model_validator

from connectors.aside import Stopped, aside
from connectors.asterisk_calls import STREAM, Calls
from connectors.asterisk_manager import Manager
from connectors.base import BadRecord, Batch, Capabilities, CheckResult, Clock, ConfigFault, Event, Missing, Reading, Said
from connectors.hints import checked
from connectors.hosts import NetConfig
from connectors.moments import milliseconds
from connectors.tailing import Place, files_from, lines_of

LOOK_S = 0.5
LINES = 500


class Config(NetConfig):
    """`listen` to the log (calls) or to the gauges (who waits now): two sources, so that one may fail without the other."""

    listen: Literal["log", "gauges"] = "log"
    path: Path = Field(default=Path("/var/log/asterisk/queue_log"))
    stages: dict[str, str] = Field(default_factory=dict, description="queue -> stage of the journey")
    custom: dict[str, str] = Field(default_factory=dict, description="event of your own dialplan -> metric that it measures")
    host: str = "127.0.0.1"
    port: int = Field(default=5038, gt=0, lt=65536)
    user: str = ""
    secret: SecretStr = SecretStr("")
    sample_s: float = Field(default=15.0, ge=1)

    @model_validator(mode="after")
    def _manager(self) -> Config:
        if self.listen == "gauges" and not (self.user and self.secret.get_secret_value()):
            raise ValueError("user, secret: found nothing, expected those of a manager account with read = reporting")
        return self


class Asterisk:
    """Waits, answers, abandonments and transfers from queue_log: the manager interface counts a time-out as abandoned."""

    name: ClassVar[str] = "asterisk"
    channel: ClassVar[str] = "phone"
    version: ClassVar[str] = "1"
    Config = Config
    capabilities: ClassVar[Capabilities] = Capabilities("stream", 60, backfill=True)

    def check(self, config: Config) -> CheckResult:
        """Whether the log can be read, or the manager lets us in."""
        return checked(
            lambda: _gauges(config, threading.Event()) if config.listen == "gauges" else _readable(config.path), "asterisk"
        )

    def read(self, config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """Calls from the log, from its oldest file on; or a sample of each queue every `sample_s`."""
        if config.listen == "log":
            yield from _calls(config, state, stop, clock)
            return
        try:
            while not stop.is_set():
                yield Batch(events=[_sample(*each, config, clock()) for each in _gauges(config, stop)])
                stop.wait(config.sample_s)
        except Stopped:
            return


def _calls(config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
    known = json.loads(state) if state else {}
    place = Place.of(known.get("place"))
    calls = Calls(config.stages, config.custom, known.get("open", {}))
    seen = known.get("at")
    while not stop.is_set():
        _readable(config.path)
        files, lost = files_from(config.path, place)
        batch = Batch()
        if lost:
            since = datetime.fromtimestamp(seen, UTC) if seen else clock()
            batch.gap = Missing(STREAM, since, clock(), "rotated")
            place = Place()
        while files and not batch.events and not batch.bad:
            raw = list(lines_of(files[0], place, LINES))
            seen = _take(raw, calls, batch) or seen
            if len(raw) < LINES and not _next_file(files, place):
                break
        batch.state = json.dumps({"place": str(place), "open": calls.open, "at": seen})
        yield batch
        if not raw_left(files, place):
            stop.wait(LOOK_S)


def _next_file(files: list[Path], place: Place) -> bool:
    """Go on to the next file, when there is one: the old one is at its end."""
    files.pop(0)
    if files:
        place.inode, place.offset, place.last = files[0].stat().st_ino, 0, ""
    return bool(files)


def raw_left(files: list[Path], place: Place) -> bool:
    """Whether bytes wait to be read after the place."""
    return any(file.stat().st_ino != place.inode or file.stat().st_size > place.offset for file in files)


def _take(raw: list[bytes], calls: Calls, batch: Batch) -> int | None:
    seen = None
    for line in raw:
        if not line.strip():
            continue
        try:
            batch.events.extend(calls.take(line))
            seen = int(line.partition(b"|")[0])
        except BadRecord as bad:
            batch.bad.append(bad)
    return seen


def _readable(path: Path) -> None:
    try:
        with path.open("rb"):
            pass
    except OSError as fault:
        todo = "Give Klantblik's user the right to read it, and set queue_log = yes in logger.conf."
        raise ConfigFault(f"path: {path} cannot be read ({fault.strerror}), expected Asterisk's queue_log. {todo}") from None


def _gauges(config: Config, stop: threading.Event) -> list[tuple[str, int, int]]:
    return aside(lambda: Manager(config, stop).queues(), stop, config.deadline_s)


def _sample(queue: str, waiting: int, online: int, config: Config, now: datetime) -> Event:
    readings = [Reading("queue_waiting", float(waiting)), Reading("agents_online", float(online))]
    said = Said("phone", stage=config.stages.get(queue), kind="measure", readings=readings)
    return Event("gauges", f"{queue}@{milliseconds(now)}", milliseconds(now), "upsert", now, said)
