"""Staff by hour: Erlang C per hour of the week, more for more customers, none where nobody asks; waits against their bar."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from metrics.erlang import staff_needed
from metrics.intervals import Interval
from metrics.knots import default_knots
from reports.staffing import Assumed, asked_per_hour, roster
from reports.stage import Fact
from reports.waiting import bar_of, pains
from store.people.promises import Promise
from store.rows import Batch, Observed, Placed, Row
from store.writes import save
from tests.store.people_store import fresh

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)


@pytest.fixture
def engine(tmp_path):
    """Eight calls each Monday at 10 for eight weeks; ten answers by mail, three of them within the hour, one still open."""
    from metrics.bins import OPEN, bin_of

    made = fresh(tmp_path)
    rows = []
    for week in range(8):
        for i in range(8):
            at = round(datetime(2026, 11, 16, 10, i, tzinfo=ZONE).timestamp() * 1000) - week * 7 * 86_400_000
            placed, observed = [Placed("airline", "service", "source")], [Observed("contacts", 1.0)]
            rows.append(Row("s", "s", f"{week}.{i}", 1, "upsert", at, at, channel="phone", placed=placed, observed=observed))
    for i in range(10):
        at = round(datetime(2026, 11, 18, 12, i, tzinfo=ZONE).timestamp() * 1000)
        seconds = 1800.0 if i < 3 else 7000.0
        observed = [Observed("first_response", seconds, 6.0, OPEN if i == 9 else bin_of(seconds))]
        placed = [Placed("airline", "service", "source")]
        rows.append(Row("m", "m", str(i), 1, "upsert", at, at, channel="email", placed=placed, observed=observed))
    save(made, Batch("s", rows=rows), now_ms=round(NOW.timestamp() * 1000), zone="Europe/Amsterdam")
    yield made
    made.dispose()


def test_calls_are_counted_at_the_companys_own_hour_whatever_the_clock_did(engine):
    asked = asked_per_hour(engine, "airline", ZONE, NOW)
    assert asked[0, 10] == pytest.approx(asked[0, 11]) and 3 < asked[0, 10] < 4.5, "half of these weeks were in summer time"
    assert asked.sum() == pytest.approx(asked[0, 10] + asked[0, 11], abs=0.2)


def test_the_roster_is_erlangs_and_empty_where_nobody_asks():
    asked = np.zeros((7, 24))
    asked[0, 9], asked[0, 10], asked[0, 11] = 20, 60, 0.05
    assumed = Assumed(300, 0.8, 30, 0.25)
    people = roster(asked, assumed)
    assert people[0, 9] == staff_needed(20, 3600, 300, 30, 0.8, shrinkage=0.25) < people[0, 10]
    assert people[0, 11] == people[6].sum() == 0
    assert roster(asked, Assumed(600, 0.8, 30, 0.25))[0, 9] > people[0, 9]


def test_the_bar_of_a_wait_is_the_shortest_promise_else_what_is_still_good():
    fact = Fact("first_response", "email", Interval(1, 1, 1), 10)
    promises = [
        Promise("B-1", stage="service", channel="email", kind="hard", metric="first_response", threshold=7200.0),
        Promise("B-2", stage="service", channel="", kind="hard", metric="first_response", threshold=3600.0),
        Promise("B-3", stage="book", channel="email", kind="hard", metric="first_response", threshold=60.0),
        Promise("B-4", stage="service", channel="chat", kind="hard", metric="first_response", threshold=60.0),
    ]
    assert bar_of(fact, "service", promises) == (3600.0, True)
    assert bar_of(fact, "fly", promises) == (default_knots().of("first_response", "email").inverse(8.0), False)


def test_who_waited_longer_is_counted_with_those_who_still_wait(engine):
    facts = [Fact("first_response", "email", Interval(1, 1, 1), 10)]
    said = [Promise("B-2", stage="service", channel="email", kind="hard", metric="first_response", threshold=3600.0)]
    (pain,) = pains(engine, "airline", "service", facts, said, NOW)
    assert (pain.promised, pain.bar, pain.n) == (True, 3600.0, 10.0)
    assert pain.longer.value == pytest.approx(0.7) and pain.tenth > 3600
    assert pains(engine, "airline", "fly", facts, said, NOW) == []
