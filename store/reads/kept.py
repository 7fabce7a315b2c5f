"""How often a promised duration was kept, counted in the rollups' bins: one scan for all promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Engine, and_, case, func, or_, select

from metrics.bins import OPEN
from store.engine import reading
from store.tables import LEVELS

COLUMNS = ("bucket", "id", "kept", "done", "open")


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar for a duration: cases of `metric` in a stage, on a channel, of a segment ('' is all), within bin `bin`."""

    id: str
    metric: str
    stage: str
    channel: str
    segment: str
    bin: int


def kept_frame(engine: Engine, journey: str, bars: Sequence[Bar], first: int, last: int, level: str = "week") -> pd.DataFrame:
    """Per bucket and bar: `kept` cases within the bar, `done` cases at all, `open` cases that are not answered yet."""
    if not bars:
        return pd.DataFrame(columns=list(COLUMNS))
    table: Any = LEVELS[level]
    sums = [_sums(table, i, bar) for i, bar in enumerate(bars)]
    query = select(table.bucket, *(column for columns in sums for column in columns))
    query = query.where(table.journey == journey, table.bucket.between(first, last), or_(*(_cell(table, bar) for bar in bars)))
    with reading(engine) as connection:
        rows = connection.execute(query.group_by(table.bucket).order_by(table.bucket)).all()
    found = [(row[0], bar.id, *row[1 + 3 * i : 4 + 3 * i]) for row in rows for i, bar in enumerate(bars)]
    return pd.DataFrame(found, columns=list(COLUMNS)).astype({"kept": float, "done": float, "open": float})


def counts_of(engine: Engine, journey: str, bar: Bar, first: int, last: int, level: str = "day") -> dict[int, float]:
    """Cases per bin (metrics/bins.py) of a bar's stage, channel and segment over the buckets from `first` up to `last`."""
    table: Any = LEVELS[level]
    query = select(table.bin, func.sum(table.n)).where(table.journey == journey, table.bucket.between(first, last))
    with reading(engine) as connection:
        rows = connection.execute(query.where(_cell(table, bar)).group_by(table.bin)).all()
    return {int(bin): float(n) for bin, n in rows if n}


def _sums(table: Any, i: int, bar: Bar) -> list[ColumnElement]:
    parts = {"kept": table.bin.between(0, bar.bin), "done": table.bin >= 0, "open": table.bin == OPEN}
    return [
        func.sum(case((and_(_cell(table, bar), which), table.n), else_=0)).label(f"{name}{i}") for name, which in parts.items()
    ]


def _cell(table: Any, bar: Bar) -> ColumnElement[bool]:
    wanted = [table.metric == bar.metric, table.stage == bar.stage, table.segment == bar.segment]
    return and_(*wanted, *([table.channel == bar.channel] if bar.channel else []))
