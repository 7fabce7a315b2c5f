"""The cells of a row as the values that they stand for; every ValueError names what was found and what was expected."""

from __future__ import annotations

import math
import re
from typing import Any

from connectors.files.words import meanings

DURATIONS = ("wait", "first_response", "page_load", "interaction_delay")
SHARES = ("resolved_first", "abandoned", "transferred", "repeat_7d", "on_time", "service_level", "csat_top2")
CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})(?:[.,]\d+)?")
PARTS = re.compile(r"[;|,]")
DUTCH_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{3})*,\d+|-?\d+,\d+")


def plain(value: Any) -> str:
    """The cell as text: whole floats (as spreadsheets keep numbers) without their `.0`, nothing as ''.

    >>> plain(4711.0), plain(None), plain("  =1+1 ")
    ('4711', '', '=1+1')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def is_empty(value: Any) -> bool:
    """Whether the cell stands for nothing: blank, a dash, n/a, n.v.t."""
    return value is None or _answer(value) == "none"


def is_open(value: Any) -> bool:
    """Whether the cell says that nobody answered yet."""
    return value is not None and _answer(value) == "open"


def truth(value: Any) -> bool:
    """Yes or no, in both languages; nothing is no. ValueError for anything else."""
    answer = "none" if value is None else _answer(value)
    if answer not in ("yes", "no", "none"):
        raise ValueError(f"found {plain(value)[:40]!r}, expected yes or no")
    return answer == "yes"


def number(metric: str, value: Any) -> float | None:
    """The cell as a value of `metric`, None when empty: decimal point or comma, durations also as [h:]mm:ss (to seconds),
    shares also as a percentage or as yes and no. ValueError otherwise.

    >>> number("csat", "4,5"), number("wait", "1:02:03"), number("on_time", "75%"), number("resolved_first", "ja")
    (4.5, 3723.0, 0.75, 1.0)
    """
    if is_empty(value):
        return None
    text = plain(value)
    if metric in DURATIONS and (clock := CLOCK.fullmatch(text)):
        return int(clock[1] or 0) * 3600.0 + int(clock[2]) * 60 + int(clock[3])
    if metric in SHARES and _answer(value) in ("yes", "no"):
        return float(_answer(value) == "yes")
    share = text.endswith("%")
    try:
        found = float(_with_point(text.removesuffix("%").strip())) / (100 if share else 1)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise ValueError(f"{metric}: found {text[:40]!r}, expected a number")
    return found


def whole(value: Any) -> int | None:
    """The cell as a whole number that a version may be (0 up to 2**63), else None."""
    text = plain(value)
    return int(text) if text.isdecimal() and len(text) <= 18 else None


def channel(value: Any, default: str) -> str:
    """The channel that the cell names (twitter is social), `default` when empty; ValueError for an unknown one."""
    if is_empty(value):
        return default
    found = meanings("channels").get(plain(value).lower())
    if found is None:
        known = ", ".join(dict.fromkeys(meanings("channels").values()))
        raise ValueError(f"channel: found {plain(value)[:40]!r}, expected one of {known}")
    return found


def language(value: Any) -> str | None:
    """The language code that the cell names (`en-GB`, `Nederlands`), as two letters where it is known; None when empty."""
    if is_empty(value):
        return None
    text = plain(value).lower()
    return meanings("languages").get(text) or meanings("languages").get(re.split(r"[-_]", text)[0]) or text[:8]


def several(value: Any) -> tuple[str, ...]:
    """The ids in a cell that holds several, parted by `;`, `|` or `,`; spaces within become underscores."""
    found = (re.sub(r"\s+", "_", part.strip().lower()) for part in PARTS.split(plain(value)))
    return tuple(dict.fromkeys(part for part in found if part))


def _answer(value: Any) -> str:
    return meanings("answers").get(plain(value).lower(), "")


def _with_point(text: str) -> str:
    return text.replace(".", "").replace(",", ".") if DUTCH_NUMBER.fullmatch(text) else text
