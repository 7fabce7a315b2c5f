"""Intervals: closed forms, arrays, and the behaviour that makes them fit for few customers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.intervals import (
    Interval,
    bounded_mean,
    bounded_mean_of,
    difference,
    kish,
    mover,
    net_promoter,
    poisson,
    wilson,
)

MARKS = st.lists(st.floats(1, 10), min_size=1, max_size=40)


def of_marks(marks: list[float], **more: float) -> Interval:
    x = np.array(marks)
    return bounded_mean(len(x), len(x), float(x.sum()), float((x * x).sum()), **more)


@given(MARKS)
def test_b3_stays_within_the_scale_and_round_its_mean(marks: list[float]) -> None:
    shown = of_marks(marks)
    assert 1 <= shown.low <= shown.high <= 10
    assert shown.value == pytest.approx(np.mean(marks))


def test_b3_on_three_marks_is_the_adjusted_wald_interval_of_an_nps() -> None:
    shown = of_marks([10] * 60 + [5.5] * 25 + [1] * 15)
    nps = net_promoter(60, 25, 15)
    assert (shown.low - 5.5) / 4.5 == pytest.approx(nps.low)
    assert (shown.high - 5.5) / 4.5 == pytest.approx(nps.high)


def test_five_equal_marks_are_not_certainty() -> None:
    shown = of_marks([9.0] * 5)
    assert shown.low < 7
    assert shown.half > 1


def test_more_customers_narrow_it_by_the_root_of_their_number() -> None:
    few, many = of_marks([6.0, 8.0] * 50), of_marks([6.0, 8.0] * 5000)
    assert few.half / many.half == pytest.approx(10, rel=0.2)


@pytest.mark.parametrize("name", ["usual", "good"])
def test_b3_covers_the_truth(name: str) -> None:
    marks, p = {"usual": ([4, 5.5, 7, 8, 9, 10], [0.1, 0.15, 0.25, 0.25, 0.15, 0.1]), "good": ([1, 7.75, 10], [0.05, 0.25, 0.7])}[
        name
    ]
    rng, n, draws = np.random.default_rng(1), 12, 4000
    x = rng.choice(marks, p=p, size=(draws, n))
    shown = bounded_mean(np.full(draws, n), np.full(draws, n), x.sum(1), (x * x).sum(1))
    truth = float(np.dot(marks, p))
    assert 0.92 <= float(((shown.low <= truth) & (truth <= shown.high)).mean()) <= 0.985


def test_weights_count_by_their_effective_number() -> None:
    assert kish(10, 10) == 10
    assert kish(11, 101) == pytest.approx(121 / 101)
    equal, lopsided = bounded_mean(10, 10, 75, 570), bounded_mean(10, 40, 75, 570)
    assert lopsided.half > equal.half
    assert lopsided.value == equal.value


def test_over_dispersion_widens_as_if_fewer_had_spoken() -> None:
    assert of_marks([6.0, 8.0] * 40, phi=4.0).half == pytest.approx(of_marks([6.0, 8.0] * 10).half)


def test_without_cases_there_is_no_mean() -> None:
    shown = bounded_mean(0, 0, 0, 0)
    assert math.isnan(shown.value)
    assert kish(0, 0) == 0
    both = bounded_mean(np.array([0, 4]), np.array([0, 4]), np.array([0, 28]), np.array([0, 200]))
    assert np.isnan(both.value[0]) and both.value[1] == 7


@given(MARKS)
def test_arrays_and_floats_agree(marks: list[float]) -> None:
    one = of_marks(marks)
    x = np.array(marks)
    many = bounded_mean(*(np.array([s, s]) for s in (len(x), len(x), x.sum(), (x * x).sum())))
    assert many.low[1] == pytest.approx(one.low)
    assert many.high[0] == pytest.approx(one.high)


def test_from_moments_is_the_same() -> None:
    x = np.array([5.0, 6, 9, 10])
    assert bounded_mean_of(x.mean(), x.var(), 4) == of_marks(x.tolist())


@given(st.integers(0, 200), st.integers(1, 200))
def test_wilson_holds_the_share_and_stays_within_zero_and_one(x: int, extra: int) -> None:
    n = x + extra
    shown = wilson(x, n)
    assert 0 <= shown.low <= shown.value + 1e-12 <= shown.high + 2e-12 <= 1 + 3e-12


@given(st.integers(0, 60), st.integers(1, 60))
def test_wilson_agrees_with_statsmodels(x: int, extra: int) -> None:
    from statsmodels.stats.proportion import proportion_confint

    shown = wilson(x, x + extra)
    low, high = proportion_confint(x, x + extra, method="wilson")
    assert (shown.low, shown.high) == pytest.approx((low, high), abs=1e-12)


def test_wilson_of_nobody_is_not_a_number() -> None:
    assert math.isnan(wilson(0, 0).value)
    assert wilson(np.array([0, 1]), np.array([0, 2])).value[1] == 0.5


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 50))
def test_nps_stays_within_its_scale(up: int, flat: int, down: int) -> None:
    shown = net_promoter(up, flat, down)
    assert -1 <= shown.low <= shown.high <= 1
    assert shown.value == pytest.approx((up - down) / (up + flat + down))


def test_nps_coverage_with_ten_answers_beats_plain_wald() -> None:
    rng = np.random.default_rng(2)
    n = rng.multinomial(10, [0.6, 0.25, 0.15], size=4000)
    shown = net_promoter(n[:, 0], n[:, 1], n[:, 2])
    assert 0.92 <= float(((shown.low <= 0.45) & (shown.high >= 0.45)).mean()) <= 0.98


def test_mover_of_symmetric_parts_adds_squares() -> None:
    total = mover([Interval(1.0, 0.7, 1.3), Interval(2.0, 1.6, 2.4)], [1, 1])
    assert total.half == pytest.approx(0.5)


def test_mover_keeps_skew_and_turns_it_for_negative_weights() -> None:
    skewed = Interval(5.0, 4.0, 5.5)
    turned = mover([skewed], [-2])
    assert (turned.value, turned.low, turned.high) == pytest.approx((-10, -11, -8))


def test_a_difference_is_the_gap_of_the_specification() -> None:
    shown = difference(Interval(7.1, 6.6, 7.5), Interval(8.0, 7.7, 8.3))
    assert (round(shown.value, 2), round(shown.low, 2), round(shown.high, 2)) == (-0.9, -1.48, -0.40)


def test_parts_and_weights_must_match() -> None:
    with pytest.raises(ValueError, match="shorter"):
        mover([Interval(1.0, 0.0, 2.0)], [1, 1])


@pytest.mark.parametrize(("events", "low", "high"), [(0, 0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39)])
def test_poisson_is_garwoods(events: int, low: float, high: float) -> None:
    shown = poisson(events)
    assert (shown.low, shown.high) == pytest.approx((low, high), abs=0.005)
