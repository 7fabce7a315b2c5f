"""The gap, its interval, and its shape."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.gap import gap, gap_shape, paired_gap
from metrics.intervals import Interval


def test_the_gap_of_the_specification() -> None:
    shown = gap(Interval(7.1, 6.6, 7.5), Interval(8.0, 7.7, 8.3))
    assert (round(shown.value, 2), round(shown.low, 2), round(shown.high, 2)) == (-0.9, -1.48, -0.40)


@pytest.mark.parametrize(
    ("value", "low", "high", "shape"),
    [
        (-0.9, -1.5, -0.4, "below"),
        (-0.1, -0.2, -0.01, "below"),
        (0.9, 0.4, 1.5, "above"),
        (0.0, -0.3, 0.3, "on"),
        (0.1, -0.31, 0.3, "unsure"),
        (0.0, -0.9, 0.9, "unsure"),
        (math.nan, math.nan, math.nan, "unsure"),
    ],
)
def test_the_shape_on_screen(value: float, low: float, high: float, shape: str) -> None:
    assert gap_shape(Interval(value, low, high)) == shape


def test_the_same_customers_are_compared_with_themselves() -> None:
    rng = np.random.default_rng(1)
    expected = rng.normal(7.5, 1.5, 100)
    perceived = expected + 0.4 + rng.normal(0, 0.5, 100)
    paired = paired_gap(perceived, expected)
    apart = gap(*(Interval(x.mean(), x.mean() - 0.3, x.mean() + 0.3) for x in (perceived, expected)))
    assert paired.half < apart.half / 2
    assert paired.low > 0


def test_thirty_pairs_use_students_t() -> None:
    off = np.tile([1.0, -1.0, 0.5], 20)
    shown = paired_gap(off + 7, np.full(60, 7.0))
    from scipy.stats import ttest_1samp

    low, high = ttest_1samp(off, 0).confidence_interval()
    assert (shown.low, shown.high) == pytest.approx((low, high))


def test_fewer_use_a_seeded_bootstrap_that_follows_skew() -> None:
    off = np.r_[np.zeros(12), [6.0, 7.0]]
    shown = paired_gap(off + 2, np.full(14, 2.0))
    assert shown == paired_gap(off + 2, np.full(14, 2.0))
    assert shown.high - shown.value > shown.value - shown.low
    same = paired_gap([7, 8, 9], [7, 8, 9])
    assert (same.low, same.value, same.high) == (0, 0, 0)


@pytest.mark.parametrize(("first", "second"), [([7], [7]), ([7, 8], [7, 8, 9]), ([], [])])
def test_unequal_or_too_few_pairs_are_refused(first: list[float], second: list[float]) -> None:
    with pytest.raises(ValueError, match="paired gap"):
        paired_gap(first, second)


@given(st.floats(1, 10), st.floats(1, 10), st.floats(0, 1), st.floats(0, 1))
def test_the_gap_turns_when_sides_are_changed(d: float, e: float, half_d: float, half_e: float) -> None:
    one, other = Interval(d, d - half_d, d + half_d), Interval(e, e - half_e, e + half_e)
    there, back = gap(one, other), gap(other, one)
    assert there.value == pytest.approx(-back.value)
    assert there.low == pytest.approx(-back.high)
