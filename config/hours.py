"""Opening hours in words: "mon-fri 08:00-22:00, sat 09:00-17:00, holidays"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from config.errors import ConfigError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RULE = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))? (?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening and closing per weekday (0 Monday), local times; closing at or before opening is on the next day.

    `holidays`: public holidays are days like any other. No days at all means: never closed.
    """

    days: dict[int, tuple[time, time]]
    holidays: bool = False

    def open_minutes(self, day: int, hour: int) -> int:
        """For how many minutes (0-60) of an hour of the week (day 0 is Monday) it is open; holidays are left out of it.

        >>> late = parse_hours("fri 20:00-02:00", "hours")
        >>> late.open_minutes(4, 23), late.open_minutes(5, 1), late.open_minutes(5, 2)
        (60, 60, 0)
        """
        return self.open_between(day, 60 * hour, 60 * hour + 60)

    def open_between(self, day: int, start: int, end: int) -> int:
        """For how many minutes it is open between two minutes (0-1440) of a day (0 is Monday)."""
        if not self.days:
            return end - start
        return sum(max(0, min(end, closes) - max(start, opens)) for opens, closes in self._spans(day))

    def _spans(self, day: int) -> list[tuple[int, int]]:
        """The minutes of `day` in which it is open: its own hours, and what the night before left of them."""
        out = []
        for shift, opened in ((0, day), (-1440, (day - 1) % 7)):
            if opened in self.days:
                opens, closes = (60 * at.hour + at.minute for at in self.days[opened])
                out.append((shift + opens, shift + closes + (1440 if closes <= opens else 0)))
        return out


def parse_hours(text: str, where: str) -> Hours:
    """Hours from text such as "mon-fri 08:00-22:00, sat 09:00-17:00, holidays"; empty means never closed.

    A day that is not named is closed; "holidays" says that public holidays are working days too. Raises ConfigError, in which
    `where` names the setting.

    >>> sorted(parse_hours("mon-tue 08:00-22:00", "hours").days)
    [0, 1]
    """
    days: dict[int, tuple[time, time]] = {}
    parts = [part.strip().lower() for part in text.split(",") if part.strip()]
    for part in parts:
        if part == "holidays":
            continue
        found = RULE.fullmatch(part)
        if not found or not {found["first"], found["last"] or found["first"]} <= set(DAYS):
            raise ConfigError(where, part, "days and hours such as mon-fri 08:00-22:00", "Separate rules by commas.")
        first, last = DAYS.index(found["first"]), DAYS.index(found["last"] or found["first"])
        span = (_clock(found["opens"], where), _clock(found["closes"], where))
        days.update({day % 7: span for day in range(first, (last if last >= first else last + 7) + 1)})
    return Hours(days, holidays="holidays" in parts)


def _clock(text: str, where: str) -> time:
    try:
        return time(0, 0) if text == "24:00" else time.fromisoformat(text)
    except ValueError:
        raise ConfigError(where, text, "a time from 00:00 to 24:00", "Correct it.") from None
