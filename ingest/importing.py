"""Importing a file: known again by its hash, stored in batches, resumed where it broke off, undone as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.base import BadRecord, Event
from connectors.files.cells import channel as channel_of
from connectors.files.connector import Files
from connectors.files.mapping import Mapping, check_mapping, parse_mapping, suggest_mapping
from connectors.files.opened import sha256_of
from connectors.files.reader import Rows, Terms
from connectors.files.table import Table, open_table
from ingest.breaker import Breaker
from ingest.errors import TooManyBad, Unfit
from ingest.opening import Place, now_ms
from ingest.pipeline import Pipeline
from ingest.status import DONE, WAITING
from store.corridor.imports import Import, begin_import, finish_import, finished_import, import_of, remembered_mapping
from store.corridor.sources import report
from store.corridor.unchanged import knows_source, stored_versions
from store.rows import Batch, Refused, Row
from store.writes import save

FIRST, BATCH = 100, 1_000
OPTIONS = ("delimiter", "sheet", "order", "timezone")
Heard = Callable[[float, int], bool]


@dataclass(frozen=True, slots=True)
class Request:
    """What to import and how to read it; an empty `mapping` is the one that this source had last, an empty channel a guess."""

    file: Path
    source: str
    mapping: str = ""
    channel: str = ""
    timezone: str = ""
    order: str = ""
    delimiter: str = ""
    sheet: str = ""
    header: tuple[str, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """An opened file with its mapping and terms; `suggested` when the mapping was guessed from the headers."""

    table: Table
    mapping: Mapping
    channel: str
    suggested: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an import; `already` when this very file was imported so before, and nothing was read."""

    record: Import
    already: bool = False
    cancelled: bool = False
    reasons: dict[str, int] = field(default_factory=dict)


def plan(request: Request, remembered: str = "") -> Planned:
    """The file opened and its mapping checked; from `remembered` (JSON) or the headers where none was given.

    UnreadableFile and MappingFault say what does not fit.
    """
    known = json.loads(remembered or "{}")
    table = open_table(request.file, delimiter=request.delimiter, sheet=request.sheet, header=request.header)
    given = request.mapping or known.get("map", "")
    fits = bool(given) and (bool(request.mapping) or set(parse_mapping(given).columns.values()) <= set(table.columns))
    mapping = parse_mapping(given) if fits else suggest_mapping(table.columns)
    if fits:
        check_mapping(mapping, table.columns)
    channel = request.channel or known.get("channel", "") or ("social" if "text" in mapping.columns else "survey")
    return Planned(table, mapping, _known_channel(channel), not fits)


def import_file(place: Place, request: Request, heard: Heard = lambda _share, _rows: True) -> Outcome:
    """Import a file to its end: what became of it. `heard` is told the share read and the rows, and stops it by False.

    Raises Unfit without a mapping, TooManyBad when most of it cannot be read; what was stored by then stays, and the same
    call goes on behind it.
    """
    planned = plan(request, remembered_mapping(place.engine, request.source))
    if planned.suggested:
        raise Unfit(f"--map: found none for source {request.source!r}. {suggestion(planned.mapping, planned.table.columns)}")
    digest, mapping = sha256_of(request.file), _written(planned, request)
    before = finished_import(place.engine, request.source, digest, mapping)
    if before and not request.again:
        return Outcome(before, already=True)
    record = begin_import(place.engine, request.source, request.file.name, digest, mapping, now_ms())
    _report(place, record, planned, "importing")
    try:
        reasons = _Run(place, request, planned, record).through(heard)
    except _Cancelled:
        return Outcome(import_of(place.engine, record.id), cancelled=True)
    done = finish_import(place.engine, record.id, now_ms())
    _report(place, done, planned, "imported")
    return Outcome(done, reasons=reasons)


def suggestion(mapping: Mapping, columns: Sequence[str]) -> str:
    """What the headers suggest, as the option to give; the columns where they suggest too little."""
    if "happened_at" in mapping.columns and ("text" in mapping.columns or mapping.readings):
        return f"The headers suggest: --map {mapping.written()}"
    return f"Name the columns: --map text=COLUMN,happened_at=COLUMN,external_id=COLUMN. It has: {', '.join(columns[:30])}."


class _Cancelled(Exception):
    """Whoever watches the import asked it to stop."""


