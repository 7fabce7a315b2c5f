from __future__ import annotations

import pytest
from sqlalchemy import text

from store.engine import writing
from store.recount import Difference, recount
from tests.store.rows import HOUR, NOW, ZONE, keep, one_of, row

KEY = "journey, stage, channel, segment, metric, bin"
DAMAGE = {
    "a rollup that counts one more": ("UPDATE rollup_day SET n = n + 1", {"day"}),
    "a rollup that is gone": ("DELETE FROM rollup_week WHERE segment = ''", {"week"}),
    "a mark that moved": ("UPDATE rollup_hour SET m2 = m2 - 1 WHERE metric = 'sentiment'", {"hour"}),
    "a rollup nobody asked for": (
        f"INSERT INTO rollup_minute SELECT bucket + 1, {KEY}, n, w, w2, m1, m2, v FROM rollup_minute",
        {"minute"},
    ),
    "a row of zeros left standing": (
        f"INSERT INTO rollup_day SELECT bucket + 1, {KEY}, 0, 0, 0, 0, 0, 0 FROM rollup_day",
        {"day"},
    ),
    "a theme that counts one less": ("UPDATE rollup_theme SET n = n - 1 WHERE level = 'day'", {"theme_day"}),
    "a theme that is gone": ("DELETE FROM rollup_theme", {"theme_hour", "theme_day", "theme_week"}),
    "a value changed behind the store's back": ("UPDATE observation SET value = value + 1", {"observation"}),
    "a contribution that is not its value's": (
        "UPDATE observation SET v = v + 1 WHERE metric = 'contacts'",
        {"observation", "minute", "hour", "day", "week"},
    ),
    "a bucket of another day": ("UPDATE observation SET day = day + 1", {"observation", "day"}),
    "a contact on another channel": (
        "UPDATE contact SET channel = 'fax'",
        {"observation", "theme_hour", "theme_day", "theme_week"},
    ),
    "a placement moved alone": ("UPDATE placement SET stage = 'book'", {"observation", "theme_hour", "theme_day", "theme_week"}),
    "a tombstone that still counts": ("UPDATE contact SET deleted_at = 1", {"observation"}),
}


def fill(engine) -> None:
    keep(engine, row("1", case_key="k", themes=("delay",), segments=("new",)), row("2", case_key="k"), row("3", themes=("bags",)))


def test_a_store_that_nobody_touched_is_exact(store):
    assert recount(store, ZONE) == []
    fill(store)
    assert recount(store, ZONE) == []


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found_at_its_level(store, damage):
    fill(store)
    statement, levels = DAMAGE[damage]
    with writing(store) as connection:
        connection.execute(text(statement))
    assert {difference.level for difference in recount(store, ZONE)} == levels


def test_a_difference_says_what_was_expected_and_found(store):
    keep(store, row(observed=[]), row("2"))
    with writing(store) as connection:
        connection.execute(text("UPDATE rollup_week SET n = 5 WHERE metric = 'contacts'"))
    sums = (1_000, 1_000_000, 0, 0, 1_000)
    key = (202648, "airline", "fly", "chat", "", "contacts", 0)
    assert recount(store, ZONE) == [Difference("week", key, (1, *sums), (5, *sums))]
    assert str(recount(store, ZONE)[0]).startswith("week 202648 airline fly chat  contacts 0: found (5, 1000")


def test_a_recount_in_another_zone_tells_that_the_days_are_not_its_own(store):
    keep(store, row(happened_at=NOW - 16 * HOUR))
    assert {difference.level for difference in recount(store, "Asia/Tokyo")} == {"observation"}


def test_a_recount_writes_nothing(store):
    fill(store)
    before = one_of(store, "SELECT version FROM pulse")
    recount(store, ZONE)
    assert one_of(store, "SELECT version FROM pulse") == before
