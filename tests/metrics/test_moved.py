"""What moved: the parts add up exactly, a mere shift of customers is mix, and noise is told apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.moved import moved
from tests.metrics.test_weekly import rows_of

CELL = st.tuples(st.integers(2, 400), st.floats(1.0, 10.0), st.floats(0.1, 3.0))


def split(cells, **ends):
    return moved(rows_of(cells), 1, 2, "fly", **ends)


def test_a_channel_that_fell_explains_the_fall():
    found = split([(1, "fly", "chat", 100, 7.0, 1.0), (1, "fly", "phone", 100, 7.0, 1.0),
                   (2, "fly", "chat", 100, 5.0, 1.0), (2, "fly", "phone", 100, 7.0, 1.0)])  # fmt: skip
    parts = {part.channel: part for part in found.parts}
    assert found.change == pytest.approx(-1.0) and parts["chat"].effect.value == pytest.approx(-1.0)
    assert parts["phone"].effect.value == pytest.approx(0.0) and found.mix.value == pytest.approx(0.0)
    assert parts["chat"].effect.high < 0 <= parts["phone"].effect.high
    assert (parts["chat"].before, parts["chat"].after) == (pytest.approx(7.0), pytest.approx(5.0)) and not found.mostly_mix


def test_customers_who_choose_another_channel_are_mix_not_worse_service():
    found = split([(1, "fly", "chat", 50, 5.0, 1.0), (1, "fly", "phone", 150, 8.0, 1.0),
                   (2, "fly", "chat", 150, 5.0, 1.0), (2, "fly", "phone", 50, 8.0, 1.0)])  # fmt: skip
    assert found.mix.value == pytest.approx(found.change) == pytest.approx(-1.5)
    assert all(part.effect.value == pytest.approx(0.0) for part in found.parts) and found.mostly_mix
    assert [part.share_after for part in found.parts] == pytest.approx([0.75, 0.25])


@given(st.lists(CELL, min_size=2, max_size=4), st.lists(CELL, min_size=2, max_size=4))
def test_the_parts_always_add_up_to_the_change(before, after):
    cells = [(1, "fly", f"c{i}", *cell) for i, cell in enumerate(before)] + [
        (2, "fly", f"c{i}", *cell) for i, cell in enumerate(after)
    ]
    found = split(cells)
    total = found.mix.value + found.rest + sum(part.effect.value for part in found.parts)
    assert total == pytest.approx(found.after - found.before, abs=1e-9)
    assert found.rest == pytest.approx(0.0, abs=1e-9)


def test_measures_that_have_no_mark_per_case_are_the_rest():
    found = split([(1, "fly", "chat", 100, 7.0, 1.0), (2, "fly", "chat", 100, 6.0, 1.0)], ends=(7.2, 5.9))
    assert (found.before, found.after, found.rest) == (7.2, 5.9, pytest.approx(-0.3))
    assert found.mix.value + found.rest + sum(part.effect.value for part in found.parts) == pytest.approx(-1.3)


def test_few_cases_make_a_wide_interval_and_no_marks_make_none():
    few = split([(1, "fly", "chat", 4, 7.0, 2.0), (2, "fly", "chat", 4, 6.0, 2.0)])
    many = split([(1, "fly", "chat", 400, 7.0, 2.0), (2, "fly", "chat", 400, 6.0, 2.0)])
    assert few.parts[0].effect.half > 5 * many.parts[0].effect.half and few.parts[0].effect.high > 0
    assert split([(1, "fly", "chat", 10, 7.0, 1.0)]) is None
    assert moved({name: np.array([]) for name in rows_of([])}, 1, 2, "fly") is None


def test_a_channel_that_is_new_moved_nothing_itself():
    found = split([(1, "fly", "chat", 100, 7.0, 1.0), (2, "fly", "chat", 100, 7.0, 1.0), (2, "fly", "app", 100, 9.0, 1.0)])
    parts = {part.channel: part.effect.value for part in found.parts}
    assert parts["app"] == pytest.approx(0.0) and found.mix.value == pytest.approx(1.0)
