"""The open door: whole local days since customers were heard, and when that is too long."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reports.open_door import ASK_AGAIN_DAYS, SILENT_DAYS, Clock, at_the_table, check_clock, seat_clock, stage_clocks
from store.people.changes import STEPS, Change
from store.people.panel import Seats
from tests.pages.example import LEVEL

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)


def ms(days_ago: float) -> int:
    return round((NOW - timedelta(days=days_ago)).timestamp() * 1000)


def change(**values) -> Change:
    return Change(**{"code": "V-001", "state": "running", "registered_at": ms(100), **values})


def test_a_day_is_a_local_day_not_24_hours():
    late = datetime(2026, 11, 22, 23, 59, tzinfo=ZONE)
    assert check_clock(change(checked_at=round(late.timestamp() * 1000)), NOW) == Clock(1, False)
    assert check_clock(change(checked_at=ms(0)), NOW) == Clock(0, False)


@pytest.mark.parametrize("days", [ASK_AGAIN_DAYS, ASK_AGAIN_DAYS + 1])
def test_customers_are_asked_again_after_four_weeks(days):
    assert check_clock(change(checked_at=ms(days)), NOW) == Clock(days, days > ASK_AGAIN_DAYS)


@pytest.mark.parametrize("state", list(STEPS))
def test_only_an_open_change_has_a_clock(state):
    assert (check_clock(change(state=state, checked_at=ms(50)), NOW) is None) == (state in ("finished", "dropped"))


def test_a_change_that_nobody_asked_about_is_late_once_it_stood_there_that_long():
    assert check_clock(change(state="proposed", registered_at=ms(ASK_AGAIN_DAYS + 1)), NOW) == Clock(None, True)
    assert check_clock(change(state="proposed", registered_at=ms(3)), NOW) == Clock(None, False)
    undated = change(customer_check_en="six customers")
    assert check_clock(undated, NOW) == Clock(None, False), "asked at a moment that nobody kept"


def test_a_needed_kind_that_is_missing_or_silent_is_overdue():
    assert seat_clock(Seats("critical", 0, 0, 0), NOW) == Clock(None, True)
    assert seat_clock(Seats("existing", 0, 0, 0), NOW) == Clock(None, False)
    assert seat_clock(Seats("critical", 3, 2, ms(40)), NOW) == Clock(40, True)
    assert seat_clock(Seats("critical", 3, 2, ms(4)), NOW) == Clock(4, False)


def test_the_table_counts_the_panel_and_the_checks_whichever_was_later():
    panel = [Seats("new", 3, 2, ms(12))]
    assert at_the_table(panel, [change(checked_at=ms(30))], NOW) == 12
    assert at_the_table(panel, [change(checked_at=ms(5))], NOW) == 5
    assert at_the_table([Seats("new", 3, 2, ms(-2))], [], NOW) is None, "what is still to come was not heard"
    assert at_the_table([], [], NOW) is None


def test_each_stage_has_its_own_clock(demo):
    clocks = stage_clocks(demo, "airline", [*LEVEL, "nowhere"], NOW)
    assert all(clocks[stage].days in range(4) and not clocks[stage].overdue for stage in LEVEL)
    assert clocks["nowhere"] == Clock(None, True)
    later = stage_clocks(demo, "airline", list(LEVEL), NOW + timedelta(days=SILENT_DAYS + 1))
    assert all(clock.overdue and clock.days > SILENT_DAYS for clock in later.values())
