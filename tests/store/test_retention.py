from __future__ import annotations

from store.recount import recount
from store.retention import prune
from tests.store.rows import HOUR, NOW, ZONE, all_of, cases_in, keep, row

DAY = 24 * HOUR
LEVELS = ("minute", "hour", "day", "week")


def counted(engine) -> list[int]:
    return [cases_in(engine, level) for level in LEVELS]


def test_minutes_live_two_days_and_hours_four_hundred(store):
    keep(store, row("1", themes=("a",)))
    keep(store, row("2", happened_at=NOW + 3 * DAY, themes=("a",)), now_ms=NOW + 3 * DAY)
    assert counted(store) == [2, 2, 2, 2]
    assert prune(store, NOW + 3 * DAY) == {"rollup_minute": 2, "rollup_hour": 0, "rollup_theme": 0}
    assert counted(store) == [1, 2, 2, 2]
    keep(store, row("3", happened_at=NOW + 401 * DAY), now_ms=NOW + 401 * DAY)
    prune(store, NOW + 401 * DAY)
    assert counted(store) == [1, 2, 3, 3]
    assert all_of(store, "SELECT count(*) FROM rollup_theme WHERE level = 'hour'") == [(1,)]
    assert recount(store, ZONE) == []


def test_an_edit_below_a_seal_leaves_what_is_sealed_alone(store):
    keep(store, row("1"), row("2"))
    later = NOW + 500 * DAY
    keep(store, row("3", happened_at=later), now_ms=later)
    prune(store, later)
    keep(store, row("1", 2, channel="phone"), row("4", happened_at=NOW - HOUR), now_ms=later)
    assert counted(store) == [1, 1, 4, 4]
    assert recount(store, ZONE) == []


def test_a_store_of_old_messages_keeps_what_its_newest_week_needs(store):
    keep(store, row("1"), row("2", happened_at=NOW - 300 * DAY))
    prune(store, NOW + 4_000 * DAY)
    assert [cases_in(store, level) for level in ("hour", "day")] == [2, 2]


def test_a_stamp_from_the_future_seals_nothing(store):
    keep(store, row("1"), row("2", happened_at=NOW + 3_000 * DAY))
    prune(store, NOW)
    assert counted(store) == [2, 2, 2, 2]


def test_a_clock_that_was_set_back_opens_no_seal(store):
    keep(store, row("1", happened_at=NOW + 30 * DAY), now_ms=NOW + 30 * DAY)
    keep(store, row("2"), now_ms=NOW)
    assert cases_in(store, "minute") == 1
    assert recount(store, ZONE) == []


def test_pruning_twice_deletes_nothing_more(store):
    keep(store, row("1"))
    keep(store, row("2", happened_at=NOW + 3 * DAY), now_ms=NOW + 3 * DAY)
    prune(store, NOW + 3 * DAY)
    assert sum(prune(store, NOW + 3 * DAY).values()) == 0


def test_an_empty_store_can_be_pruned(store):
    assert sum(prune(store, NOW).values()) == 0
