"""Summaries: from the sums of rollups to marks, one metric at a time and many cells at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.intervals import bounded_mean, kish
from metrics.knots import load_knots
from metrics.registry import metrics
from metrics.summaries import Sums, gather, summarise

COLUMNS = ("n", "w", "w2", "m1", "m2", "v")
MARKED = sorted(one.id for one in metrics().values() if one.marked == "observation")
SHARES = sorted(one.id for one in metrics().values() if one.kind == "share" and one.marked == "aggregate")


def sums(name: str, n: float, mean: float, sd: float = 1.0, value: float | None = None) -> Sums:
    own = mean if value is None else value
    return gather([0], [0], [name], [[n], [n], [n], [n * mean], [n * (mean**2 + sd**2)], [n * own]], 1)


@pytest.mark.parametrize("name", MARKED)
def test_a_metric_marked_per_case_has_the_interval_of_its_marks(name: str) -> None:
    found = summarise(sums(name, 40, 7.0, 1.2))
    own = bounded_mean(40, 40, 280, 40 * (49 + 1.44))
    assert (found.mark[0, 0], found.low[0, 0], found.high[0, 0]) == pytest.approx((7.0, own.low, own.high))
    assert found.variance[0, 0] == pytest.approx(1.44 / 40, rel=0.6)


@pytest.mark.parametrize("name", SHARES)
def test_a_share_has_its_mark_from_the_whole(name: str) -> None:
    found = summarise(sums(name, 400, 0.0, 0.0, value=0.5))
    assert found.value[0, 0] == 0.5
    assert found.low[0, 0] <= found.mark[0, 0] <= found.high[0, 0]
    assert found.variance[0, 0] > 0


@pytest.mark.parametrize("name", ["contacts", "gap", "average_handling_time"])
def test_what_has_no_mark_has_a_value_and_no_more(name: str) -> None:
    found = summarise(sums(name, 10, 5.0))
    assert found.value[0, 0] == 5.0
    assert np.isnan(found.mark[0, 0]) and np.isnan(found.variance[0, 0])


def test_cells_without_cases_are_not_numbers() -> None:
    both = gather([1], [0], ["csat10"], [[9], [9], [9], [63], [450], [63]], 2)
    found = summarise(both)
    assert np.isnan(found.mark[0, 0]) and found.mark[1, 0] == 7.0
    assert found.n.tolist() == [[0.0], [9.0]]


def test_weights_make_the_effective_number() -> None:
    weighted = gather([0], [0], ["csat10"], [[10], [12.0], [20.0], [84.0], [600.0], [84.0]], 1)
    found = summarise(weighted)
    assert found.n_eff[0, 0] == pytest.approx(kish(12.0, 20.0))
    assert found.mark[0, 0] == pytest.approx(7.0)


def test_over_dispersion_may_differ_per_metric() -> None:
    two = gather([0, 0], [0, 1], ["csat10", "wait"], [[50, 50], [50, 50], [50, 50], [350, 350], [2550, 2550], [350, 350]], 1)
    found = summarise(two, phi=[1.0, 4.0])
    assert found.n_eff.tolist() == [[50.0, 12.5]]
    assert found.high[0, 1] - found.low[0, 1] > found.high[0, 0] - found.low[0, 0]


def test_other_knots_give_other_marks_of_the_same_share() -> None:
    strict = {"direction": "higher_better", "basis": "norm", "knots": [[0, 1], [0.9, 5.5], [1, 10]]}
    book = load_knots({"version": 2, "on_time": strict})
    assert summarise(sums("on_time", 100, 0, 0, value=0.9), book=book).mark[0, 0] == pytest.approx(5.5)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 50)), max_size=30))
def test_gathering_keeps_every_case(rows: list[tuple[int, int, int]]) -> None:
    cell, code, n = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    found = gather(cell, code, ["csat", "wait"], [n] * 6, 4)
    for column in COLUMNS:
        assert getattr(found, column).sum() == sum(n)
        assert getattr(found, column).shape == (4, 2)
    assert found.over(0).n.tolist() == found.n.sum(0).tolist()
