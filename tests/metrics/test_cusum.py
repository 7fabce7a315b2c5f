"""The CUSUM chart for slow drift."""

from __future__ import annotations

import numpy as np
import pytest

from metrics import cusum


@pytest.mark.parametrize(("run", "bound"), [(500, 5.07), (1000, 5.757), (5000, 7.361), (10080, 8.061)])
def test_cusum_bounds_of_the_specification(run: float, bound: float) -> None:
    assert cusum.bound_for(run) == pytest.approx(bound, abs=2e-3)


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


def test_simulated_run_lengths_are_the_solved_ones() -> None:
    rng = np.random.default_rng(7)
    alarms = sum(alarm for _, _, alarm in cusum.follow(rng.normal(size=80_000), 4.0))
    assert 80_000 / alarms == pytest.approx(cusum.run_length(0.5, 4.0), rel=0.12)


@pytest.mark.parametrize("run", [200.0, 1000.0, 5000.0])
def test_a_solved_bound_gives_the_run_length_back(run: float) -> None:
    assert cusum.run_length(0.5, cusum.bound_for(run)) == pytest.approx(run, rel=1e-5)


def test_rare_events_that_come_more_often_are_found_sooner() -> None:
    lengths = [cusum.poisson_run(0.5, 4, mean) for mean in (0.25, 0.5, 1.0, 2.0)]
    assert lengths == sorted(lengths, reverse=True)
    assert cusum.poisson_run(0.5, 4, 1.0, start=2) < cusum.poisson_run(0.5, 4, 1.0), "a head start alarms sooner"
