"""Falls: one alarm per fall, ended once it is over, dated by where the level changed; small and short of evidence is none."""

import numpy as np
import pytest

from metrics.cusum import bound_for
from metrics.ewma import chart_for
from metrics.fall import drifts, falls, onset

CHART = chart_for(5000)


def values(*levels, size=40, seed=1):
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.normal(level, 1, size) for level in levels])


def found(z, size=20, mark=0.4):
    return falls(CHART, z, z * mark, np.full(len(z), size))


def test_a_fall_begins_stands_and_ends_once():
    falls_found = found(values(0, -2, 0, 0))
    assert len(falls_found) == 1
    fall = falls_found[0]
    assert 35 <= fall.since <= 43
    assert fall.since < fall.found <= 50
    assert fall.ended is not None
    assert 80 <= fall.ended <= 100
    assert fall.severity > 1


def test_what_stands_has_no_end():
    assert found(values(0, -2))[0].ended is None


@pytest.mark.parametrize("seed", range(5))
def test_a_level_near_the_bound_does_not_flap(seed):
    """400 updates that hover where the alarm begins: a chart without hysteresis would go on and off all the time."""
    z = np.random.default_rng(seed).normal(-CHART.bound, 1, 400)
    plain = 0
    state, was = 0.0, False
    for value in z:
        state = CHART.step(state, value)
        plain += (state < -CHART.bound) and not was
        was = state < -CHART.bound
    assert 1 <= len(found(z)) <= plain / 3
    assert len(found(z)) <= 5


def test_a_rise_is_no_fall():
    assert found(values(0, 3)) == []


def test_a_shortfall_that_nobody_notices_is_no_alarm():
    z = values(0, -3)
    assert found(z, mark=0.05) == []
    assert found(z, mark=0.4) != []


def test_fewer_than_ten_cases_are_no_alarm():
    z = np.full(3, -9.0)
    assert falls(CHART, z, z, np.full(3, 3.0)) == []
    assert falls(CHART, z, z, np.full(3, 5.0)) != []


def test_a_fall_that_stood_before_goes_on_or_ends():
    going = falls(CHART, np.full(6, -2.0), np.full(6, -0.8), np.full(6, 20), standing=True)
    assert [(one.since, one.ended) for one in going] == [(0, None)]
    over = falls(CHART, np.full(16, 0.5), np.full(16, 0.2), np.full(16, 20), standing=True)
    assert over[0].ended is not None


def test_the_onset_is_where_the_level_changed():
    z = values(0.2, -2.5, size=30, seed=4)
    fall = found(z)[0]
    assert abs(onset(list(z), fall) - 30) <= 1


def test_a_slow_drift_is_found_that_no_single_week_would_show():
    slope = np.concatenate([np.zeros(4), -np.arange(1, 10) * 0.45])
    slow = drifts(bound_for(140.0), slope, slope * 0.4, np.full(13, 60))
    assert len(slow) == 1
    assert slow[0].since == 5
    assert slow[0].ended is None


def test_weeks_of_chance_drift_no_more_than_the_run_length_says():
    """4,000 weeks, one alarm in 140 both ways: some 14 downward, and never more than 25."""
    z = np.random.default_rng(8).normal(0, 1, 4000)
    assert len(drifts(bound_for(140.0), z, z, np.full(4000, 60))) <= 25
