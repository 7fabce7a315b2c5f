"""Numbers, intervals, durations and dates in words, the same on every screen and in every report."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

from config.language import Texts

HALF = "\u00bd"
MINUTE, HOUR, DAY = 60, 3600, 86_400
UNITS = ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second"))
AT_LEAST_DAYS = 3  # "24 uur" and "48 uur" are how people say it; three days are days


def half(t: Texts, mark: float) -> str:
    """A mark rounded to a half, as a Dutch school report writes it.

    >>> half(Texts("nl", {}), 7.4), half(Texts("nl", {}), 6.1)
    ('7½', '6')
    """
    twice = math.floor(2 * mark + 0.5)
    return f"{t.whole(twice // 2)}{HALF if twice % 2 else ''}"


def mark_text(t: Texts, mark: float, status: str) -> str:
    """A mark as its evidence allows: one decimal when solid, a half when indicative, '' with too little evidence.

    >>> mark_text(Texts("nl", {}), 7.26, "solid"), mark_text(Texts("nl", {}), 7.26, "too_few")
    ('7,3', '')
    """
    if not math.isfinite(mark) or status == "too_few":
        return ""
    return t.number(mark) if status == "solid" else half(t, mark)


def span(t: Texts, low: float, high: float, decimals: int = 1) -> str:
    """An interval without brackets.

    >>> span(Texts("nl", {}), 7.0, 7.24)
    '7,0–7,2'
    """
    return f"{t.number(low, decimals)}–{t.number(high, decimals)}"


def signed_span(t: Texts, low: float, high: float, decimals: int = 1) -> str:
    """An interval of a difference, in brackets, each end with its sign.

    >>> signed_span(Texts("nl", {}), -0.92, 0.14), signed_span(Texts("en", {}), -0.92, 0.14)
    ('[−0,9; +0,1]', '[−0.9, +0.1]')
    """
    between = "; " if t.code == "nl" else ", "
    return f"[{t.signed(low, decimals)}{between}{t.signed(high, decimals)}]"


def percent_span(t: Texts, low: float, high: float) -> str:
    """The interval of a share, in brackets and per cent.

    >>> percent_span(Texts("nl", {}), 0.676, 0.742)
    '[68–74]'
    """
    return f"[{t.whole(100 * low)}–{t.whole(100 * high)}]"


def share_span(t: Texts, value: float, low: float, high: float) -> str:
    """A share with its interval.

    >>> share_span(Texts("nl", {}), 0.71, 0.676, 0.742)
    '71% [68–74]'
    """
    return f"{t.percent(value)} {percent_span(t, low, high)}"


def duration(t: Texts, seconds: float) -> str:
    """A duration in the unit that people promise it in (`4 uur`, `20 minuten`, `5 dagen`).

    >>> words = {"unit.hour": "uur", "unit.hours": "uur", "unit.day": "dag", "unit.days": "dagen"}
    >>> duration(Texts("nl", words), 14400), duration(Texts("nl", words), 86400), duration(Texts("nl", words), 432000)
    ('4 uur', '24 uur', '5 dagen')
    """
    size, unit = next(
        (size, unit) for size, unit in UNITS if seconds >= size * (AT_LEAST_DAYS if unit == "day" else 1) or size == 1
    )
    count = seconds / size
    decimals = 0 if abs(count - round(count)) < 0.05 else 1
    return f"{t.number(count, decimals)} {t(f'unit.{unit}' if decimals == 0 and round(count) == 1 else f'unit.{unit}s')}"


def days_of_week(t: Texts, first: date) -> str:
    """The span of a week in words: `16 tot en met 22 november 2026`.

    >>> months = {"month.11": "november", "month.12": "december", "until": "tot en met"}
    >>> days_of_week(Texts("nl", months), date(2026, 11, 30))
    '30 november tot en met 6 december 2026'
    """
    last = first + timedelta(days=6)
    start = f"{first.day}" if first.month == last.month else f"{first.day} {t(f'month.{first.month}')}"
    return f"{start} {t('until')} {last.day} {t(f'month.{last.month}')} {last.year}"


def clock(t: Texts, moment: datetime) -> str:
    """The time of day as each language writes it.

    >>> clock(Texts("nl", {}), datetime(2026, 1, 1, 9, 5)), clock(Texts("en", {}), datetime(2026, 1, 1, 9, 5))
    ('09.05 uur', '09:05')
    """
    return f"{moment:%H.%M} uur" if t.code == "nl" else f"{moment:%H:%M}"


def ago(t: Texts, seconds: float) -> str:
    """How long ago, in one unit rounded down: `3 minuten geleden`, or `zojuist` under a minute."""
    if seconds < MINUTE:
        return t("just_now")
    size, unit = next((size, unit) for size, unit in UNITS if seconds >= size)
    count = int(seconds // size)
    return t("ago", time=f"{t.whole(count)} {t(f'unit.{unit}' if count == 1 else f'unit.{unit}s')}")


def listed(t: Texts, words: list[str]) -> str:
    """Words as a list in a sentence.

    >>> listed(Texts("nl", {"and": "en"}), ["a", "b", "c"])
    'a, b en c'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {t('and')} {words[-1]}" if words else ""
