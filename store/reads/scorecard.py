"""Rollups as frames: what a scorecard is made of. A read costs what its rows cost, however many contacts are behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, func, select

from store.engine import reading
from store.tables import LEVELS, RollupDay, RollupTheme, RollupWeek

KEY = ("bucket", "stage", "channel", "segment", "metric")
SUMS = ("n", "w", "w2", "m1", "m2", "v")
UNITS = {"n": 1.0, "w": 1e3, "w2": 1e6, "m1": 1e3, "m2": 1e6, "v": 1e3}


def week_frame(
    engine: Engine, journey: str, first_week: int, last_week: int, segment: str | None = "", bins: bool = False
) -> pd.DataFrame:
    """Sums per ISO week (such as 202648), both ends included: bucket, stage, channel, segment, metric[, bin], then the sums.

    n are cases, w and w2 sums of weights and of their squares, m1 and m2 of weight x mark and weight x mark squared, v of
    weight x value in the metric's unit. `segment` '' is all customers, None every segment beside all customers.
    """
    return _frame(engine, RollupWeek, journey, first_week, last_week, segment, bins)


def day_frame(
    engine: Engine, journey: str, first_day: int, last_day: int, segment: str | None = "", bins: bool = False
) -> pd.DataFrame:
    """The sums of `week_frame` per local day (such as 20261125)."""
    return _frame(engine, RollupDay, journey, first_day, last_day, segment, bins)


def level_frame(
    engine: Engine, level: str, journey: str, first: int, last: int, segment: str | None = "", bins: bool = False, **only: str
) -> pd.DataFrame:
    """The sums of `week_frame` at level minute, hour (both counted from 1970 UTC), day or week.

    `only` names the stage, channel or metric that is asked for; the others are then not read.
    """
    return _frame(engine, LEVELS[level], journey, first, last, segment, bins, **only)


def bins_frame(engine: Engine, journey: str, metric: str, first: int, last: int, level: str = "day") -> pd.DataFrame:
    """How many cases of a duration fell in each bin (metrics/bins.py; -1 is not answered yet): bucket, stage, channel, bin, n."""
    table = LEVELS[level]
    query = select(table.bucket, table.stage, table.channel, table.bin, func.sum(table.n).label("n"))
    query = query.where(table.journey == journey, table.metric == metric, table.segment == "")
    query = query.where(table.bucket.between(first, last)).group_by(table.bucket, table.stage, table.channel, table.bin)
    with reading(engine) as connection:
        return framed(connection.execute(query).all(), ["bucket", "stage", "channel", "bin", "n"])


def theme_frame(engine: Engine, journey: str, first: int, last: int, level: str = "week") -> pd.DataFrame:
    """Contacts per theme: bucket, stage, channel, theme, n contacts, nm of them with a mark, m1 the sum of those marks."""
    table = RollupTheme
    names = ("bucket", "stage", "channel", "theme", "n", "nm", "m1")
    query = select(*(getattr(table, name) for name in names)).where(table.journey == journey, table.level == level)
    with reading(engine) as connection:
        frame = framed(connection.execute(query.where(table.bucket.between(first, last))).all(), list(names))
    frame["m1"] = frame["m1"].astype(float) / UNITS["m1"]
    return frame


def newest_week(engine: Engine, journey: str) -> int | None:
    """The newest ISO week (such as 202648) that holds anything; None in an empty store."""
    with reading(engine) as connection:
        return _newest(connection, RollupWeek, journey)


def newest_day(engine: Engine, journey: str) -> int | None:
    """The newest local day (such as 20261125) that holds anything; None in an empty store."""
    with reading(engine) as connection:
        return _newest(connection, RollupDay, journey)


def oldest_week(engine: Engine, journey: str) -> int | None:
    """The oldest ISO week that holds anything; None in an empty store."""
    with reading(engine) as connection:
        return connection.scalar(select(func.min(RollupWeek.bucket)).where(RollupWeek.journey == journey))


def segments(engine: Engine, journey: str, first_week: int, last_week: int) -> list[str]:
    """The customer segments that had anything in those weeks, sorted; all customers ('') left out."""
    query = select(RollupWeek.segment).where(RollupWeek.journey == journey, RollupWeek.segment != "").distinct()
    with reading(engine) as connection:
        return sorted(connection.scalars(query.where(RollupWeek.bucket.between(first_week, last_week))))


def framed(rows: Sequence[Any], names: list[str]) -> pd.DataFrame:
    """A frame of rows, column by column: pandas takes ten times as long over SQLAlchemy's rows."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pd.DataFrame({name: list(column) for name, column in zip(names, columns, strict=True)}, columns=names)


def _newest(connection: Connection, table: type, journey: str) -> int | None:
    return connection.scalar(select(func.max(table.bucket)).where(table.journey == journey, table.n > 0))


def _frame(
    engine: Engine, table: type, journey: str, first: int, last: int, segment: str | None, bins: bool, **only: str
) -> pd.DataFrame:
    key = [*KEY, "bin"] if bins else list(KEY)
    columns = [getattr(table, name) for name in key]
    query = select(*columns, *(func.sum(getattr(table, name)).label(name) for name in SUMS))
    query = query.where(table.journey == journey, table.bucket.between(first, last)).group_by(*columns)
    for name, value in (only | ({} if segment is None else {"segment": segment})).items():
        query = query.where(getattr(table, name) == value)
    with reading(engine) as connection:
        frame = framed(connection.execute(query).all(), [*key, *SUMS])
    for name, unit in UNITS.items():
        frame[name] = frame[name].astype(float) / unit
    return frame
