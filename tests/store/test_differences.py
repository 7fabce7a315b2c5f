from __future__ import annotations

from store.calendar import buckets
from store.contributions import ThemeContribution, alone
from store.differences import Differences
from store.engine import writing
from store.seals import Seals
from tests.store.rows import HOUR, NOW, ZONE, all_of

ONE = alone(1.0, 1.0, 8.0, 1.0)
PLACE = ("airline", "fly", "chat")


def cell(at: int = NOW, segments: str = "", metric: str = "csat", bin: int = 0) -> tuple:
    return (*buckets(at, ZONE), *PLACE, segments, metric, bin)


def merged(engine, differences: Differences, seals: Seals = Seals()) -> None:  # noqa: B008
    with writing(engine) as connection:
        differences.merge(connection, seals)


def counts(engine, level: str) -> list[tuple]:
    return all_of(engine, f"SELECT bucket, segment, n FROM rollup_{level} ORDER BY bucket, segment")


def test_every_level_gets_its_own_bucket(store):
    differences = Differences()
    differences.add(cell(), ONE)
    merged(store, differences)
    at = buckets(NOW, ZONE)
    assert [counts(store, level) for level in at._fields] == [[(bucket, "", 1)] for bucket in at]


def test_coarser_levels_sum_finer_ones(store):
    differences = Differences()
    for minutes in (0, 1, 61):
        differences.add(cell(NOW - minutes * 60_000), ONE)
    merged(store, differences)
    assert [[n for *_, n in counts(store, level)] for level in ("minute", "hour", "day", "week")] == [
        [1, 1, 1],
        [1, 1, 1],
        [3],
        [3],
    ]


def test_segments_overlap_and_each_has_its_row(store):
    differences = Differences()
    differences.add(cell(segments="critical new"), ONE)
    differences.add(cell(segments="new"), ONE)
    merged(store, differences)
    assert [found[1:] for found in counts(store, "week")] == [("", 2), ("critical", 1), ("new", 2)]


def test_below_a_seal_nothing_is_written(store):
    differences = Differences()
    differences.add(cell(NOW), ONE)
    differences.add(cell(NOW - 2 * HOUR), ONE)
    differences.add_themes(buckets(NOW - 2 * HOUR, ZONE), PLACE, "delay", ThemeContribution(1))
    merged(store, differences, Seals(minute=NOW // 60_000, hour=NOW // HOUR - 1))
    assert [len(counts(store, level)) for level in ("minute", "hour", "day")] == [1, 1, 1]
    assert all_of(store, "SELECT level FROM rollup_theme ORDER BY 1") == [("day",), ("week",)]


def test_what_is_added_and_taken_leaves_nothing(store):
    differences = Differences()
    differences.add(cell(segments="new"), ONE)
    differences.take(cell(segments="new"), ONE)
    differences.add_themes(buckets(NOW, ZONE), PLACE, "a b", ThemeContribution(1, 1, 5_000))
    differences.take_themes(buckets(NOW, ZONE), PLACE, "a b", ThemeContribution(1, 1, 5_000))
    merged(store, differences)
    assert counts(store, "day") == all_of(store, "SELECT * FROM rollup_theme") == []


def test_a_contact_counts_in_each_of_its_themes(store):
    differences = Differences()
    differences.add_themes(buckets(NOW, ZONE), PLACE, "bags delay", ThemeContribution(1, 1, 5_000))
    differences.add_themes(buckets(NOW, ZONE), PLACE, "delay", ThemeContribution(1, 0, 0))
    merged(store, differences)
    found = all_of(store, "SELECT theme, n, nm, m1 FROM rollup_theme WHERE level = 'day' ORDER BY theme")
    assert found == [("bags", 1, 1, 5_000), ("delay", 2, 1, 5_000)]
