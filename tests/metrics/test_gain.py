"""Gain: slopes that cannot be negative, and the room there is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.gain import ALPHAS, best_alpha, centre, reach, ridge_slopes, room, slopes


def sample(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = np.array([0.4, 0.2, 0.0])
    x = rng.normal(7, 1.5, (n, 3))
    return x, x @ truth + rng.normal(0, 1, n), truth


@given(st.integers(0, 10_000))
def test_the_penalty_is_the_one_that_scikit_learn_chooses(seed: int) -> None:
    from sklearn.linear_model import RidgeCV

    rng = np.random.default_rng(seed)
    x = centre(rng.normal(size=(60, 1)) + rng.normal(size=(60, 4)))
    y = x @ rng.normal(0, 0.3, 4) + rng.normal(0, 1, 60)
    y -= y.mean()
    assert best_alpha(x, y) == RidgeCV(alphas=ALPHAS, fit_intercept=False).fit(x, y).alpha_


def test_slopes_come_back_and_stay_above_zero() -> None:
    x, y, truth = sample(1)
    found, alpha = slopes(x, y)
    assert found == pytest.approx(truth, abs=0.08)
    assert alpha in ALPHAS
    against, _ = slopes(x, -y)
    assert against.tolist() == [0, 0, 0]


def test_without_a_penalty_it_is_plain_non_negative_least_squares() -> None:
    from scipy.optimize import nnls

    x, y, _ = sample(2)
    centred, goal = centre(x), y - y.mean()
    assert ridge_slopes(centred.T @ centred, centred.T @ goal, 0.0) == pytest.approx(nnls(centred, goal)[0], abs=1e-6)


def test_a_heavier_penalty_shrinks() -> None:
    x, y, _ = sample(3)
    assert slopes(x, y, alpha=1000.0)[0].sum() < slopes(x, y, alpha=0.1)[0].sum()


def test_a_stage_not_visited_stands_at_its_centre() -> None:
    marks = np.array([[8.0, np.nan], [6.0, 5.0], [7.0, 7.0]])
    assert centre(marks).tolist() == [[1, 0], [-1, -1], [0, 1]]
    assert reach(marks).tolist() == pytest.approx([1, 2 / 3])


def test_room_is_bounded_by_what_was_shown() -> None:
    found = room([6.0, 6.0, 8.5, 6.0], [8.0, 8.0, 8.0, math.nan], [6.5, math.nan, 9.0, 9.5])
    assert found.within_reach.tolist() == pytest.approx([0.5, 2.0, 0.0, 2.0])
    assert found.ambition.tolist() == pytest.approx([2.0, 2.0, 0.0, 2.0])


@given(st.lists(st.tuples(st.floats(1, 10), st.floats(1, 10), st.floats(1, 10)), min_size=1, max_size=6))
def test_what_is_within_reach_never_exceeds_the_ambition(rows: list[tuple[float, float, float]]) -> None:
    found = room(*np.array(rows).T)
    assert (found.within_reach >= 0).all()
    assert (found.within_reach <= found.ambition + 1e-12).all()
