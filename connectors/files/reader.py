"""From a file's rows to events: each row becomes one event, or one bad record with its reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.base import BadRecord, Event, Reading, Said
from connectors.files import cells
from connectors.files.mapping import ROW_NUMBER, Mapping
from connectors.files.table import Progress, Row, Table
from connectors.files.times import Times, day_or_month_first
from connectors.moments import milliseconds

STREAM = ""
SAMPLE = 500


@dataclass(frozen=True, slots=True)
class Terms:
    """How the rows of one file are to be understood.

    `version` (epoch milliseconds) is every row's version unless a column gives it: the moment the import began, so that a
    file imported later corrects one imported before. `channel` counts where no column names one; `order` is `day`, `month`
    or '' (found from the file, the day first where it leaves that open).
    """

    mapping: Mapping
    channel: str
    zone: ZoneInfo
    version: int
    order: str = ""


class Rows:
    """The events of one table, in its order; `times.doubtful` and `order` tell the preview what had to be assumed."""

    def __init__(self, table: Table, terms: Terms) -> None:
        self.table, self.terms = table, terms
        targets = terms.mapping.columns
        self._columns = [column for column in dict.fromkeys(targets.values()) if column != ROW_NUMBER]
        self._place = {t: self._columns.index(c) for t, c in targets.items() if c != ROW_NUMBER}
        self._readings = [(target, self._place[target]) for target in terms.mapping.readings if target in self._place]
        self.order = terms.order or self._found_order()
        self.times = Times(terms.zone, self.order or "day")

    def __call__(self, progress: Progress | None = None, skip: int = 0) -> Iterator[Event | BadRecord]:
        """Every row after the first `skip` ones: an event, or a bad record; the skipped ones are still read, for their order."""
        for count, row in enumerate(self.table.rows(self._columns, progress), 1):
            found = self._event(row)
            if count > skip:
                yield found

    def _event(self, row: Row) -> Event | BadRecord:
        if row.fault:
            return BadRecord(row.raw, f"line {row.number}: {row.fault}", STREAM)
        try:
            return self._read(row)
        except ValueError as fault:
            return BadRecord(row.raw, f"line {row.number}: {fault}", STREAM)

    def _read(self, row: Row) -> Event:
        at = self._moment("happened_at", row.cells)
        if at is None:
            raise ValueError("happened_at: found nothing, expected a date and time")
        external_id = self._external_id(row, at)
        version = self._version(row.cells)
        if cells.truth(self._cell("deleted", row.cells)):
            return Event(STREAM, external_id, version, "delete", at)
        return Event(STREAM, external_id, version, "upsert", at, self._said(row.cells))

    def _said(self, row: Sequence[Any]) -> Said:
        readings, unanswered = self._measured(row)
        text = self._text("text", row)
        if not (text or readings or unanswered):
            raise ValueError("the row says nothing: text and readings are empty")
        return Said(
            channel=cells.channel(self._cell("channel", row), self.terms.channel),
            text=text,
            language=cells.language(self._cell("language", row)),
            author=self._text("author", row) or None,
            thread=self._text("thread", row) or None,
            case=self._text("case", row) or None,
            stage=self._text("stage", row) or None,
            segments=cells.several(self._cell("segments", row)),
            url=self._text("url", row),
            readings=readings,
            unanswered=unanswered,
        )

    def _measured(self, row: Sequence[Any]) -> tuple[list[Reading], tuple[str, ...]]:
        readings, unanswered = [], []
        for metric, place in self._readings:
            if cells.is_open(row[place]) and metric in cells.DURATIONS:
                unanswered.append(metric)
                continue
            value = cells.number(metric, row[place])
            if value is not None:
                readings.append(Reading(metric, value))
        return readings, tuple(unanswered)

    def _cell(self, target: str, row: Sequence[Any]) -> Any:
        place = self._place.get(target)
        return None if place is None else row[place]

    def _text(self, target: str, row: Sequence[Any]) -> str:
        return cells.plain(self._cell(target, row))

    def _moment(self, target: str, row: Sequence[Any]) -> datetime | None:
        value = self._cell(target, row)
        return None if cells.is_empty(value) else self.times.read(value)

    def _version(self, row: Sequence[Any]) -> int:
        value = self._cell("version", row)
        if cells.is_empty(value):
            return self.terms.version
        whole = cells.whole(value)
        return whole if whole is not None else milliseconds(Times(self.terms.zone, self.order or "day").read(value))

    def _external_id(self, row: Row, at: datetime) -> str:
        column = self.terms.mapping.columns.get("external_id")
        if column == ROW_NUMBER:
            return f"row {row.number}"
        if column is not None:
            found = self._text("external_id", row.cells)
            if not found:
                raise ValueError("external_id: found nothing, expected the row's id")
            return found
        parts = [self._text(target, row.cells) for target in ("author", "thread", "channel", "text")]
        said = "\x1f".join([at.isoformat(), *parts])
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:24]

    def _found_order(self) -> str:
        column = self.terms.mapping.columns["happened_at"]
        samples = []
        for row in self.table.rows([column]):
            samples += [cells.plain(cell) for cell in row.cells]
            if len(samples) >= SAMPLE:
                break
        return day_or_month_first(samples)
