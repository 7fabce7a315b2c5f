"""Buckets: the minute, hour (UTC), day and week (local) that a moment falls in, cheap enough to ask for every row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
FIRST_MS, LAST_MS = -62_135_596_800_000, 253_402_300_799_999  # the years 1 to 9999
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Buckets(NamedTuple):
    """Whole minutes and hours since 1970 UTC, the local day (20261125) and the local ISO week (202648)."""

    minute: int
    hour: int
    day: int
    week: int


def buckets(happened_ms: int, zone: str) -> Buckets:
    """The buckets of UTC epoch milliseconds in the company's zone; right on the nights of 23 and 25 hours.

    Raises ValueError for an unknown zone, or a moment outside the years 1 to 9999.

    >>> buckets(1767225599999, "Europe/Amsterdam")
    Buckets(minute=29453759, hour=490895, day=20260101, week=202601)
    """
    return _of_minute(happened_ms // MINUTE_MS, zone)


@lru_cache(maxsize=32_768)
def _of_minute(minute: int, zone: str) -> Buckets:
    if not FIRST_MS <= minute * MINUTE_MS <= LAST_MS:
        raise ValueError(
            f"time: found {minute * MINUTE_MS} ms, expected a moment in the years 1 to 9999. Check the source's unit."
        )
    utc, home = _EPOCH + timedelta(minutes=minute), _zone(zone)
    try:
        local = utc.astimezone(home).date()
    except (OverflowError, ValueError):  # the first and the last hours of time itself have no local date
        local = utc.date()
    return Buckets(minute, minute // 60, day_of(local), week_of(local))


def day_of(local: date) -> int:
    """The day bucket of a local date.

    >>> day_of(date(2026, 11, 25))
    20261125
    """
    return local.year * 10_000 + local.month * 100 + local.day


def week_of(local: date) -> int:
    """The ISO week bucket of a local date; the first days of January may belong to the year before.

    >>> week_of(date(2027, 1, 3)), week_of(date(2026, 11, 25))
    (202653, 202648)
    """
    year, week, _ = local.isocalendar()
    return year * 100 + week


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"zone: found {name!r}, expected a time zone such as 'Europe/Amsterdam'. Correct company.timezone."
        ) from None
