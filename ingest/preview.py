"""A preview of an import: how the file is read, its first rows as the pipeline would store them, and what would be refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from connectors.base import BadRecord, Event
from connectors.files.mapping import check_mapping
from connectors.files.reader import Rows, Terms
from ingest.importing import Planned, kind_of
from ingest.pipeline import Pipeline
from store.engine import instant
from store.rows import Row

READ, SHOWN, WIDTH = 5_000, 5, 70


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do with the first `read` rows; `rows` are the first few as they would be stored."""

    read: int
    more: bool
    rows: list[Row]
    reasons: dict[str, int]
    placed: int
    order: str
    doubtful: int


def look(planned: Planned, pipeline: Pipeline, zone: ZoneInfo, order: str, now_ms: int, read: int = READ) -> Preview:
    """Read the first `read` rows and store nothing. MappingFault when the mapping does not fit."""
    check_mapping(planned.mapping, planned.table.columns)
    reader = Rows(planned.table, Terms(planned.mapping, planned.channel, zone, now_ms, order))
    source = reader()
    part = list(islice(source, read))
    rows, refused = pipeline.prepare([row for row in part if isinstance(row, Event)], now_ms)
    reasons = Counter(kind_of(row.why) for row in part if isinstance(row, BadRecord))
    reasons.update(kind_of(payload.reason) for payload in refused)
    placed = sum(1 for row in rows if any(place.stage for place in row.placed))
    more = next(source, None) is not None
    return Preview(len(part), more, rows[:SHOWN], dict(reasons), placed, reader.order, reader.times.doubtful)


def lines(planned: Planned, preview: Preview, zone: tzinfo) -> list[str]:
    """The preview as lines for a terminal."""
    table = planned.table
    guess = "  (suggested by the headers)" if planned.suggested else ""
    out = [
        f"{table.path.name}: {table.shape}, {len(table.columns)} columns, {table.size:,} bytes",
        f"--map {planned.mapping.written()}{guess}",
        f"channel {planned.channel} where no column names one; times without an offset are in {zone}",
    ]
    if not preview.order:
        out.append("dates such as 03-04-2026 are read day first; give --order month if that is wrong")
    if preview.doubtful:
        out.append(f"{preview.doubtful} times lie in the hour that comes twice, and are read as the first of the two")
    return [*out, "", *_table([_shown(row, zone) for row in preview.rows]), "", *_problems(preview), "Nothing was stored."]


def _shown(row: Row, zone: tzinfo) -> Sequence[str]:
    stage = next((place.stage for place in row.placed if place.stage), "-")
    words = " ".join(row.text.split())
    readings = [f"{seen.metric} {seen.value:g}" for seen in row.observed if seen.metric not in ("contacts", "sentiment")]
    felt = "-" if row.sentiment is None else f"{row.sentiment:+.2f}"
    said = "; ".join([*readings, words])
    when = instant(row.happened_at).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return (
        row.external_id[:20],
        when,
        row.channel,
        row.language or "-",
        stage,
        felt,
        said[:WIDTH] + ("…" if len(said) > WIDTH else ""),
    )


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    head = ("id", "when", "channel", "lang", "stage", "feel", "what is stored (masked)")
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)]


def _problems(preview: Preview) -> list[str]:
    scope = f"the first {preview.read:,} rows" if preview.more else f"all {preview.read:,} rows"
    bad = sum(preview.reasons.values())
    out = [f"Of {scope}: {preview.read - bad:,} can be stored ({preview.placed:,} with a stage), {bad:,} would be quarantined."]
    return out + [f"  {count:,} x {reason}" for reason, count in sorted(preview.reasons.items(), key=_most)]


def _most(item: tuple[str, Any]) -> tuple[int, str]:
    return -item[1], item[0]
