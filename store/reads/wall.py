"""What a wall frame is made of, and nothing else: sums, counts, sources and quotes that were masked strictly before.

No contact, author or agent is read here, so that a frame cannot hold one. Everything is of one moment (one transaction).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, func, select

from store.engine import reading
from store.reads.alarms import Alarm, open_alarms
from store.tables import Pulse, Result, RollupDay, RollupHour, RollupMinute, RollupTheme, SourceState

SUMS = ("n", "w", "w2", "m1", "m2", "v")
UNITS = {"n": 1.0, "w": 1e3, "w2": 1e6, "m1": 1e3, "m2": 1e6, "v": 1e3}
TODAY, DAY, WEEK = "today", "24h", "7d"
OPEN = -1
QUOTES = "wall_quotes"
HOUR_MS, MINUTE_MS = 3_600_000, 60_000
GOOD_DAYS = 31
LAST_28, MONTH = "28d", "month"
Columns = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Source:
    """A source's freshness. Times in UTC epoch milliseconds, 0 for never; `cadence_s` how often it should be heard."""

    name: str
    channel: str
    status: str
    live: bool
    heartbeat_at: int
    last_event_at: int
    cadence_s: float


@dataclass(frozen=True, slots=True)
class Fresh:
    """What changes with every commit: sums per window, duration bins, open questions, sources and alerts.

    `windows`: columns bucket (today, 24h, 7d), stage, channel, segment, metric and the sums in real units. `bins`: bucket, stage,
    channel, metric, bin, n. `open`: questions not answered yet by the minute they came in: minute, stage, channel, metric, n.
    `minutes`: bins of the last hour.
    """

    windows: Columns
    bins: Columns
    open: Columns
    minutes: Columns
    sources: list[Source]
    alerts: list[Alarm]
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Slow:
    """What changes by the hour: hours and days per stage (31 days), themes now and before, quotes. Columns as in `Fresh`.

    `range_bins`: duration bins of the last 28 local days and of this calendar month (bucket 28d, month).
    """

    hours: Columns
    days: Columns
    hour_bins: Columns
    themes: Columns
    themes_before: Columns
    range_bins: Columns = field(default_factory=dict)
    quotes: dict[str, Any] = field(default_factory=dict)


def pulse_version(engine: Engine) -> int:
    """The store's version: it rises with every commit that changes what a screen may show; 0 in a new store."""
    with engine.connect() as connection:
        return connection.scalar(select(Pulse.version).where(Pulse.id == 1)) or 0


def newest_contact_at(engine: Engine, journey: str) -> int:
    """The start of the newest hour that holds a contact, in UTC epoch milliseconds; 0 in an empty store."""
    with reading(engine) as connection:
        newest = connection.scalar(select(func.max(RollupHour.bucket)).where(RollupHour.journey == journey, RollupHour.n > 0))
    return (newest or 0) * HOUR_MS


