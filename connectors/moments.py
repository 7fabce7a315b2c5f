"""Moments as sources write them, made into one thing: an aware datetime in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

FINAL = 2**62
"""The version of a delete where the source never brings back what it removed: above every edit, in any order of arrival."""


def moment(value: object, zone: tzinfo = UTC) -> datetime:
    """A moment from ISO 8601, RFC 2822 or epoch seconds, milliseconds or microseconds; without offset it is in `zone`.

    Raises ValueError naming the value when it is none of these or lies outside the years 1970 to 2199.

    >>> moment("2026-03-02T09:00:00+01:00") == moment(1772438400) == moment("1772438400000")
    True
    """
    stamp = _number(value)
    try:
        found = datetime.fromtimestamp(_seconds(stamp), UTC) if stamp is not None else _written(str(value), zone)
    except (ValueError, OverflowError, OSError):
        raise ValueError(f"time: found {str(value)[:40]!r}, expected ISO 8601 or epoch seconds") from None
    if not 1970 <= found.year < 2200:
        raise ValueError(f"time: found {str(value)[:40]!r}, expected a year from 1970 to 2199")
    return found


def milliseconds(at: datetime) -> int:
    """Epoch milliseconds of an aware datetime, exact.

    >>> milliseconds(moment("1970-01-01T00:00:01.5Z"))
    1500
    """
    whole = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (whole.days * 86400 + whole.seconds) * 1000 + whole.microseconds // 1000


def _number(value: object) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    text = str(value).strip()
    return float(text) if text.replace(".", "", 1).isdigit() and len(text) >= 9 else None


def _seconds(stamp: float) -> float:
    for scale in (1_000_000, 1_000):
        if stamp >= 1e8 * scale:
            return stamp / scale
    return stamp


def _written(text: str, zone: tzinfo) -> datetime:
    text = text.strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = parsedate_to_datetime(text)
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
