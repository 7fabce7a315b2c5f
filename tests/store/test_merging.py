from __future__ import annotations

from store.differences import KEY, SUMS
from store.engine import writing
from store.merging import add_up
from store.tables import RollupDay
from tests.store.rows import all_of

CELL = (20261125, "airline", "fly", "chat", "", "contacts", 0)


def add(engine, *amounts: tuple[int, ...], cell: tuple = CELL) -> None:
    with writing(engine) as connection:
        add_up(connection, RollupDay.__table__, ("bucket", *KEY), SUMS, [(*cell, *amount) for amount in amounts])


def stands(engine) -> list[tuple]:
    return [found[7:] for found in all_of(engine, "SELECT * FROM rollup_day ORDER BY bucket")]


def test_sums_add_up(store):
    add(store, (1, 1_000, 10, 5, 25, 7))
    add(store, (2, 2_000, 20, 6, 36, -9))
    assert stands(store) == [(3, 3_000, 30, 11, 61, -2)]


def test_the_same_key_may_come_more_than_once_in_a_write(store):
    add(store, (1, 1_000, 1, 1, 1, 1), (1, 1_000, 1, 1, 1, 1))
    assert stands(store) == [(2, 2_000, 2, 2, 2, 2)]


def test_a_row_that_becomes_nothing_is_removed(store):
    add(store, (1, 1_000, 1, 1, 1, 1))
    add(store, (-1, -1_000, -1, -1, -1, -1))
    assert stands(store) == []


def test_what_comes_and_goes_in_one_write_leaves_nothing(store):
    add(store, (-1, -1_000, -1, -1, -1, -1), (1, 1_000, 1, 1, 1, 1))
    assert stands(store) == []


def test_a_row_that_keeps_anything_stays(store):
    add(store, (1, 1_000, 1, 1, 1, 1))
    add(store, (-1, -1_000, -1, -1, -1, 0))
    assert stands(store) == [(0, 0, 0, 0, 0, 1)]


def test_other_rows_are_left_alone(store):
    other = (20261126, *CELL[1:])
    add(store, (1, 1_000, 1, 1, 1, 1), cell=other)
    add(store, (1, 1_000, 1, 1, 1, 1))
    add(store, (-1, -1_000, -1, -1, -1, -1))
    assert stands(store) == [(1, 1_000, 1, 1, 1, 1)]


def test_nothing_to_add_asks_nothing_of_the_database():
    add_up(None, RollupDay.__table__, ("bucket", *KEY), SUMS, [])  # type: ignore[arg-type]
