"""Public holidays of the Netherlands."""

from __future__ import annotations

from datetime import date

import pytest

from metrics.holidays import public_holidays, without_holidays


def test_there_are_ten_in_2026() -> None:
    assert len(public_holidays(2026)) == 10


@pytest.mark.parametrize(
    "day", [date(2026, 1, 1), date(2026, 4, 6), date(2026, 4, 27), date(2026, 5, 25), date(2026, 12, 25), date(2026, 12, 26)]
)
def test_these_are_among_them(day: date) -> None:
    assert day in public_holidays(day.year)


def test_they_are_left_out_in_order() -> None:
    days = [date(2026, 12, d) for d in (24, 25, 26, 27)]
    assert without_holidays(days) == [days[0], days[3]]


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        public_holidays(2026, "XX")
