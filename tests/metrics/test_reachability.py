"""Reachability: demand while closed counts, and thin demand advises nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.reachability import closed_hours, demand, gain_of_opening, reachability, smooth

OFFICE = np.zeros((7, 24), bool)
OFFICE[:5, 9:17] = True


def grid(value: float = math.nan) -> np.ndarray:
    return np.full((7, 24), value)


def test_demand_is_what_was_offered_tried_or_else_visited() -> None:
    offered, attempts, sessions = grid(0), grid(), grid(20)
    offered[OFFICE] = 10
    sessions[OFFICE] = 100
    attempts[6, 4] = 7
    wanted = demand(offered, attempts, sessions, OFFICE)
    assert wanted[0, 10] == 10
    assert wanted[6, 4] == 7, "who tried is known"
    assert wanted[6, 5] == pytest.approx(2), "who only visited is estimated by the open hours' rate"


def test_without_visits_demand_while_closed_is_unknown() -> None:
    wanted = demand(np.where(OFFICE, 10.0, math.nan), grid(), grid(), OFFICE)
    assert np.isnan(wanted[6, 4]) and wanted[0, 9] == 10
    level = np.where(OFFICE, 0.8, math.nan)
    assert reachability(wanted, OFFICE, level) == pytest.approx(0.8)


def test_closed_hours_lower_reachability() -> None:
    wanted = np.where(OFFICE, 10.0, 1.0)
    level = np.where(OFFICE, 0.9, math.nan)
    share = 0.9 * 10 * OFFICE.sum() / wanted.sum()
    assert reachability(wanted, OFFICE, level) == pytest.approx(share)
    assert math.isnan(reachability(grid(0), OFFICE, level))


def test_the_hours_most_wanted_come_first_with_their_interval() -> None:
    totals = grid(0)
    totals[2, 4], totals[6, 20] = 40, 400
    found = closed_hours(totals, OFFICE, 8)
    assert [(one.day, one.hour) for one in found[:2]] == [(6, 20), (2, 4)]
    assert found[0].missed.value == 50
    assert found[0].missed.low < 50 < found[0].missed.high
    assert len(found) == 168 - OFFICE.sum()


@pytest.mark.parametrize(("total", "advised"), [(0, False), (8, False), (13, False), (16, True), (80, True)])
def test_an_hour_hardly_wanted_is_never_advised(total: float, advised: bool) -> None:
    totals = grid(0)
    totals[0, 3] = total
    assert next(one for one in closed_hours(totals, OFFICE, 8) if (one.day, one.hour) == (0, 3)).advise is advised


def test_smoothing_borrows_from_the_same_hour_of_other_days() -> None:
    rng = np.random.default_rng(1)
    truth = np.where(OFFICE, 30.0, 2.0) * 8
    totals = rng.poisson(truth).astype(float)
    drawn, variance = smooth(totals, 8)
    assert ((drawn - truth / 8) ** 2)[:5].mean() < ((totals / 8 - truth / 8) ** 2)[:5].mean()
    assert (variance >= 0).all()


@given(st.floats(0, 100), st.floats(0, 50))
def test_what_opening_brings_is_missed_times_uplift(missed: float, uplift: float) -> None:
    assert gain_of_opening(missed, uplift) == missed * uplift
