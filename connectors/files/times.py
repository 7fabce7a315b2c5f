"""Moments as files write them, made into UTC; times without an offset are local, and the hour that comes twice is told apart.

When the clock goes back, 02:30 comes twice. In a file whose rows run forward (or backward) in time the order shows which of
the two a row means; in any other file the first is taken, and `doubtful` counts how often.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.files.words import meanings

CLOCK = r"(?:[T,\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([ap])?\.?m?\.?)?"
OFFSET = r"\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){CLOCK}{OFFSET}", re.IGNORECASE)
YEAR_LAST = re.compile(rf"(\d{{1,2}})[-/.\s](\d{{1,2}})[-/.\s](\d{{4}}){CLOCK}{OFFSET}", re.IGNORECASE)
MONTH_WORD = re.compile(rf"(?:[a-z]+,?\s+)?(\d{{1,2}})\.?[-\s]+([a-z]+)\.?,?[-\s]+(\d{{4}}){CLOCK}{OFFSET}", re.IGNORECASE)
MONTH_FIRST = re.compile(rf"(?:[a-z]+,?\s+)?([a-z]+)\.?\s+(\d{{1,2}}),?\s+(\d{{4}}){CLOCK}{OFFSET}", re.IGNORECASE)
YEAR_AT_END = re.compile(r"[a-z]{3}\s+([a-z]{3})\s+(\d{1,2})\s+(\d{1,2}:\d{2}:\d{2})\s+([+-]\d{4})\s+(\d{4})", re.IGNORECASE)
SPACED_OFFSET = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$)")
EPOCH = re.compile(r"\d{9,19}(?:\.\d+)?")
SECONDS_BELOW = 1e11
EXPECTED = "a date and time such as 2026-11-25 09:30:00, with or without an offset"


class Times:
    """Reads the moments of one file, in its order. `order` is `day` or `month` first where both could be meant."""

    def __init__(self, zone: ZoneInfo, order: str = "day") -> None:
        self.zone, self.order, self.doubtful = zone, order, 0
        self._last: datetime | None = None
        self._forward = self._backward = self._twice = self._turned = False

    def read(self, value: Any) -> datetime:
        """The moment in UTC of a text, a number (epoch seconds to nanoseconds), a date or a datetime; ValueError otherwise."""
        text = str(value).strip()
        if not isinstance(value, date) and EPOCH.fullmatch(text):
            return _epoch(float(text), text)
        try:
            return self._placed(self._moment(value, text))
        except OverflowError:
            raise ValueError(f"time: found {text[:40]!r}, expected {EXPECTED}") from None

    def _moment(self, value: Any, text: str) -> datetime:
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day)
        return self._parsed(text)

    def _parsed(self, text: str) -> datetime:
        try:
            return datetime.fromisoformat(SPACED_OFFSET.sub("", text))
        except ValueError:
            pass
        try:
            found = self._written(text)
        except (ValueError, OverflowError):
            raise ValueError(f"time: found {text[:40]!r}, expected {EXPECTED}") from None
        return found

    def _written(self, text: str) -> datetime:
        if match := YEAR_FIRST.fullmatch(text):
            return _made(match[1], match[2], match[3], match.groups()[3:])
        if match := YEAR_LAST.fullmatch(text):
            first, second = int(match[1]), int(match[2])
            month_first = second > 12 or (first <= 12 and self.order == "month")
            day, month = (second, first) if month_first else (first, second)
            return _made(match[3], month, day, match.groups()[3:])
        if match := MONTH_WORD.fullmatch(text):
            return _made(match[3], _month(match[2]), match[1], match.groups()[3:])
        if match := MONTH_FIRST.fullmatch(text):
            return _made(match[3], _month(match[1]), match[2], match.groups()[3:])
        if match := YEAR_AT_END.fullmatch(text):
            month, day, clock, offset, year = match.groups()
            return datetime.fromisoformat(f"{year}-{_month(month):02}-{int(day):02}T{clock}{offset}")
        return parsedate_to_datetime(text)

    def _placed(self, found: datetime) -> datetime:
        return found.astimezone(UTC) if found.tzinfo else self._local(found)

    def _local(self, naive: datetime) -> datetime:
        """A local time as UTC: `fold` chosen by the file's order in the hour that comes twice."""
        first, second = naive.replace(tzinfo=self.zone), naive.replace(tzinfo=self.zone, fold=1)
        twice = (first.utcoffset() or timedelta()) > (second.utcoffset() or timedelta())
        last, self._last = self._last, naive
        was_twice, self._twice = self._twice, twice
        if last is not None and not (twice and was_twice):
            self._forward, self._backward = self._forward or naive > last, self._backward or naive < last
        if twice:
            return self._one_of(naive, last if was_twice else None).astimezone(UTC)
        return first.astimezone(UTC)

    def _one_of(self, naive: datetime, last: datetime | None) -> datetime:
        """The first or the second of two equal local times; `last` is the one before it within that hour."""
        if self._forward == self._backward:
            self.doubtful += 1
            return naive.replace(tzinfo=self.zone)
        turned = last is not None and (naive < last if self._forward else naive > last)
        self._turned = turned or (self._turned and last is not None)
        return naive.replace(tzinfo=self.zone, fold=int(self._turned == self._forward))


def day_or_month_first(samples: list[str]) -> str:
    """Which comes first in dates such as 03-04-2026: `day`, `month`, or '' when the samples leave it open.

    >>> day_or_month_first(["03/04/2026", "12/25/2026"]), day_or_month_first(["03/04/2026"])
    ('month', '')
    """
    found = [match for match in (YEAR_LAST.fullmatch(text.strip()) for text in samples) if match]
    if any(int(match[1]) > 12 for match in found):
        return "day"
    if any(int(match[2]) > 12 for match in found):
        return "month"
    return "" if found else "day"


def _made(year: Any, month: Any, day: Any, clock: tuple[str | None, ...]) -> datetime:
    hour, minute, second, fraction, half, offset = clock
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    return datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0), micros, tzinfo=_offset(offset))


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _month(word: str) -> int:
    return int(meanings("months").get(word.lower(), 0))


def _epoch(stamp: float, text: str) -> datetime:
    while stamp >= SECONDS_BELOW:
        stamp /= 1_000
    try:
        return datetime.fromtimestamp(stamp, UTC)
    except (OverflowError, ValueError, OSError):
        raise ValueError(f"time: found {text[:40]!r}, expected {EXPECTED}") from None
