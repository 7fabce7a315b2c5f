"""The privacy floor: nothing of fewer than five customers can be read or worked out."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.privacy import FLOOR, hidden, hidden_cells, hidden_groups, may_show, solvable

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 30), min_size=1, max_size=8)
TABLE = st.lists(st.lists(st.integers(0, 25), min_size=3, max_size=3), min_size=2, max_size=4)


@pytest.mark.parametrize(
    ("customers", "covered"),
    [
        ({"phone": 40, "chat": 5}, set()),
        ({"phone": 40, "chat": 3, "email": 12}, {"chat", "email"}),
        ({"phone": 40, "chat": 3, "email": 2}, {"chat", "email"}),
        ({"phone": 40, "chat": 1, "email": 1}, {"phone", "chat", "email"}),
        ({"phone": 40, "chat": 0}, set()),
        ({"phone": 4}, {"phone"}),
        ({}, set()),
    ],
)
def test_what_is_hidden(customers: dict[str, int], covered: set[str]) -> None:
    assert hidden(customers) == covered


@given(COUNTS)
def test_no_small_number_is_shown_and_none_can_be_taken_from_the_total(customers: dict[str, int]) -> None:
    covered = hidden(customers)
    shown = {name: n for name, n in customers.items() if name not in covered and n > 0}
    assert all(n >= FLOOR for n in shown.values())
    apart = sum(customers.values()) - sum(shown.values())
    assert apart == 0 or apart >= FLOOR or not shown


@given(COUNTS, st.integers(0, 20))
def test_customers_of_no_sibling_are_guarded_too(customers: dict[str, int], others: int) -> None:
    total = sum(customers.values()) + others
    covered = hidden(customers, total)
    shown = sum(n for name, n in customers.items() if name not in covered)
    assert total - shown == 0 or total - shown >= FLOOR or shown == 0


@given(COUNTS)
def test_hiding_stops_when_it_is_enough(customers: dict[str, int]) -> None:
    covered = hidden(customers)
    small = {name for name, n in customers.items() if 0 < n < FLOOR}
    assert small <= covered
    if not small:
        assert covered == set()


def cells_of(rows: list[list[int]]) -> dict[tuple[str, str], int]:
    return {(f"stage{i}", f"channel{j}"): n for i, row in enumerate(rows) for j, n in enumerate(row)}


@given(TABLE)
def test_no_small_cell_of_a_table_follows_from_its_totals(rows: list[list[int]]) -> None:
    """An attacker knows every shown cell and all totals: solve for the hidden ones and see whether a small one is fixed."""
    cells = cells_of(rows)
    covered = hidden_cells(cells)
    assert {cell for cell, n in cells.items() if 0 < n < FLOOR} <= covered
    order = sorted(covered)
    lines = [
        np.array([cell[side] == line for cell in order], float) for side in (0, 1) for line in {cell[side] for cell in order}
    ]
    shown_everywhere_else = any(n > 0 for cell, n in cells.items() if cell not in covered)
    for i, cell in enumerate(order):
        unit = np.eye(len(order))[i]
        fixed = bool(lines) and np.linalg.matrix_rank(np.array([*lines, unit])) == np.linalg.matrix_rank(np.array(lines))
        if fixed and shown_everywhere_else and 0 < cells[cell] < FLOOR:
            neighbours = [
                other
                for other in cells
                if (other[0] == cell[0] or other[1] == cell[1]) and other not in covered and cells[other] > 0
            ]
            assert neighbours == [], f"{cell} could have been guarded by {neighbours}"


@given(TABLE)
def test_no_line_of_hidden_cells_holds_fewer_than_five(rows: list[list[int]]) -> None:
    cells = cells_of(rows)
    covered = hidden_cells(cells)
    for side in (0, 1):
        for line in {cell[side] for cell in cells}:
            own = [cell for cell in cells if cell[side] == line]
            apart = sum(cells[cell] for cell in own if cell in covered)
            shown = [cell for cell in own if cell not in covered and cells[cell] > 0]
            assert apart == 0 or apart >= FLOOR or not shown


def test_a_large_hidden_cell_may_be_solved() -> None:
    cells = cells_of([[3, 9], [20, 30]])
    assert solvable(cells, {("stage0", "channel0")}) == [("stage0", "channel0")]
    assert solvable(cells, {("stage0", "channel1")}) == [], "nine customers need no hiding"
    assert solvable(cells, set()) == []


def test_pairs_of_sums_that_share_cells_do_not_give_it_away() -> None:
    cells = cells_of([[3, 30, 40], [20, 3, 50], [25, 35, 45]])
    covered = hidden_cells(cells)
    for pair in combinations(sorted(covered), 1):
        assert solvable(cells, covered) == [], pair


@pytest.mark.parametrize(("customers", "shown"), [(4, False), (5, True), (0, False)])
def test_a_number_on_its_own(customers: int, shown: bool) -> None:
    assert may_show(customers) is shown


@given(TABLE, st.sets(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=3))
def test_what_must_be_hidden_for_another_reason_is_guarded_as_a_small_cell_is(rows, also) -> None:
    cells = cells_of(rows)
    secret = {(f"stage{i}", f"channel{j}") for i, j in also} & {cell for cell, n in cells.items() if n}
    covered = hidden_cells(cells, secret)
    assert secret <= covered
    for cell in solvable(cells, covered, secret):
        others = [each for each in cells if (each[0] == cell[0] or each[1] == cell[1]) and each not in covered and cells[each]]
        assert others == [], f"{cell} could have been guarded by {others}"


@given(COUNTS, st.integers(0, 40))
def test_a_group_and_what_it_leaves_of_everyone_are_nobody_or_at_least_five(groups: dict[str, int], others: int) -> None:
    """Groups that may overlap: any number of people up to the sum of all is possible."""
    total = max([*groups.values(), others])
    covered = hidden_groups(groups, total)
    for name, n in groups.items():
        if name not in covered:
            assert (n == 0 or n >= FLOOR) and (total - n == 0 or total - n >= FLOOR)


def test_groups_apart_are_guarded_together() -> None:
    assert hidden_groups({"new": 3, "existing": 37}, 40) == {"new", "existing"}
    assert hidden_groups({"a": 3, "b": 30, "c": 40}, 73) == {"a", "b"}
    assert hidden_groups({"a": 30, "b": 40}, 73) == {"a"}, "three customers of no group"
    assert hidden_groups({"a": 30, "b": 40}, 70) == set()
