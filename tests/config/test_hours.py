"""Opening hours in words: every day that is named, over midnight, and nothing that cannot be read."""

from __future__ import annotations

from datetime import time

import pytest

from config.errors import ConfigError
from config.hours import parse_hours
from config.journey import as_dict, load_journey, parse_journey


def test_a_day_that_is_not_named_is_closed_and_no_days_means_never():
    hours = parse_hours("mon-fri 08:00-22:00, sat 09:00-17:00", "hours")
    assert sorted(hours.days) == [0, 1, 2, 3, 4, 5] and hours.days[5] == (time(9), time(17))
    assert [hours.open_minutes(6, hour) for hour in range(24)] == [0] * 24
    assert {parse_hours("", "hours").open_minutes(day, 3) for day in range(7)} == {60}


def test_a_week_may_turn_over_and_a_day_may_end_at_midnight():
    assert sorted(parse_hours("sat-mon 10:00-12:00", "hours").days) == [0, 5, 6]
    until = parse_hours("mon 08:00-24:00", "hours")
    assert (until.open_minutes(0, 23), until.open_minutes(1, 0)) == (60, 0)


def test_hours_over_midnight_count_on_the_morning_after():
    late = parse_hours("sun 22:30-01:15", "hours")
    assert (late.open_minutes(6, 22), late.open_minutes(0, 0), late.open_minutes(0, 1)) == (30, 60, 15)
    assert sum(late.open_minutes(day, hour) for day in range(7) for hour in range(24)) == 165


@pytest.mark.parametrize("text", ["mon 8-22", "maa 08:00-22:00", "mon-fri 08:00-25:00", "open"])
def test_hours_that_cannot_be_read_are_refused_by_name(text):
    with pytest.raises(ConfigError, match="the desk"):
        parse_hours(text, "the desk")


def test_a_journey_keeps_its_hours():
    journey = load_journey("airline")
    assert set(journey.hours) == {"phone", "chat", "competitors"}
    assert parse_journey(as_dict(journey), "airline.toml") == journey
    raw = as_dict(journey)
    del raw["hours"]  # a version that a store kept before there were hours
    assert parse_journey(raw, "airline.toml").hours == {}


@pytest.mark.parametrize("hours", [{"phone": "9 to 5"}, {"phone": ""}, {"phone": 9}, "mon 09:00-17:00"])
def test_a_journey_with_hours_that_cannot_be_read_is_refused_by_name(hours):
    raw = as_dict(load_journey("airline")) | {"hours": hours}
    with pytest.raises(ConfigError, match=r"airline.toml \[hours\]"):
        parse_journey(raw, "airline.toml")