def read_fresh(
    engine: Engine, journey: str, now_ms: int, zone: ZoneInfo, durations: Sequence[str], closed_at: int | None = None
) -> Fresh:
    """What a frame needs anew; `durations` are the metrics whose bins a promise looks at.

    With `closed_at` the figures are as of that hour, and `asked` counts the contacts since.
    """
    at = now_ms if closed_at is None else closed_at - 1
    day, hour, minute = day_of(at, zone), at // HOUR_MS, now_ms // MINUTE_MS
    week_ago = day_of(at - 6 * 24 * HOUR_MS, zone)
    midnight = midnight_ms(at, zone) // HOUR_MS
    today = (RollupDay, TODAY, day, day) if closed_at is None else (RollupHour, TODAY, midnight, hour)
    with reading(engine) as connection:
        spans = (today, (RollupHour, DAY, hour - 23, hour), (RollupDay, WEEK, week_ago, day))
        return Fresh(
            windows=_together(_sums(connection, table, journey, first, last, name) for table, name, first, last in spans),
            bins=_together(_bins(connection, table, journey, first, last, name, durations) for table, name, first, last in spans),
            open=_open(connection, journey, at // MINUTE_MS - 1440, minute, durations),
            minutes=_bins(connection, RollupMinute, journey, minute - 59, minute, "hour", durations),
            sources=[Source(*row) for row in connection.execute(_SOURCES)],
            alerts=open_alarms(connection, journey),
            asked=0 if closed_at is None else _asked(connection, journey, closed_at // MINUTE_MS, minute),
        )


def read_slow(engine: Engine, journey: str, now_ms: int, zone: ZoneInfo, durations: Sequence[str]) -> Slow:
    """What a frame may keep for a minute."""
    hour = now_ms // HOUR_MS
    first_day, day = day_of(now_ms - GOOD_DAYS * 24 * HOUR_MS, zone), day_of(now_ms, zone)
    with reading(engine) as connection:
        return Slow(
            hours=_sums(connection, RollupHour, journey, hour - 23, hour),
            days=_sums(connection, RollupDay, journey, first_day, day),
            hour_bins=_bins(connection, RollupHour, journey, hour - 23, hour, None, durations),
            themes=_themes(connection, journey, hour - 23, hour),
            themes_before=_themes(connection, journey, hour - 23 - 7 * 24, hour - 24),
            range_bins=_together(
                _bins(connection, RollupDay, journey, first, day, name, durations) for name, first in range_days(day).items()
            ),
            quotes=_quotes(connection),
        )


def range_days(day: int) -> dict[str, int]:
    """The first day of each longer range that ends with this day (buckets such as 20261125).

    >>> range_days(20261125)
    {'28d': 20261029, 'month': 20261101}
    """
    return {LAST_28: days_before(day, 27), MONTH: day // 100 * 100 + 1}


def day_of(at_ms: int, zone: ZoneInfo) -> int:
    """The local day as a bucket, such as 20261125."""
    local = datetime.fromtimestamp(at_ms / 1000, zone)
    return local.year * 10000 + local.month * 100 + local.day


def midnight_ms(at_ms: int, zone: ZoneInfo) -> int:
    """The last local midnight, in UTC epoch milliseconds."""
    local = datetime.fromtimestamp(at_ms / 1000, zone)
    return int(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)


def days_before(day: int, count: int) -> int:
    """The bucket of the local day `count` days before this bucket.

    >>> days_before(20261101, 1)
    20261031
    """
    earlier = datetime.strptime(str(day), "%Y%m%d") - timedelta(days=count)
    return int(earlier.strftime("%Y%m%d"))


_SOURCES = select(
    SourceState.source,
    SourceState.channel,
    SourceState.status,
    SourceState.live,
    SourceState.heartbeat_at,
    SourceState.last_event_at,
    SourceState.cadence_s,
).order_by(SourceState.source)


def _sums(connection: Connection, table: Any, journey: str, first: int, last: int, name: str | None = None) -> Columns:
    key = [table.stage, table.channel, table.metric] if name else [table.bucket, table.stage, table.channel, table.metric]
    query = select(*key, *(func.sum(getattr(table, column)) for column in SUMS))
    query = query.where(table.bucket.between(first, last), table.journey == journey, table.segment == "").group_by(*key)
    rows = connection.execute(query).all()
    shift = 0 if name else 1
    columns: Columns = {
        "bucket": [name] * len(rows) if name else [row[0] for row in rows],
        "stage": [row[shift] for row in rows],
        "channel": [row[shift + 1] for row in rows],
        "segment": [""] * len(rows),
        "metric": [row[shift + 2] for row in rows],
    }
    for i, column in enumerate(SUMS):
        columns[column] = [float(row[shift + 3 + i]) / UNITS[column] for row in rows]
    return columns


def _bins(
    connection: Connection, table: Any, journey: str, first: int, last: int, name: str | None, metrics: Sequence[str]
) -> Columns:
    key = [table.bucket] if name is None else []
    key = [*key, table.stage, table.channel, table.metric, table.bin]
    query = select(*key, func.sum(table.n)).group_by(*key)
    query = query.where(
        table.bucket.between(first, last), table.journey == journey, table.segment == "", table.metric.in_(metrics)
    )
    rows = connection.execute(query).all() if metrics else []
    found = [tuple(row) if name is None else (name, *row) for row in rows]
    return _columns(("bucket", "stage", "channel", "metric", "bin", "n"), found)


def _open(connection: Connection, journey: str, first: int, last: int, metrics: Sequence[str]) -> Columns:
    table = RollupMinute
    query = select(table.bucket, table.stage, table.channel, table.metric, table.n).where(table.bucket.between(first, last))
    query = query.where(table.journey == journey, table.segment == "", table.metric.in_(metrics), table.bin == OPEN)
    rows = connection.execute(query).all() if metrics else []
    return _columns(("minute", "stage", "channel", "metric", "n"), rows)


def _asked(connection: Connection, journey: str, first: int, last: int) -> int:
    table = RollupMinute
    query = select(func.sum(table.n)).where(table.bucket.between(first, last), table.journey == journey, table.segment == "")
    return int(connection.scalar(query.where(table.metric == "contacts")) or 0)


def _themes(connection: Connection, journey: str, first: int, last: int) -> Columns:
    table = RollupTheme
    query = select(table.theme, func.sum(table.n)).where(table.level == "hour", table.journey == journey)
    rows = connection.execute(query.where(table.bucket.between(first, last)).group_by(table.theme)).all()
    return _columns(("theme", "n"), rows)


def _quotes(connection: Connection) -> dict[str, Any]:
    query = select(Result.as_of, Result.data).where(Result.name == QUOTES).order_by(Result.as_of.desc()).limit(1)
    row = connection.execute(query).first()
    return {**json.loads(row.data), "chosen_at": row.as_of} if row else {}


def _columns(names: Sequence[str], rows: Sequence[Any]) -> Columns:
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def _together(parts: Iterable[Columns]) -> Columns:
    out: Columns = {}
    for part in parts:
        for name, values in part.items():
            out.setdefault(name, []).extend(values)
    return out
