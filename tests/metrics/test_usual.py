"""Usual: normal per hour, channel and measure; a calm year stays within its budget of false alarms, a planted fall is found."""

import numpy as np
import pytest

from metrics.usual import usual_of
from tests.metrics.made_hours import HOURS_A_WEEK, alarms_of, between, made_hours

BUDGET, STAGES = 0.25, 7


def fitted(rows, weeks=8):
    base = between(rows, 0, weeks * HOURS_A_WEEK)
    return usual_of(base, (weeks * HOURS_A_WEEK - 1 - base["bucket"]) // HOURS_A_WEEK)


@pytest.mark.parametrize(("an_hour", "spread"), [(1, 0.0), (8, 0.09), (60, 0.09)])
def test_a_calm_year_raises_no_more_alarms_than_its_budget_allows(an_hour, spread):
    """Fifty weeks of three stages of seven: the budget allows them 5.4 alarms together, and chance at most 10 once in 25 runs."""
    alarms = 0
    for seed in range(3):
        alarms += len(alarms_of(made_hours(np.random.default_rng(seed), an_hour, 60, spread), 60, STAGES, BUDGET))
    assert alarms <= 10


@pytest.mark.parametrize(("an_hour", "drop", "hours"), [(8, -1.0, 48), (60, -0.8, 24), (60, -1.5, 12)])
def test_a_planted_fall_is_found_within_hours_and_dated(an_hour, drop, hours):
    for seed in range(3):
        shift = np.zeros(14 * HOURS_A_WEEK)
        planted = 11 * HOURS_A_WEEK + 58 + 9 * seed
        shift[planted:] = drop
        found = [
            one
            for one in alarms_of(made_hours(np.random.default_rng(40 + seed), an_hour, 14, 0.05, shift), 14, STAGES, BUDGET)
            if one[0] > planted
        ]
        assert found
        assert found[0][0] - planted <= hours
        assert abs(found[0][1] - planted) <= hours


def test_a_fall_that_stands_is_one_alarm_and_not_many():
    shift = np.zeros(14 * HOURS_A_WEEK)
    shift[11 * HOURS_A_WEEK + 30 :] = -0.8
    rows = made_hours(np.random.default_rng(3), 60, 14, 0.05, shift)
    assert len(alarms_of(rows, 12, STAGES, BUDGET)) == 1


def test_other_customers_are_no_fall():
    """Chat comes four times as often, and its marks differ from the rest: each case is held against its own channel."""
    mix = np.ones(12 * HOURS_A_WEEK)
    mix[11 * HOURS_A_WEEK :] = 4.0
    rows = made_hours(np.random.default_rng(5), 60, 12, 0.0, mix=mix)
    updates = fitted(rows, 10).updates(between(rows, 11 * HOURS_A_WEEK, 12 * HOURS_A_WEEK))
    assert abs(float(np.mean(updates.short))) < 0.05
    assert alarms_of(rows, 12, STAGES, BUDGET) == []


def test_quiet_stages_take_longer_steps_and_silent_ones_none():
    steps = [fitted(made_hours(np.random.default_rng(1), an_hour, 8)).step for an_hour in (60, 8, 1)]
    assert steps == sorted(steps)
    assert steps[0] == 1
    assert steps[2] > 6
    assert fitted(made_hours(np.random.default_rng(1), 0.02, 8)) is None


def test_standard_values_of_a_calm_stage_are_standard():
    rows = made_hours(np.random.default_rng(9), 30, 20, 0.05)
    updates = fitted(rows).updates(between(rows, 8 * HOURS_A_WEEK, 20 * HOURS_A_WEEK))
    assert abs(float(np.mean(updates.z))) < 0.1
    assert 0.8 < float(np.std(updates.z)) < 1.15


def test_a_hundredfold_of_cases_does_not_feign_certainty():
    """Hours that differ by themselves go on doing so, however many cases each has."""
    rows = made_hours(np.random.default_rng(2), 8, 8, 0.15)
    usual = fitted(rows)
    many = between(made_hours(np.random.default_rng(3), 800, 10, 0.15), 8 * HOURS_A_WEEK, 10 * HOURS_A_WEEK)
    assert float(np.std(usual.updates(many).z)) < 1.5


def test_small_steps_wait_for_five_cases():
    usual = fitted(made_hours(np.random.default_rng(4), 60, 8))
    one = {
        name: np.array([value] * 3)
        for name, value in (("day", 0), ("channel", "email"), ("metric", "csat"), ("n", 2), ("w", 2), ("w2", 2))
    }
    rows = {**one, "bucket": np.array([9, 10, 11]), "hour": np.array([9, 10, 11]), "m1": np.full(3, 8.0), "m2": np.full(3, 33.0)}
    updates = usual.updates(rows)
    assert updates.at.tolist() == [9]
    assert float(updates.n[0]) >= 5
    assert float(updates.short[0]) < -1
