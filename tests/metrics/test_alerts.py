"""Alerts: charts with a solved false-alarm rate, the statistic they follow, and the replay that checks them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import cusum
from metrics.alerts import Replay, count_z, dispersion, mark_z, merge_small, replay, share_z, urgency
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


@pytest.mark.parametrize(("run", "bound"), [(500, 5.07), (1000, 5.757), (5000, 7.361), (10080, 8.061)])
def test_cusum_bounds_of_the_specification(run: float, bound: float) -> None:
    assert cusum.bound_for(run) == pytest.approx(bound, abs=2e-3)


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


def test_cusum_adds_up_slow_drift() -> None:
    drift = [0.9] * 30
    assert not any(abs(z) > 3 for z in drift)
    path = cusum.follow(drift, cusum.bound_for(500))
    assert any(alarm for _, _, alarm in path)
    assert cusum.follow([-0.9] * 30, 5.07)[5][1] > 0


def test_siegmund_is_near_enough_to_check_by_hand() -> None:
    for bound in (4.0, 5.0, 8.0):
        assert cusum.siegmund(0.5, bound) == pytest.approx(cusum.one_sided_run(0.5, bound), rel=0.02)
    assert cusum.siegmund(0.5, 4.0, 0.5) == pytest.approx((4 + 1.166) ** 2)


@pytest.mark.parametrize("p", [0.5, 0.8, 0.95])
def test_a_share_on_its_baseline_is_ordinary(p: float) -> None:
    rng = np.random.default_rng(2)
    z = share_z(rng.binomial(200, p, 20_000), 200, p)
    assert abs(z.mean()) < 0.12
    assert z.std() == pytest.approx(1.0, abs=0.03)


def test_uncertainty_of_the_baseline_and_dispersion_tone_it_down() -> None:
    plain = abs(float(share_z(120, 200, 0.8)))
    assert abs(float(share_z(120, 200, 0.8, v_base=0.01))) < plain
    assert abs(float(share_z(120, 200, 0.8, phi=4.0))) == pytest.approx(plain / 2)


def test_marks_and_counts() -> None:
    assert float(mark_z(6.0, 25, 7.0, 4.0)) == pytest.approx(-2.5)
    assert float(mark_z(6.0, 25, 7.0, 4.0, v_base=0.09)) == pytest.approx(-2.0)
    assert float(count_z(36, 36)) == 0
    assert float(count_z(64, 36)) == pytest.approx(4, abs=0.1)
    assert float(count_z(64, 36, phi=4)) == pytest.approx(2, abs=0.05)


def test_dispersion_is_found_and_an_incident_drawn_in() -> None:
    rng = np.random.default_rng(3)
    z = rng.normal(0, 1.5, 5000)
    assert dispersion(z) == pytest.approx(2.25, rel=0.06)
    assert dispersion(np.r_[z, [40.0] * 10]) < 2.6
    assert dispersion(rng.normal(0, 0.5, 100)) == 1.0
    assert dispersion([]) == 1.0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=30))
def test_small_updates_wait_for_company(rows: list[tuple[int, int]]) -> None:
    x, n = np.array(rows).T
    merged_x, merged_n, at = merge_small(x, n)
    assert (merged_n >= 5).all()
    assert merged_n.sum() <= n.sum()
    if len(at):
        assert merged_x.sum() == x[: at[-1] + 1].sum()
        assert merged_n.sum() == n[: at[-1] + 1].sum()


def test_the_replay_measures_the_budget() -> None:
    rng = np.random.default_rng(4)
    weeks = [rng.normal(size=84) for _ in range(12)]
    found = replay(chart_for(500), weeks, budget=84 / 500, draws=60)
    assert found.weeks == 12
    assert found.budget == pytest.approx(0.168)
    assert 0 <= found.per_week < 0.6
    wild = replay(chart_for(500), [2 * week for week in weeks], budget=84 / 500, draws=60)
    assert wild.per_week > 5 * found.budget, "over-dispersion that was forgotten shows here"


def test_the_replay_is_seeded_and_needs_a_history() -> None:
    weeks = [np.random.default_rng(i).normal(size=30) for i in range(3)]
    assert replay(chart_for(100), weeks, 1.0, draws=20) == replay(chart_for(100), weeks, 1.0, draws=20)
    assert isinstance(replay(chart_for(100), weeks, 1.0, draws=1), Replay)
    with pytest.raises(ValueError, match="history"):
        replay(chart_for(100), [[], []], 1.0)


def test_what_touches_more_customers_comes_first() -> None:
    assert urgency(1.1, 400, -0.5) > urgency(3.0, 20, -0.5)
    assert urgency(2.0, 400, 0.5) == 0
