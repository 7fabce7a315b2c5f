"""Before and after a promise changed: equal whole weeks, the day itself on the after side, nothing claimed without evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.journey import load_journey
from reports.turned import turns
from store.people.promises import Promise, save_draft, save_promise
from store.rows import Batch, Observed, Placed, Row
from store.writes import save
from tests.store.people_store import fresh

ZONE = ZoneInfo("Europe/Amsterdam")
DAY = date(2026, 10, 19)
NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)
JOURNEY = load_journey("airline")
TOLD = Promise("B-01", "Wij zijn er", "We are there", "airline", "service", soft_mark=8.0, reach=0.5, valid_from=1)


def ms(day, hour=0):
    return round(datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).timestamp() * 1000)


@pytest.fixture
def engine(tmp_path):
    """Twelve answers a day: 6 until the day before the promise changed, 8 from that day on; 1 just outside both spans."""
    made = fresh(tmp_path)
    rows = []
    for back in range(-29, 29):
        day = DAY + timedelta(days=back)
        mark = 1.0 if back in (-29, 28) else 6.0 if back < 0 else 8.0
        for i in range(12):
            observed = [Observed("contacts", 1.0), Observed("csat10", mark + (i % 3 - 1) / 2, mark + (i % 3 - 1) / 2)]
            at = ms(day, 8 + i % 8) + i
            placed = [Placed("airline", "service", "source")]
            rows.append(Row("s", "s", f"{back}.{i}", 1, "upsert", at, at, channel="survey", placed=placed, observed=observed))
    save(made, Batch("s", rows=rows), now_ms=ms(NOW.date()), zone="Europe/Amsterdam")
    save_promise(made, replace(TOLD, state="approved", version=1), 1)
    yield made
    made.dispose()


def sharpened(engine, day, **more):
    new = replace(TOLD, state="approved", version=2, soft_mark=9.0, valid_from=ms(day), **more)
    save_promise(engine, new, ms(day))


def test_the_same_number_of_whole_weeks_on_either_side(engine):
    sharpened(engine, DAY)
    (one,) = turns(engine, JOURNEY, ZONE, NOW)
    assert (one.day, one.weeks, one.before.n, one.after.n) == (DAY, 4, 12 * 28, 12 * 28)
    assert (one.before.mark.value, one.after.mark.value) == (pytest.approx(6.0), pytest.approx(8.0))
    assert one.demonstrable and one.change.value == pytest.approx(2.0)
    assert one.before.expected.value == pytest.approx(8.0) and one.after.expected.value > 8.5
    assert one.after.gap.value == pytest.approx(one.after.mark.value - one.after.expected.value)


def test_a_promise_of_two_weeks_ago_is_held_against_two_weeks(engine):
    day = DAY + timedelta(days=14)
    sharpened(engine, day)
    (one,) = turns(engine, JOURNEY, ZONE, datetime(2026, 11, 17, 9, tzinfo=ZONE))
    assert (one.day, one.weeks) == (day, 2)
    assert one.before.mark.value == one.after.mark.value == pytest.approx(8.0)
    assert not one.demonstrable and one.change is not None


@pytest.mark.parametrize("days", [3, 100])
def test_too_young_or_too_old_a_change_is_not_told(engine, days):
    sharpened(engine, NOW.date() - timedelta(days=days))
    assert turns(engine, JOURNEY, ZONE, NOW) == []


def test_a_draft_and_a_promise_to_one_group_are_not_told(engine):
    save_draft(engine, replace(TOLD, soft_mark=9.0, valid_from=ms(DAY)), "Anna", ms(DAY))
    save_promise(engine, replace(TOLD, code="B-02", state="approved", version=1, segment="new", valid_from=ms(DAY)), ms(DAY))
    assert turns(engine, JOURNEY, ZONE, NOW) == []


def test_without_evidence_nothing_is_claimed(engine):
    save_promise(engine, replace(TOLD, code="B-03", stage="fly", state="approved", version=1, valid_from=ms(DAY)), ms(DAY))
    (one,) = turns(engine, JOURNEY, ZONE, NOW)
    assert one.change is None and not one.demonstrable and one.before.n == one.after.n == 0
