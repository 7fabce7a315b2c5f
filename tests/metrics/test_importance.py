"""Importance: shares that add up, treat equals alike, and agree between rules."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.importance import dominance, johnson, johnson_weights, lmg, r_squared

SEEDS = st.integers(0, 10_000)


def sample(seed: int, stages: int = 4, n: int = 200) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 1)) + rng.normal(size=(n, stages))
    return x, x @ rng.uniform(0, 1, stages) + rng.normal(0, 1, n)


def correlations(seed: int) -> tuple[np.ndarray, np.ndarray]:
    x, y = sample(seed)
    r = np.corrcoef(np.column_stack([x, y]), rowvar=False)
    return r[:-1, :-1], r[:-1, -1]


@given(SEEDS)
def test_both_add_up_to_what_is_explained(seed: int) -> None:
    r_xx, r_xy = correlations(seed)
    whole = r_squared(r_xx, r_xy, (0, 1, 2, 3))
    assert johnson_weights(r_xx, r_xy).sum() == pytest.approx(whole)
    assert lmg(r_xx, r_xy).sum() == pytest.approx(whole)


@given(SEEDS)
def test_none_is_negative_and_the_two_agree_within_two_percent_points(seed: int) -> None:
    r_xx, r_xy = correlations(seed)
    ours, checked = johnson_weights(r_xx, r_xy), lmg(r_xx, r_xy)
    assert (ours >= -1e-12).all()
    assert np.abs(ours / ours.sum() - checked / checked.sum()).max() < 0.03


@given(SEEDS)
def test_the_order_of_stages_does_not_matter(seed: int) -> None:
    x, y = sample(seed)
    assert johnson(x[:, ::-1], y)[::-1] == pytest.approx(johnson(x, y))


def test_equal_stages_weigh_the_same() -> None:
    weights = johnson_weights([[1, 0.6], [0.6, 1]], [0.5, 0.5])
    assert weights[0] == pytest.approx(weights[1])


def test_stages_without_overlap_weigh_their_squared_correlation() -> None:
    assert johnson_weights(np.eye(3), [0.5, 0.3, 0.1]) == pytest.approx([0.25, 0.09, 0.01])


def test_explained_variance_is_that_of_least_squares() -> None:
    x, y = sample(5)
    r_xx, r_xy = correlations(5)
    design = np.column_stack([np.ones(len(y)), x])
    rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    assert r_squared(r_xx, r_xy, (0, 1, 2, 3)) == pytest.approx(1 - rest.var() / y.var())
    assert r_squared(r_xx, r_xy, ()) == 0


def test_dominance_starts_with_the_plain_correlation() -> None:
    r_xx, r_xy = correlations(6)
    assert dominance(r_xx, r_xy)[0] == pytest.approx(r_xy**2)


def test_thirteen_stages_are_too_many_for_all_subsets() -> None:
    with pytest.raises(ValueError, match="12"):
        dominance(np.eye(13), np.ones(13))