class _Run:
    """One pass through the file."""

    def __init__(self, place: Place, request: Request, planned: Planned, record: Import) -> None:
        self._place, self._record, self._planned = place, record, planned
        self._pipeline: Pipeline = place.pipeline(request.source, Files.version)
        zone = zone_of(request.timezone or place.zone)
        terms = Terms(planned.mapping, planned.channel, zone, record.started_at, request.order)
        self._rows = Rows(planned.table, terms)
        self._compares = knows_source(place.engine, request.source)
        self._read_bytes = 0
        self.reasons: dict[str, int] = {}

    def through(self, heard: Heard) -> dict[str, int]:
        breaker, count = Breaker(), self._record.received
        for part in _parts(self._rows(self._hear, skip=count)):
            refused = self._save(part)
            count += len(part)
            self._explain(refused)
            why = breaker.heard(len(part) - len(refused), len(refused))
            if why:
                raise TooManyBad(self._stopped(why, refused))
            if not heard(self._read_bytes / max(1, self._planned.table.size), count):
                raise _Cancelled
        return self.reasons

    def _save(self, part: list[Event | BadRecord]) -> list[Refused]:
        now, record = now_ms(), self._record
        rows, refused = self._pipeline.prepare([row for row in part if isinstance(row, Event)], now, record.id)
        bad = [Refused(row.stream, row.raw, row.why, Files.version) for row in part if isinstance(row, BadRecord)]
        if self._compares:
            keep_unchanged(rows, stored_versions(self._place.engine, rows))
        batch = Batch(record.source, rows, [*bad, *refused], import_id=record.id)
        save(self._place.engine, batch, now_ms=now, zone=self._place.zone)
        return batch.refused

    def _explain(self, refused: Sequence[Refused]) -> None:
        for payload in refused:
            kind = kind_of(payload.reason)
            self.reasons[kind] = self.reasons.get(kind, 0) + 1

    def _stopped(self, why: str, refused: Sequence[Refused]) -> str:
        last = refused[-1].reason if refused else ""
        return (
            f"import {self._record.id} of {self._record.file} was stopped: {why}. The last one: {last}. "
            f"Correct the file or --map. What it did so far can be undone: python -m ingest undo {self._record.id}"
        )

    def _hear(self, read: int) -> None:
        self._read_bytes = read


def kind_of(reason: str) -> str:
    """A reason without its line and value, so that equal ones can be counted.

    >>> kind_of("line 7: csat: found 'vijf', expected a number"), kind_of("line 9: a quote is opened")
    ('csat: expected a number', 'a quote is opened')
    """
    plain = reason.split(": ", 1)[1] if reason.startswith("line ") else reason
    head, found, rest = plain.partition(": found ")
    expected = rest.split("expected ", 1)[-1]
    return f"{head}: expected {expected}" if found else plain


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; Unfit when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Unfit(f"--timezone: found {name!r}, expected a time zone such as Europe/Amsterdam.") from None


def _parts(rows: Iterator[Event | BadRecord]) -> Iterator[list[Event | BadRecord]]:
    """A short part first, so that a wrong mapping shows soon; then full ones."""
    if first := list(islice(rows, FIRST)):
        yield first
    while part := list(islice(rows, BATCH)):
        yield part


def keep_unchanged(rows: Sequence[Row], versions: dict[tuple[str, str], int]) -> None:
    """Give a row that says what is stored already the version that is stored: it then changes nothing, and moves to no import."""
    for row in rows:
        row.version = versions.get((row.stream, row.external_id), row.version)


def _written(planned: Planned, request: Request) -> str:
    """The mapping and the options as JSON: what is remembered for the next import of this source."""
    options = {name: getattr(request, name) for name in OPTIONS if getattr(request, name)}
    return json.dumps({"map": planned.mapping.written(), "channel": planned.channel, **options}, sort_keys=True)


def _report(place: Place, record: Import, planned: Planned, key: str) -> None:
    detail = json.dumps({"key": f"ingest.{key}", "values": {"file": record.file, "import": record.id}})
    state = DONE if record.finished_at else WAITING
    values = {"connector": Files.name, "channel": planned.channel, "status": state, "detail": detail, "live": False}
    report(place.engine, record.source, now_ms(), **values)


def _known_channel(written: str) -> str:
    try:
        return channel_of(written, "")
    except ValueError as fault:
        raise Unfit(f"--channel: {str(fault).removeprefix('channel: ')}.") from None
