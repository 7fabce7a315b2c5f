"""Public holidays, on which a Monday is not like a Monday."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache


@lru_cache(maxsize=16)
def public_holidays(year: int, country: str = "NL") -> frozenset[date]:
    """The public holidays of a country in a year (python `holidays`); NotImplementedError for a country it does not know.

    >>> date(2026, 4, 27) in public_holidays(2026), len(public_holidays(2026))
    (True, 10)
    """
    import holidays

    return frozenset(holidays.country_holidays(country, years=year))


def without_holidays(days: Iterable[date], country: str = "NL") -> list[date]:
    """The days that are not a public holiday, in the order given."""
    return [day for day in days if day not in public_holidays(day.year, country)]
