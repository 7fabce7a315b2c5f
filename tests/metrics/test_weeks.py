"""ISO weeks: their arithmetic over year ends, and their beginnings on the nights when the clock changes."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.weeks import day_from, day_key, days_of, monday, shifted, span, start_ms, week_of, year_before

ZONE = ZoneInfo("Europe/Amsterdam")
HOUR = 3_600_000


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-600, 600))
def test_shifting_there_and_back_is_nothing(day, weeks):
    week = week_of(day)
    assert shifted(shifted(week, weeks), -weeks) == week
    assert monday(shifted(week, weeks)) - monday(week) == timedelta(weeks=weeks)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_day_lies_in_its_week_and_its_key_gives_it_back(day):
    assert day_key(day) in days_of(week_of(day)) and day_from(day_key(day)) == day


def test_a_span_runs_over_the_year_end():
    assert span(202702, 4) == [202652, 202653, 202701, 202702]


@pytest.mark.parametrize("week, hours", [(202613, 167), (202643, 169), (202640, 168)])
def test_a_week_has_as_many_hours_as_the_clock_gives_it(week, hours):
    assert start_ms(shifted(week, 1), ZONE) - start_ms(week, ZONE) == hours * HOUR


@pytest.mark.parametrize("week, before", [(202647, 202547), (202653, 202552), (202701, 202601), (202101, 202001)])
def test_the_same_week_a_year_before(week, before):
    assert year_before(week) == before


def test_a_week_that_a_year_does_not_have_is_an_error():
    with pytest.raises(ValueError):
        monday(202753)
