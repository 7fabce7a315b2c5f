"""What a frame is made of: sums per window, bins, open questions and sources, of one moment and on every database."""

import random
from datetime import datetime
from zoneinfo import ZoneInfo

from metrics.bins import OPEN, bin_of
from store.reads.wall import (
    DAY,
    TODAY,
    WEEK,
    day_of,
    days_before,
    midnight_ms,
    newest_contact_at,
    pulse_version,
    read_fresh,
    read_slow,
)
from store.rows import Batch, Observed, Placed, Row
from store.writes import save
from tests.browser.wall_store import HOUR, MINUTE, NOON, ZONE, contact

TIMED = ("first_response",)


def row(id, ago_ms, stage="service", observed=None, themes=(), channel="email", journey="airline"):
    seen = observed or [Observed("contacts", 1.0), Observed("csat10", 7.0, mark=7.0)]
    at = NOON - ago_ms
    where = [Placed(journey, stage, "source")]
    return Row("mail", "m", id, 1, "upsert", at, at, channel=channel, themes=themes, placed=where, observed=seen)


def kept(store, rows):
    save(store, Batch("mail", rows), now_ms=NOON, zone=ZONE.key)


def total(columns, bucket, metric, name="n"):
    rows = zip(columns["bucket"], columns["metric"], columns[name], strict=True)
    return sum(value for b, m, value in rows if (b, m) == (bucket, metric))


def test_the_three_windows_hold_what_falls_in_them(store):
    ages = [MINUTE, 10 * HOUR, 20 * HOUR, 3 * 24 * HOUR, 8 * 24 * HOUR]
    kept(store, [row(f"a{i}", age) for i, age in enumerate(ages)])
    windows = read_fresh(store, "airline", NOON, ZONE, TIMED).windows
    assert [total(windows, window, "csat10") for window in (TODAY, DAY, WEEK)] == [2, 3, 4]
    assert total(windows, TODAY, "csat10", "m1") == 14.0


def test_another_journey_is_not_read(store):
    kept(store, [row("a", MINUTE), row("b", MINUTE, journey="other")])
    assert total(read_fresh(store, "airline", NOON, ZONE, TIMED).windows, TODAY, "csat10") == 1


def test_bins_and_open_questions_are_counted_where_they_fall(store):
    answered = [Observed("first_response", 600.0, mark=8.0, bin=bin_of(600))]
    waiting = [Observed("first_response", 0.0, bin=OPEN)]
    kept(store, [row("a", MINUTE, observed=answered), row("b", 90 * MINUTE, observed=waiting)])
    fresh = read_fresh(store, "airline", NOON, ZONE, TIMED)
    today = {b: n for where, b, n in zip(*(fresh.bins[k] for k in ("bucket", "bin", "n")), strict=True) if where == TODAY}
    assert today == {bin_of(600): 1, OPEN: 1}
    assert (fresh.open["minute"], fresh.open["n"]) == ([(NOON - 90 * MINUTE) // MINUTE], [1])
    assert fresh.minutes["bin"] == [bin_of(600)]


def test_without_a_timed_promise_no_bins_are_read(store):
    kept(store, [row("a", MINUTE)])
    fresh = read_fresh(store, "airline", NOON, ZONE, ())
    assert fresh.bins["n"] == [] and fresh.open["n"] == []


def test_when_closed_the_figures_are_as_of_closing_and_later_contacts_are_counted(store):
    closed_at = NOON - NOON % HOUR - HOUR
    ages = [NOON - closed_at + MINUTE, NOON - closed_at - MINUTE, MINUTE]
    kept(store, [row(f"a{i}", age) for i, age in enumerate(ages)])
    fresh = read_fresh(store, "airline", NOON, ZONE, TIMED, closed_at)
    assert total(fresh.windows, TODAY, "csat10") == 1
    assert fresh.asked == 2


def test_themes_are_those_of_the_last_day_and_of_the_week_before(store):
    kept(
        store,
        [
            row("a", MINUTE, themes=("delay",)),
            row("b", 30 * HOUR, themes=("delay", "food")),
            row("c", 9 * 24 * HOUR, themes=("food",)),
        ],
    )
    slow = read_slow(store, "airline", NOON, ZONE, TIMED)
    assert dict(zip(slow.themes["theme"], slow.themes["n"], strict=True)) == {"delay": 1}
    assert dict(zip(slow.themes_before["theme"], slow.themes_before["n"], strict=True)) == {"delay": 1, "food": 1}


def test_the_pulse_rises_with_what_is_stored_and_not_with_a_duplicate(store):
    before = pulse_version(store)
    kept(store, [row("a", MINUTE)])
    after = pulse_version(store)
    kept(store, [row("a", MINUTE)])
    assert before < after == pulse_version(store)


def test_the_newest_contact_is_known_to_the_hour(store):
    assert newest_contact_at(store, "airline") == 0
    kept(store, [row("a", 5 * HOUR)])
    assert newest_contact_at(store, "airline") == (NOON - 5 * HOUR) // HOUR * HOUR


def test_local_days_follow_the_companys_zone():
    before_midnight = int(datetime(2026, 11, 24, 23, 30, tzinfo=ZoneInfo("UTC")).timestamp() * 1000)
    assert day_of(before_midnight, ZONE) == 20261125
    assert before_midnight - midnight_ms(before_midnight, ZONE) == 30 * MINUTE
    assert days_before(20270101, 1) == 20261231


def test_a_frame_costs_what_its_rows_cost_and_not_what_the_contacts_behind_them_cost(sqlite_store):
    chance = random.Random(1)
    kept(sqlite_store, [contact(NOON - i * 1000, "book", f"n{i}", chance) for i in range(3000)])
    fresh = read_fresh(sqlite_store, "airline", NOON, ZONE, TIMED)
    assert len(fresh.windows["n"]) <= 3 * 2
