"""When customers were last heard, per stage, from the rollups of days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from store.reads.heard import last_heard
from store.rows import Batch
from store.writes import save
from tests.store.people_store import fresh
from tests.store.test_reads_paths import answer

TODAY = date(2026, 11, 25)


def at(days_ago):
    return round(datetime.combine(TODAY - timedelta(days=days_ago), time(12), UTC).timestamp() * 1000)


def day(days_ago, of=TODAY):
    return int(f"{of - timedelta(days=days_ago):%Y%m%d}")


def heard(tmp_path, *days_ago):
    """A store whose stage `fly` was heard on these days, one contact each."""
    engine, now = fresh(tmp_path), at(0) + 3_600_000
    rows = [answer(number, at(ago), f"c{number}", []) for number, ago in enumerate(days_ago)]
    save(engine, Batch("s", rows), now_ms=now, zone="Europe/Amsterdam")
    return engine


def test_the_newest_day_of_each_stage_up_to_the_day_asked_for(tmp_path):
    engine = heard(tmp_path, 2, 9, 30)
    assert last_heard(engine, "airline", ["fly"], day(0)) == {"fly": day(2)}
    assert last_heard(engine, "airline", ["fly"], day(3)) == {"fly": day(9)}, "a later contact is not known yet"
    assert last_heard(engine, "airline", ["fly", "book"], day(0)) == {"fly": day(2)}, "a stage without any is left out"
    assert last_heard(engine, "other", ["fly"], day(0)) == {}
    engine.dispose()


def test_a_stage_that_was_silent_for_months_is_still_found(tmp_path):
    engine = heard(tmp_path, 200, 300)
    assert last_heard(engine, "airline", ["fly"], day(0)) == {"fly": day(200)}
    engine.dispose()
