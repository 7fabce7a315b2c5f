"""Shrinkage: small cells lean on their siblings, large ones hardly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.shrinkage import moderated_variance, shrink

CELLS = st.lists(st.tuples(st.floats(1, 10), st.floats(0.01, 4)), min_size=5, max_size=12)


@given(CELLS)
def test_a_cell_moves_towards_its_family_and_never_past_it(cells: list[tuple[float, float]]) -> None:
    y, v = np.array(cells).T
    drawn = shrink(y, v)
    low, high = np.minimum(y, drawn.mean), np.maximum(y, drawn.mean)
    assert (drawn.value >= low - 1e-9).all()
    assert (drawn.value <= high + 1e-9).all()
    assert (drawn.variance >= -1e-12).all()


def test_the_noisier_cell_moves_further() -> None:
    drawn = shrink([9.0, 9.0, 6.0, 6.5, 7.0, 7.5], [2.0, 0.02, 0.05, 0.05, 0.05, 0.05])
    assert drawn.value[0] < drawn.value[1]


def test_small_families_take_their_spread_from_above() -> None:
    y, v = [6.0, 8.0], [0.5, 0.5]
    own, above = shrink(y, v), shrink(y, v, parent_tau2=0.0)
    assert own.value.tolist() != above.value.tolist()
    assert above.value.tolist() == [7.0, 7.0]
    five = shrink([6.0, 8.0, 7.0, 6.5, 7.5], [0.1] * 5, parent_tau2=0.0)
    assert five.tau2 > 0, "five siblings speak for themselves"


def test_families_are_apart() -> None:
    y = np.array([[6.0, 6.2, 5.8, 6.1, 5.9], [8.0, 8.2, 7.8, 8.1, 7.9]])
    drawn = shrink(y, np.full(y.shape, 0.5))
    assert drawn.mean.tolist() == pytest.approx([6.0, 8.0])


def test_absent_cells_stay_out() -> None:
    drawn = shrink([6.0, np.nan, 7.0, 8.0], [0.2, np.nan, 0.2, 0.2])
    assert drawn.mean == pytest.approx(7.0)


@pytest.mark.parametrize("tau", [0.2, 0.5, 1.0])
def test_borrowing_lowers_the_error(tau: float) -> None:
    """metrics.md 2.2: over 40 cells of about 15 customers the error falls, most where cells truly differ little."""
    rng = np.random.default_rng(4)
    truth = 7 + rng.normal(0, tau, (300, 40))
    v = 4 / rng.integers(4, 40, truth.shape)
    y = truth + rng.normal(size=truth.shape) * np.sqrt(v)
    raw, drawn = ((guess - truth) ** 2 for guess in (y, shrink(y, v).value))
    assert np.sqrt(drawn.mean()) < np.sqrt(raw.mean()) * {0.2: 0.5, 0.5: 0.75, 1.0: 0.92}[tau]


def test_borrowed_intervals_cover_about_as_they_should() -> None:
    rng = np.random.default_rng(5)
    truth = 7 + rng.normal(0, 0.5, (300, 40))
    v = 4 / rng.integers(4, 40, truth.shape)
    drawn = shrink(truth + rng.normal(size=truth.shape) * np.sqrt(v), v)
    inside = np.abs(drawn.value - truth) <= 1.96 * np.sqrt(drawn.variance)
    assert 0.91 <= inside.mean() <= 0.97


def test_three_equal_answers_keep_a_variance() -> None:
    alone = moderated_variance([0.0], [3.0])
    assert 0.5 < alone[0] < 1.5
    many = moderated_variance([4.0], [1000.0])
    assert many[0] == pytest.approx(4.0 / 1000, rel=0.02)


def test_without_cases_there_is_no_variance() -> None:
    found = moderated_variance([np.nan, 2.0], [0.0, 50.0])
    assert np.isnan(found[0]) and np.isfinite(found[1])


def test_siblings_lend_their_spread_along_the_axis() -> None:
    variance, n = np.array([[0.0, 0.0], [9.0, 1.0]]), np.array([[2.0, 2.0], [200.0, 200.0]])
    found = moderated_variance(variance, n, axis=0)
    assert found[0, 0] > found[0, 1], "a sibling of wide spread makes a small cell less certain"
