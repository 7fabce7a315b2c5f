"""Opening hours: when the company's service desk is closed, since when, and when it opens again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.hours import parse_hours
from metrics.holidays import public_holidays

SEARCH_DAYS = 14


@dataclass(frozen=True, slots=True)
class Closed:
    """Closed since and until, in UTC epoch milliseconds."""

    closed_at: int
    opens_at: int


@dataclass(frozen=True, slots=True)
class Opening:
    """Opening hours per weekday (0 Monday), local times; no hours at all means: never closed."""

    hours: dict[int, tuple[time, time]]
    holidays: bool = True

    def closed(self, now_ms: int, zone: ZoneInfo) -> Closed | None:
        """Since when it is closed and when it opens again; None while it is open, or when hours were never set."""
        if not self.hours:
            return None
        now = datetime.fromtimestamp(now_ms / 1000, zone)
        spans = self._spans(now.date(), zone)
        if any(opens <= now < closes for opens, closes in spans):
            return None
        before = [closes for _, closes in spans if closes <= now]
        after = [opens for opens, _ in spans if opens > now]
        if not before or not after:
            return None
        return Closed(_ms(max(before)), _ms(min(after)))

    def _spans(self, day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
        days = (day + timedelta(days=shift) for shift in range(-SEARCH_DAYS, SEARCH_DAYS + 1))
        return [self._span(each, zone) for each in days if self._opens(each)]

    def _opens(self, day: date) -> bool:
        return day.weekday() in self.hours and not (self.holidays and day in public_holidays(day.year))

    def _span(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        opens, closes = self.hours[day.weekday()]
        until = datetime.combine(day + timedelta(days=closes <= opens), closes, zone)
        return datetime.combine(day, opens, zone), until


def parse_opening(text: str, where: str = "settings.toml [wall] opening") -> Opening:
    """Opening hours from text such as "mon-fri 08:00-22:00, sat 09:00-17:00, holidays"; empty means never closed.

    A day that is not named is closed; "holidays" says that public holidays are working days too. Raises ConfigError.

    >>> sorted(parse_opening("mon-tue 08:00-22:00").hours)
    [0, 1]
    """
    found = parse_hours(text, where)
    return Opening(found.days, holidays=not found.holidays)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
