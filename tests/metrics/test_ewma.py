"""The EWMA chart: a solved false-alarm rate."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.ewma import Chart, chart_for, follow, in_control_run, run_length


@pytest.mark.parametrize(
    ("run", "slow", "fast"),
    [
        (500, 2.814, 2.962),
        (1000, 3.059, 3.187),
        (2016, 3.286, 3.398),
        (5000, 3.557, 3.652),
        (10080, 3.751, 3.836),
        (20160, 3.933, 4.010),
    ],
)
def test_limits_of_the_specification(run: float, slow: float, fast: float) -> None:
    assert chart_for(run).limit == pytest.approx(slow, abs=6e-4)
    assert chart_for(run, 0.2).limit == pytest.approx(fast, abs=6e-4)


@pytest.mark.parametrize(("run", "one", "two"), [(500, 10.3, 4.4), (1000, 11.7, 4.8), (10080, 16.9, 6.0)])
def test_delays_of_the_specification(run: float, one: float, two: float) -> None:
    chart = chart_for(run)
    assert run_length(chart.smoothing, chart.limit, 1.0) == pytest.approx(one, abs=0.06)
    assert run_length(chart.smoothing, chart.limit, 2.0) == pytest.approx(two, abs=0.06)


def test_the_wall_has_one_budget_for_all_tiles() -> None:
    assert in_control_run(30, 84, 1) == 2520
    assert in_control_run(30, 84, 2) == 1260


@pytest.mark.parametrize("run", [10, 99, 2e6, math.inf])
def test_an_impossible_budget_is_refused(run: float) -> None:
    with pytest.raises(ValueError, match="false alarms"):
        chart_for(run)


def test_simulated_run_lengths_are_the_solved_ones() -> None:
    rng, chart = np.random.default_rng(1), chart_for(200)
    alarms = sum(alarm for _, alarm in follow(chart, rng.normal(size=60_000)))
    assert 60_000 / alarms == pytest.approx(200, rel=0.15)


def test_a_real_shift_is_found_soon_and_acknowledged_once() -> None:
    chart = chart_for(2520)
    path = follow(chart, [0.0] * 20 + [-2.0] * 12)
    first = next(i for i, (_, alarm) in enumerate(path) if alarm)
    assert 20 <= first <= 27
    assert path[first][0] < 0
    assert chart.severity(path[first][0]) > 1
    assert abs(path[first + 1][0]) < chart.bound, "it starts again after an alarm"


def test_two_shifts_that_cancel_raise_no_alarm() -> None:
    assert not any(alarm for _, alarm in follow(chart_for(500), [1.5, -1.5] * 50))


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=50))
def test_the_smoothed_statistic_stays_within_what_it_saw(values: list[float]) -> None:
    assert all(abs(state) <= 3 for state, _ in follow(Chart(0.1, 99.0), values))


@pytest.mark.parametrize("smoothing", [0.05, 0.1, 0.3, 1.0])
def test_a_solved_limit_gives_the_run_length_back(smoothing: float) -> None:
    chart = chart_for(370, smoothing)
    assert run_length(smoothing, chart.limit) == pytest.approx(370, rel=1e-6)


def test_without_smoothing_it_is_shewharts_chart() -> None:
    from scipy.stats import norm

    assert run_length(1.0, 3.0) == pytest.approx(1 / (2 * norm.sf(3.0)), rel=1e-3)


@pytest.mark.parametrize("shift", [0.0, 0.5, 1.0, 2.0])
def test_a_shift_shortens_the_run_either_way(shift: float) -> None:
    assert run_length(0.1, 2.8, shift) == pytest.approx(run_length(0.1, 2.8, -shift))
    assert run_length(0.1, 2.8, shift + 0.5) < run_length(0.1, 2.8, shift)
