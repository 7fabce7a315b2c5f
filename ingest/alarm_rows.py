"""Alarm rows: rollup rows as the alarm charts take them, with the company's clock, without holidays and hours under alarm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from metrics.holidays import public_holidays
from metrics.weeks import monday
from store.reads.alarms import Alarm

HOUR_MS = 3_600_000
LONGEST_MS = 28 * 24 * HOUR_MS  # what has been so for four weeks may become what is usual
FIRST_MONDAY = date(1970, 1, 5)


def with_clock(frame: Any, zone: ZoneInfo) -> Any:
    """Hourly rows with their local day of the week (0 Monday), hour, and whether that day is a public holiday."""
    local = {hour: datetime.fromtimestamp(hour * 3600, UTC).astimezone(zone) for hour in set(frame["bucket"].tolist())}
    feast = {hour: at.date() in public_holidays(at.year) for hour, at in local.items()}
    return frame.assign(
        day=frame["bucket"].map({hour: at.weekday() for hour, at in local.items()}).astype(int),
        hour=frame["bucket"].map({hour: at.hour for hour, at in local.items()}).astype(int),
        holiday=frame["bucket"].map(feast).astype(bool),
    )


def with_weeks(frame: Any) -> Any:
    """Weekly rows with the bucket as a running number of weeks, and day and hour 0: one step each."""
    number = {week: week_number(week) for week in set(frame["bucket"].tolist())}
    return frame.assign(bucket=frame["bucket"].map(number).astype(int), day=0, hour=0)


def week_number(week: int) -> int:
    """An ISO week (202648) as a running number of weeks.

    >>> week_number(202701) - week_number(202653)
    1
    """
    return (monday(week) - FIRST_MONDAY).days // 7


def monday_of(number: int) -> date:
    """The Monday of a week by its running number.

    >>> monday_of(week_number(202648))
    datetime.date(2026, 11, 23)
    """
    return FIRST_MONDAY + timedelta(weeks=number)


def whole_steps(rows: Any, step: int, now_hour: int, zone: ZoneInfo) -> Any:
    """The rows of steps that are over at `now_hour` (hours since 1970 UTC, itself not over), without holidays."""
    local = datetime.fromtimestamp(now_hour * 3600, UTC).astimezone(zone).hour
    return rows[(rows["bucket"] < now_hour - local % step) & ~rows["holiday"]]


def under_alarm(rows: Any, known: Sequence[Alarm]) -> Any:
    """Which rows lie in a fall of their stage: they are not usual, unless it has been so for four weeks."""
    out = np.zeros(len(rows), bool)
    at = rows["bucket"].to_numpy() * HOUR_MS
    end = int(at.max()) + HOUR_MS if len(at) else 0
    for alarm in known:
        until = alarm.ended_at or end
        if until - alarm.began_at <= LONGEST_MS:
            out |= (rows["stage"] == alarm.stage).to_numpy() & (at >= alarm.began_at) & (at < until)
    return out


def midnight_hour(day: date, zone: ZoneInfo) -> int:
    """The hour (since 1970 UTC) at which a local day begins."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) // 3600


def midnight(day: date, zone: ZoneInfo) -> int:
    """The moment (UTC epoch ms) at which a local day begins."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)
