"""What a claim on opening hours says: on which days, between which hours, and whether all of that time or some of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from config.claims import FOLDER
from config.hours import Hours

DAY_MINUTES = 1440
WORKDAYS = (0, 1, 2, 3, 4)
SOME = 60  # minutes: "open in the evening" is not a door that shuts at five past six


@dataclass(frozen=True, slots=True)
class Said:
    """Open on `days` (0 is Monday) between minutes `opens` and `closes` of the day: `whole`, or for an hour at least."""

    days: tuple[int, ...]
    opens: int = 0
    closes: int = DAY_MINUTES
    whole: bool = False

    @property
    def hours(self) -> float:
        """How many hours a week lie within what was said."""
        return len(self.days) * (self.closes - self.opens) / 60

    def met(self, hours: Hours) -> float:
        """How many of those hours somebody is there."""
        return sum(self._open(hours, day) for day in self.days) / 60

    def kept(self, hours: Hours) -> bool:
        """Whether `hours` are what was said: all of it when `whole`, else an hour on each of the days."""
        needed = self.closes - self.opens if self.whole else SOME
        return all(self._open(hours, day) >= needed for day in self.days)

    def _open(self, hours: Hours, day: int) -> int:
        return hours.open_between(day, self.opens, self.closes)


def said_hours(text: str, sentence: str, language: str) -> list[Said]:
    """What the words of a claim (and where they name no day, its sentence) say of opening hours, in nl or en; [] when nothing.

    Hours without any day are taken to be of workdays: the least that they can mean.

    >>> said_hours("bereikbaar van 9 tot 17.30 uur", "Op zaterdag bereikbaar van 9 tot 17.30 uur.", "nl")
    [Said(days=(5,), opens=540, closes=1050, whole=True)]
    """
    rules = _rules(language)
    if re.search(rules["always"], text.lower()):
        return [Said(tuple(range(7)), whole=True)]
    days = _days(sentence.lower(), rules)
    found: list[Said] = []
    for part in text.lower().split(","):
        days = _days(part, rules) or days
        timed = [Said(days or WORKDAYS, *span, whole=True) for span in _spans(part, rules)]
        found += timed or [Said(named) for named in [_days(part, rules)] if named]
        found += [Said(WORKDAYS, rules["evening_from"] * 60)] if re.search(rules["evening"], part) and not timed else []
    return list(dict.fromkeys(found))


@lru_cache(maxsize=2)
def _rules(language: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"claims_{language}.toml").read_text(encoding="utf8"))["said"]


def _days(low: str, rules: dict[str, Any]) -> tuple[int, ...]:
    """The days that are named: by a group of days, a range, or one by one."""
    found: set[int] = set()
    for pattern, days in rules["groups"].items():
        found |= set(days) if re.search(pattern, low) else set()
    name = "|".join(rules["days"])
    for match in re.finditer(rf"\b({name})s?(?:\s?(?:{rules['until_day']})\s?({name}))?", low):
        first, last = (rules["days"].index(one) for one in (match[1], match[2] or match[1]))
        found |= {day % 7 for day in range(first, (last if last >= first else last + 7) + 1)}
    return tuple(sorted(found))


def _spans(low: str, rules: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """The spans of time in minutes of the day; past midnight it ends there."""
    for match in re.finditer(rules["span"], low):
        opens, closes = (_minute(match, end) for end in ("a", "b"))
        if opens < DAY_MINUTES and closes <= DAY_MINUTES:
            yield (opens, closes if closes > opens else DAY_MINUTES)


def _minute(match: re.Match, end: str) -> int:
    hour, half = int(match[end]), match.groupdict().get(f"{end}_half") or ""
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return 60 * hour + int(match[f"{end}_minute"] or 0)
