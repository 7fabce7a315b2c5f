"""Difference in differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.panel import did_2x2, difference_in_differences


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3))
def test_the_panel_of_two_by_two_is_the_double_difference(a: float, b: float, c: float, d: float) -> None:
    y = np.array([[a, c], [a, c], [b, d], [b, d]])
    assert difference_in_differences(y, [True, False], 2).beta == pytest.approx(did_2x2(a, b, c, d))


def test_the_panel_takes_off_what_changed_everywhere() -> None:
    rng = np.random.default_rng(11)
    cell, week = rng.normal(7, 1, 12), rng.normal(0, 1, (40, 1))
    y = cell + week + rng.normal(0, 0.1, (40, 12))
    touched = np.arange(12) < 4
    y[30:, touched] += 0.5
    found = difference_in_differences(y, touched, 30)
    assert found.how == "cluster"
    assert found.beta == pytest.approx(0.5, abs=0.1)
    assert found.interval.low > 0 and found.p < 0.01
    assert found.trend_p > 0.10


def test_an_earlier_trend_is_caught() -> None:
    rng = np.random.default_rng(12)
    y = 7 + rng.normal(0, 0.05, (40, 12))
    touched = np.arange(12) < 4
    y[:, touched] += np.linspace(0, 1, 40)[:, None]
    assert difference_in_differences(y, touched, 30).trend_p < 0.10


def test_few_cells_are_permuted() -> None:
    rng = np.random.default_rng(13)
    y = 7 + rng.normal(0, 0.1, (30, 6))
    y[20:, 0] += 2
    found = difference_in_differences(y, np.arange(6) == 0, 20)
    assert (found.how, found.p) == ("permutation", pytest.approx(1 / 6))


@pytest.mark.parametrize(("touched", "start"), [([True, True], 5), ([False, False], 5), ([True, False], 1), ([True, False], 9)])
def test_a_panel_without_both_sides_is_refused(touched: list[bool], start: int) -> None:
    with pytest.raises(ValueError, match="difference in differences"):
        difference_in_differences(np.ones((10, 2)), touched, start)
