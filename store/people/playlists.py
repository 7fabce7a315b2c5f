"""A screen's playlist: which slides hang there, in what order, how long, over which range, and on which days and hours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from store.people.errors import Refused

SLIDES = ("journey", "focus", "promises", "voices", "hours")
RANGES = ("now", "28d", "month")
OF_NOW = ("voices", "hours")  # what customers say, and the last 24 hours, have no longer range
DAYS = range(1, 8)
SHORTEST_S, LONGEST_S = 5, 600
LEAST_SHARE, MOST_SHARE = 0.1, 20.0
MOST_ENTRIES = 20
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
KEYS = ("slide", "seconds", "share", "range", "days", "from", "to")
DAY_MINUTES = 1440


def checked(playlist: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The playlist as it is kept: what says nothing (now, every day, 00:00 to 24:00) left out.

    `seconds` 5 to 600; `share` of attention 0.1 to 20; `range` now, 28d (28 local days) or month; `days` 1 (Monday) to 7;
    `from` and `to` local times, past midnight when `to` is earlier. Raises Refused for an empty list, for a value that cannot
    be, and for two entries of the same slide and range that may show at the same moment.
    """
    entries = [_entry(number, given) for number, given in enumerate(playlist, 1)]
    if not 1 <= len(entries) <= MOST_ENTRIES:
        raise _refused("slides", 0, len(entries), f"1 to {MOST_ENTRIES} slides", "Add a slide, or choose the wall's own order.")
    for number, entry in enumerate(entries, 1):
        for earlier in entries[: number - 1]:
            if _name(entry) == _name(earlier) and moments(entry) & moments(earlier):
                raise _refused("twice", number, entry["slide"], "each slide once at a time", "Take one out, or part their hours.")
    return entries


def moments(entry: Mapping[str, Any]) -> set[tuple[int, int]]:
    """The minutes of the week at which an entry may show: (day, minute), Monday is 1.

    >>> len(moments({"slide": "journey", "days": [6], "from": "22:00", "to": "01:00"}))
    180
    """
    first, last = _minute(entry.get("from", "00:00")), _minute(entry.get("to", "24:00"))
    spans = [(first, last)] if first <= last else [(0, last), (first, DAY_MINUTES)]
    return {(day, minute) for day in entry.get("days") or DAYS for low, high in spans for minute in range(low, high)}


def always_shows(playlist: Sequence[Mapping[str, Any]]) -> bool:
    """Whether at every moment of the week one of the entries may show; outside their hours a screen shows the journey."""
    return len(set().union(*(moments(entry) for entry in playlist))) == len(DAYS) * DAY_MINUTES


def _entry(number: int, given: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := sorted(given.keys() - set(KEYS)):
        raise _refused("key", number, unknown[0], ", ".join(KEYS), "Leave it out.")
    slide, range_ = given.get("slide"), given.get("range") or "now"
    if slide not in SLIDES:
        raise _refused("slide", number, slide, ", ".join(SLIDES), "Choose one of them.")
    ranges = RANGES[:1] if slide in OF_NOW else RANGES
    if range_ not in ranges:
        raise _refused("range_now" if range_ in RANGES else "range", number, range_, ", ".join(ranges), "Choose one of them.")
    entry = {
        "slide": slide,
        "seconds": _number(number, "seconds", given.get("seconds"), SHORTEST_S, LONGEST_S),
        "share": _number(number, "share", given.get("share", 1), LEAST_SHARE, MOST_SHARE),
        "range": range_ if range_ != "now" else None,
        "days": _days(number, given.get("days")),
        **_hours(number, given.get("from") or "00:00", given.get("to") or "24:00"),
    }
    return {key: value for key, value in entry.items() if value is not None}


def _number(number: int, key: str, value: Any, low: float, high: float) -> float:
    sound = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
    if not sound:
        raise _refused(key, number, value, f"{low:g} to {high:g}", "Choose a number between them.", low=low, high=high)
    return int(value) if float(value).is_integer() else float(value)


def _days(number: int, value: Any) -> list[int] | None:
    days = list(value) if isinstance(value, list | tuple | set | range) else [] if value is None else [value]
    if wrong := [day for day in days if isinstance(day, bool) or day not in DAYS]:
        raise _refused("days", number, wrong[0], "days from 1 (Monday) to 7", "Choose from the seven days.")
    return sorted({int(day) for day in days}) if 0 < len(set(days)) < len(DAYS) else None


def _hours(number: int, first: Any, last: Any) -> dict[str, Any]:
    for clock in (first, last):
        if not isinstance(clock, str) or not CLOCK.fullmatch(clock):
            raise _refused("clock", number, clock, "a time such as 08:00", "Write hours and minutes with a colon.")
    if _minute(first) % DAY_MINUTES == _minute(last) % DAY_MINUTES and (first, last) != ("00:00", "24:00"):
        raise _refused("span", number, f"{first}-{last}", "two different times", "Leave both out to show the whole day.")
    return {"from": first if first != "00:00" else None, "to": last if last not in ("24:00", "00:00") else None}


def _minute(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def _name(entry: Mapping[str, Any]) -> tuple[str, str]:
    return entry["slide"], entry.get("range", "now")


def _refused(what: str, number: int, found: Any, expected: str, step: str, **limits: Any) -> Refused:
    where = f"playlist, slide {number}" if number else "playlist"
    message = f"{where}: {what} found {found!r}, expected {expected}. {step}"
    return Refused(message, what=f"playlist_{what}", number=number, found=found, **limits)
