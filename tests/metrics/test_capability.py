"""Capability: what delivery has surely shown, and when nobody can tell yet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.capability import FEASIBLE, INFEASIBLE, UNDECIDED, hard_capability, reachable, rolling, soft_capability


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40), st.integers(1, 15))
def test_rolling_sums_are_the_sums_of_their_weeks(weekly: list[float], window: int) -> None:
    expected = [sum(weekly[i : i + window]) for i in range(len(weekly) - window + 1)]
    assert rolling(weekly, window).tolist() == pytest.approx(expected, abs=1e-6)


def test_rolling_keeps_the_cells_of_a_table() -> None:
    assert rolling(np.ones((15, 3)), 13).shape == (3, 3)
    assert rolling(np.ones((5, 3)), 13).shape == (0, 3)


@pytest.mark.parametrize(
    ("marks", "target", "verdict"),
    [([7.0, 7.9], 7.5, FEASIBLE), ([7.0, 7.3], 7.5, INFEASIBLE), ([7.0, 7.6], 7.5, UNDECIDED)],
)
def test_a_quarter_must_surely_have_reached_it(marks: list[float], target: float, verdict: str) -> None:
    found = soft_capability(marks, [0.1, 0.1], [100, 100], target, weeks=40)
    assert found.verdict == verdict
    assert (found.best, reachable(found)) == (marks[1], pytest.approx(marks[1] - 0.1645, abs=1e-3))
    assert found.best_week == 1


def test_thin_quarters_do_not_count() -> None:
    thin = soft_capability([9.0, 7.0], [0.1, 0.1], [29, 100], 7.5, weeks=40)
    loose = soft_capability([9.0, 7.0], [0.31, 0.1], [100, 100], 7.5, weeks=40)
    assert thin.verdict == loose.verdict == INFEASIBLE
    none = soft_capability([9.0], [0.5], [10], 7.5, weeks=40)
    assert none.verdict == UNDECIDED and np.isnan(none.best) and none.weeks_needed > 0


def test_half_a_year_of_weeks_is_needed() -> None:
    early = soft_capability([8.0], [0.05], [200], 7.5, weeks=20)
    assert (early.verdict, early.weeks_needed) == (UNDECIDED, 6)
    assert hard_capability([90] * 20, [100] * 20, 0.5).verdict == UNDECIDED


def test_undecided_says_for_how_long_about() -> None:
    near = soft_capability([7.52], [0.2], [200], 7.5, weeks=40)
    clear = soft_capability([7.7], [0.2], [200], 7.5, weeks=40)
    assert near.weeks_needed > clear.weeks_needed >= 1
    assert near.weeks_needed <= 104


def test_a_share_kept_is_judged_by_wilson() -> None:
    good = [40] * 20 + [49] * 13
    assert hard_capability(good, [50] * 33, 0.95).verdict == FEASIBLE
    assert hard_capability(good, [50] * 33, 0.99).verdict == INFEASIBLE
    assert hard_capability(good, [50] * 33, 0.975).verdict == UNDECIDED


def test_the_luckiest_quarter_is_not_what_delivery_can_do() -> None:
    """metrics.md 3.5: the raw best quarter would call a never-reached 7.5 feasible far more often than the rule does."""
    rng, wrong_rule, wrong_raw, runs = np.random.default_rng(1), 0, 0, 300
    for _ in range(runs):
        n = np.full(52, 20.0)
        marks = 7.2 + rng.normal(0, 1.8, 52) / np.sqrt(n)
        q = rolling(marks * n) / rolling(n)
        found = soft_capability(q, 1.8 / np.sqrt(rolling(n)), rolling(n), 7.5, weeks=52)
        wrong_rule += found.verdict == FEASIBLE
        wrong_raw += q.max() >= 7.5
    assert wrong_rule / runs <= 0.02
    assert wrong_raw > wrong_rule
