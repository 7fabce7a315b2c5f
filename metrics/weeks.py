"""ISO weeks as whole numbers (202648), and the arithmetic that screens need on them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo


def week_of(day: date) -> int:
    """The ISO week of a local day.

    >>> week_of(date(2027, 1, 3)), week_of(date(2026, 11, 25))
    (202653, 202648)
    """
    year, week, _ = day.isocalendar()
    return year * 100 + week


def monday(week: int) -> date:
    """The first day of an ISO week; ValueError when that year has no such week.

    >>> monday(202648)
    datetime.date(2026, 11, 23)
    """
    return date.fromisocalendar(week // 100, week % 100, 1)


def shifted(week: int, weeks: int) -> int:
    """The week so many weeks later (earlier when negative).

    >>> shifted(202701, -1), shifted(202648, 6)
    (202653, 202701)
    """
    return week_of(monday(week) + timedelta(weeks=weeks))


def span(last: int, count: int) -> list[int]:
    """The `count` weeks that end with `last`, oldest first.

    >>> span(202702, 3)
    [202653, 202701, 202702]
    """
    return [shifted(last, back) for back in range(1 - count, 1)]


def year_before(week: int) -> int:
    """The same week number of the year before; week 53 becomes 52 where that year has none.

    >>> year_before(202648), year_before(202653)
    (202548, 202552)
    """
    try:
        return week_of(date.fromisocalendar(week // 100 - 1, week % 100, 1))
    except ValueError:
        return (week // 100 - 1) * 100 + 52


def start_ms(week: int, zone: tzinfo) -> int:
    """The UTC epoch milliseconds at which the week begins in `zone`, right in weeks of 167 and 169 hours."""
    first = monday(week)
    return round(datetime(first.year, first.month, first.day, tzinfo=zone).timestamp() * 1000)


def day_key(day: date) -> int:
    """A day as rollups key it.

    >>> day_key(date(2026, 11, 5))
    20261105
    """
    return day.year * 10_000 + day.month * 100 + day.day


def day_from(key: int) -> date:
    """The day of a rollup's key.

    >>> day_from(20261105)
    datetime.date(2026, 11, 5)
    """
    return date(key // 10_000, key // 100 % 100, key % 100)


def days_of(week: int, count: int = 7) -> list[int]:
    """The keys of the first `count` days of a week.

    >>> days_of(202653, 5)
    [20261228, 20261229, 20261230, 20261231, 20270101]
    """
    return [day_key(monday(week) + timedelta(days=i)) for i in range(count)]
