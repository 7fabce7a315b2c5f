"""Demand while closed: every contact is counted at its own channel's hours, in local time, and against the competitor's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from config.hours import parse_hours
from config.journey import load_journey
from reports import demand
from reports.demand import grid_of, missed_demand

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)
HOURS = {"phone": "mon-fri 08:00-18:00", "chat": "mon-sun 07:00-23:00", "competitors": "mon-sun 06:00-20:00"}
JOURNEY = replace(load_journey("airline"), hours=HOURS)


@pytest.fixture
def asked(monkeypatch):
    """`asked((channel, local moment, n), ...)`: what the store holds; returns what is missed."""

    def of(*rows, journey=JOURNEY):
        buckets = [(channel, int(at.timestamp() // 3600), n) for channel, at, n in rows]
        frame = pd.DataFrame(buckets, columns=["channel", "bucket", "n"])

        def level_frame(engine, level, id, first, last, *, stage, metric):
            assert (level, id, stage, metric) == ("hour", "airline", "service", "contacts")
            return frame[frame["bucket"].between(first, last)]

        monkeypatch.setattr(demand, "level_frame", level_frame)
        return missed_demand(None, journey, "service", ZONE, NOW)  # type: ignore[arg-type]

    return of


def at(day: int, hour: int) -> datetime:
    """A moment of the week before `NOW` (day 0 is Monday)."""
    return datetime(2026, 11, 16 + day, hour, 30, tzinfo=ZONE)


def test_each_channel_is_held_against_its_own_hours(asked):
    found = asked(("phone", at(0, 10), 40), ("phone", at(0, 19), 16), ("chat", at(0, 19), 24), ("chat", at(5, 3), 8))
    of = {one.channel: one for one in found.channels}
    assert (of["phone"].n, of["phone"].wanted, of["phone"].missed.value) == (56, 7.0, 2.0)
    assert (of["chat"].n, of["chat"].missed.value) == (32, 1.0)
    assert found.missed == 3.0 and found.wanted == 11.0
    assert of["phone"].missed.low < 2.0 < of["phone"].missed.high


def test_an_hour_is_closed_when_most_of_its_customers_find_nobody(asked):
    found = asked(("phone", at(0, 19), 16), ("chat", at(0, 19), 24), ("phone", at(1, 20), 24), ("chat", at(1, 20), 16))
    assert found.is_open[0, 19] and not found.is_open[1, 20]
    assert found.is_open[2, 10] and not found.is_open[2, 4]  # nobody asked: open when any channel is


def test_hours_are_local_on_both_sides_of_the_clock_change(asked):
    summer = datetime(2026, 10, 19, 17, 30, tzinfo=ZONE)  # 15:30 UTC; in winter 17:30 is 16:30 UTC
    found = asked(("phone", summer, 10), ("phone", at(0, 17), 10))
    assert found.missed == 0 and found.channels[0].n == 20


def test_the_competitor_catches_only_what_comes_while_it_is_there(asked):
    found = asked(("phone", at(5, 10), 16), ("phone", at(5, 22), 8))
    assert found.rival is not None and found.missed == 3.0 and found.to_rival == 2.0
    alone = asked(("phone", at(5, 10), 16), journey=replace(JOURNEY, hours={"phone": HOURS["phone"]}))
    assert alone.rival is None and alone.to_rival == 0


def test_channels_without_hours_and_those_under_the_privacy_floor_are_left_out(asked):
    found = asked(("email", at(5, 3), 400), ("phone", at(0, 10), 40), ("chat", at(5, 3), 4))
    assert [one.channel for one in found.channels] == ["phone"]
    assert asked(("chat", at(5, 3), 4)) is None
    assert asked(("phone", at(0, 10), 40), journey=replace(JOURNEY, hours={})) is None


def test_only_the_last_eight_weeks_count(asked):
    found = asked(("phone", NOW - timedelta(weeks=9), 500), ("phone", at(0, 10), 40), ("phone", NOW, 500))
    assert found.channels[0].n == 40


def test_the_hours_worth_opening_are_those_that_surely_miss_a_customer_a_week(asked):
    found = asked(("phone", at(5, 10), 40), ("phone", at(5, 11), 9))
    advised = {(hour.day, hour.hour) for hour in found.channels[0].closed if hour.advise}
    assert advised == {(5, 10)}


def test_a_grid_counts_an_hour_from_half_of_it():
    grid = grid_of(parse_hours("mon 08:30-17:20", "hours"))
    assert np.flatnonzero(grid[0]).tolist() == list(range(8, 17)) and not grid[1:].any()
