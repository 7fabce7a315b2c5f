from __future__ import annotations

import pytest

from store.engine import reading, writing
from store.errors import OtherZone
from store.seals import Seals, current_seals, read_seals, seal_hours
from tests.store.rows import HOUR, NOW, ZONE, all_of, keep, row


def sealed(engine, now_ms: int = NOW, zone: str = ZONE) -> Seals:
    with writing(engine) as connection:
        return current_seals(connection, now_ms, zone)


def test_a_new_store_seals_only_minutes_of_more_than_two_days_ago(store):
    assert sealed(store) == Seals(minute=(NOW // HOUR - 48) * 60)
    with reading(store) as connection:
        assert read_seals(connection) == sealed(store)


def test_seals_rise_and_never_fall(store):
    first, second, third = sealed(store), sealed(store, NOW + 5 * HOUR), sealed(store, NOW)
    assert second.minute == first.minute + 5 * 60
    assert third == second


def test_within_an_hour_nothing_is_written(store):
    start = NOW // HOUR * HOUR
    assert sealed(store, start) == sealed(store, start + HOUR - 1) != sealed(store, start + HOUR)


def test_pruning_seals_hours_too(store):
    with writing(store) as connection:
        assert seal_hours(connection, NOW) == Seals((NOW // HOUR - 48) * 60, NOW // HOUR - 9_600)


def test_levels_that_keep_all_have_no_seal():
    assert Seals(5, 6).of("minute") == 5
    assert Seals(5, 6).of("hour") == 6
    assert Seals(5, 6).of("day") == Seals().of("week") < -(2**60)


def test_the_zone_is_remembered_with_the_first_write(store):
    sealed(store)
    assert all_of(store, "SELECT value FROM fact WHERE key = 'zone'") == [(ZONE,)]


def test_the_zone_may_change_as_long_as_nothing_is_counted(store):
    sealed(store, zone="Asia/Tokyo")
    keep(store, row())
    with pytest.raises(OtherZone, match=r"Set company\.timezone back to 'Europe/Amsterdam'"):
        sealed(store, zone="Asia/Tokyo")
