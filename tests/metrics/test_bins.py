"""Duration bins: exact where a promise can stand."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.bins import BINS, DAY, EDGES, HOUR, MINUTE, OPEN, STEPS, bin_of, is_edge, quantile, share_within, within

SECONDS = st.floats(0, 40 * DAY)
PROMISED = (
    10,
    20,
    30,
    60,
    120,
    180,
    300,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    DAY,
    2 * DAY,
    5 * DAY,
    7 * DAY,
    14 * DAY,
)


def counts_of(seconds: list[float], still_open: int = 0) -> dict[int, float]:
    return {**Counter(bin_of(s) for s in seconds), OPEN: still_open}


def test_edges_rise_from_a_second_to_thirty_days_by_five_percent_at_most() -> None:
    edges = np.array(EDGES)
    assert edges[0] == 1.0
    assert edges[-1] >= 30 * DAY
    assert (np.diff(edges) > 0).all()
    assert (edges[1:] / edges[:-1]).max() < 1.0506
    assert len(EDGES) + 1 == BINS


@pytest.mark.parametrize("promised", sorted({*PROMISED, *STEPS}))
def test_every_communicable_step_is_an_edge(promised: float) -> None:
    assert is_edge(promised)


@given(SECONDS)
def test_a_duration_lies_in_its_bin(seconds: float) -> None:
    at = bin_of(seconds)
    assert 0 <= at < BINS
    assert at == len(EDGES) or seconds <= EDGES[at]
    assert at == 0 or seconds > EDGES[at - 1]


@pytest.mark.parametrize("seconds", [-0.001, math.nan])
def test_an_impossible_duration_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="duration"):
        bin_of(seconds)


@given(st.lists(SECONDS, min_size=1, max_size=50), st.sampled_from(PROMISED))
def test_the_share_within_a_promise_is_exact(seconds: list[float], promised: float) -> None:
    exact = sum(s <= promised for s in seconds) / len(seconds)
    assert share_within(counts_of(seconds), promised) == pytest.approx(exact)


@given(st.lists(SECONDS, min_size=1, max_size=50), st.floats(1, 30 * DAY))
def test_between_edges_it_is_off_by_one_bin_at_most(seconds: list[float], at: float) -> None:
    exact = sum(s <= at for s in seconds)
    kept, n = within(counts_of(seconds), at)
    same_bin = sum(bin_of(s) == bin_of(at) for s in seconds)
    assert abs(kept - exact) <= same_bin + 1e-9
    assert n == len(seconds)


def test_what_is_not_answered_counts_as_not_kept() -> None:
    counts = counts_of([20, 40], still_open=2)
    assert share_within(counts, 30) == 0.25
    assert share_within(counts, 30, open_due=0) == 0.5, "unless it is younger than the promise"


def test_without_cases_there_is_no_share() -> None:
    assert math.isnan(share_within({}, 60))
    assert math.isnan(quantile({}, 0.5))


@given(st.lists(st.floats(2, 30 * DAY), min_size=5, max_size=80), st.floats(0.05, 1.0))
def test_a_quantile_lies_within_five_percent_of_the_data(seconds: list[float], q: float) -> None:
    exact = sorted(seconds)[max(0, math.ceil(q * len(seconds) - 1e-9) - 1)]
    found = quantile(counts_of(seconds), q)
    assert exact / 1.0506 <= found <= exact * 1.0506


def test_a_quantile_among_the_open_or_the_very_long_is_infinite() -> None:
    assert math.isinf(quantile(counts_of([10, 20], still_open=8), 0.5))
    assert math.isinf(quantile(counts_of([40 * DAY]), 0.5))


def test_counts_may_be_a_list_by_bin() -> None:
    listed = [0.0] * BINS
    listed[bin_of(30)] = 3
    listed[bin_of(400)] = 1
    assert share_within(listed, 30) == 0.75
    assert quantile(listed, 0.75) == 30
