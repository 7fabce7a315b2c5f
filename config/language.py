"""Every text on screen, in Dutch and English, by key; numbers and dates as each language writes them."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from config.errors import ConfigError

FOLDER = Path(__file__).with_name("languages")
CODES = ("nl", "en")
MINUS = "\u2212"


class Texts:
    """The texts of one language: `t("week.title", week=47)`; a missing key is an error, never a blank.

    >>> Texts("nl", {"week.title": "Week {week}"})("week.title", week=47)
    'Week 47'
    """

    def __init__(self, code: str, texts: dict[str, str]) -> None:
        self.code, self.texts = code, texts

    def __call__(self, key: str, /, **values: object) -> str:
        if key not in self.texts:
            raise ConfigError(f"languages/{self.code}.toml", key, "a text with this key", "Add it in both languages.")
        return self.texts[key].format(**values) if values else self.texts[key]

    def has(self, key: str) -> bool:
        """Whether there is a text with this key."""
        return key in self.texts

    def number(self, value: float, decimals: int = 1) -> str:
        """A number with the language's decimal mark and grouping, and a true minus sign.

        >>> Texts("nl", {}).number(-1234.56)
        '−1.234,6'
        """
        text = f"{abs(value):,.{decimals}f}"
        if self.code == "nl":
            text = text.replace(",", " ").replace(".", ",").replace(" ", ".")
        negative = value < 0 and any(digit in text for digit in "123456789")
        return (MINUS if negative else "") + text

    def whole(self, value: float) -> str:
        """A whole number with grouping: 7.872 in Dutch, 7,872 in English."""
        return self.number(round(value), 0)

    def signed(self, value: float, decimals: int = 1) -> str:
        """A difference, always with its sign unless it rounds to nothing.

        >>> Texts("nl", {}).signed(0.44)
        '+0,4'
        """
        text = self.number(value, decimals)
        nothing = not any(digit in text for digit in "123456789")
        return text if nothing or text.startswith(MINUS) else f"+{text}"

    def percent(self, share: float, decimals: int = 0) -> str:
        """A share of 1 as a percentage.

        >>> Texts("nl", {}).percent(0.714)
        '71%'
        """
        return f"{self.number(100 * share, decimals)}%"

    def day(self, when: date | datetime, year: bool = False) -> str:
        """A date in words: `dinsdag 24 november`, `Tuesday 24 November`."""
        name = self("day." + str(when.isoweekday()))
        month = self("month." + str(when.month))
        return f"{name} {when.day} {month}" + (f" {when.year}" if year else "")

    def short_day(self, when: date | datetime) -> str:
        """A date without its weekday, month in three letters: `24 nov`."""
        month = self(f"month.{when.month}")
        short = "mrt" if month == "maart" else month[:3]
        return f"{when.day} {short}"


@lru_cache(maxsize=4)
def texts(code: str) -> Texts:
    """The texts of config/languages/CODE.toml; ConfigError for another language than nl or en."""
    if code not in CODES:
        raise ConfigError("language", code, "nl or en", "Choose one of these.")
    raw = tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf8"))
    return Texts(code, _flat(raw))


def _flat(raw: dict, prefix: str = "") -> dict[str, str]:
    out: dict[str, str] = {}
    for key, value in raw.items():
        out.update(_flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: str(value)})
    return out
