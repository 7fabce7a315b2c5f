"""Heterogeneity: Paule & Mandel for one family and for many at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.heterogeneity import paule_mandel, pool_at, q_test

CELLS = st.lists(st.tuples(st.floats(1, 10), st.floats(0.01, 4)), min_size=2, max_size=12)


@given(CELLS)
def test_tau_solves_its_equation_or_is_zero(cells: list[tuple[float, float]]) -> None:
    y, v = np.array(cells).T
    pool = paule_mandel(y, v)
    weights = 1 / (v + pool.tau2)
    q = float((weights * (y - pool.mean) ** 2).sum())
    if pool.tau2 > 1e-10:
        assert q == pytest.approx(len(y) - 1, rel=1e-6)
    else:
        assert q <= len(y) - 1 + 1e-6


@given(CELLS)
@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
def test_it_agrees_with_statsmodels_where_that_finds_a_root(cells: list[tuple[float, float]]) -> None:
    """Their iteration stops at 0 for some families that differ (1.0 and 2.75 with 1.5 and 1.0); ours solves those too."""
    from statsmodels.stats.meta_analysis import combine_effects

    y, v = np.array(cells).T
    theirs = combine_effects(y, v, method_re="iterated", atol=1e-12)
    ours = float(paule_mandel(y, v).tau2)
    assert theirs.tau2 <= 0 or ours == pytest.approx(theirs.tau2, abs=1e-4)


def test_two_cells_have_the_closed_form() -> None:
    assert float(paule_mandel([1.0, 2.75], [1.5, 1.0]).tau2) == pytest.approx((1.75**2 - 2.5) / 2)


def test_many_families_at_once_are_each_their_own() -> None:
    rng = np.random.default_rng(1)
    y, v = rng.normal(7, 1, (4, 3, 6)), rng.uniform(0.05, 1, (4, 3, 6))
    together = paule_mandel(y, v)
    for i in range(4):
        for j in range(3):
            alone = paule_mandel(y[i, j], v[i, j])
            assert together.tau2[i, j] == pytest.approx(float(alone.tau2), abs=1e-10)
            assert together.mean[i, j] == pytest.approx(float(alone.mean))


def test_absent_cells_change_nothing() -> None:
    y, v = np.array([7.0, 8.0, 6.0]), np.array([0.1, 0.2, 0.1])
    gaps = paule_mandel([7.0, np.nan, 8.0, 6.0, 5.0], [0.1, 0.1, 0.2, 0.1, np.nan])
    assert float(gaps.k) == 3
    assert float(gaps.tau2) == pytest.approx(float(paule_mandel(y, v).tau2))


def test_nobody_and_one_alone() -> None:
    nobody, one = paule_mandel([np.nan], [np.nan]), paule_mandel([7.0], [0.4])
    assert np.isnan(nobody.mean) and float(nobody.k) == 0
    assert (float(one.mean), float(one.tau2), float(one.variance)) == (7.0, 0.0, 0.4)
    assert q_test(one) == 1.0


def test_equal_cells_do_not_differ() -> None:
    pool = paule_mandel([7.0, 7.0, 7.0], [0.1, 0.1, 0.1])
    assert float(pool.tau2) == 0
    assert q_test(pool) == pytest.approx(1.0)


def test_the_truth_comes_back_from_many_cells() -> None:
    rng = np.random.default_rng(3)
    v = rng.uniform(0.05, 0.5, 4000)
    y = 7 + rng.normal(0, 0.6, 4000) + rng.normal(size=4000) * np.sqrt(v)
    pool = paule_mandel(y, v)
    assert float(pool.tau2) ** 0.5 == pytest.approx(0.6, abs=0.03)
    assert float(pool.mean) == pytest.approx(7, abs=0.05)


def test_a_given_tau_is_used_as_given() -> None:
    pool = pool_at([6.0, 8.0], [1.0, 1.0], 3.0)
    assert float(pool.variance) == pytest.approx(2.0)
    assert float(pool.q) == pytest.approx(2.0), "Cochran's Q is at tau 0 whatever tau is given"
