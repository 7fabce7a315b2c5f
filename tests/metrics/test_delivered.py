"""Delivered: groups, weights, intervals and what must be said beside the mark."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.delivered import Delivered, delivered
from metrics.intervals import bounded_mean, wilson
from metrics.knots import default_knots
from metrics.summaries import Sums, gather, share_summary, summarise


def cell(**metrics: tuple[float, float, float]) -> Sums:
    """One cell: per metric (cases, mean mark or value for shares, sd of marks)."""
    columns = [[], [], [], [], [], []]
    for n, mean, sd in metrics.values():
        for column, x in zip(columns, (n, n, n, n * mean, n * (mean**2 + sd**2), n * mean), strict=True):
            column.append(x)
    k = len(metrics)
    return gather([0] * k, list(range(k)), list(metrics), columns, 1)


def one(**metrics: tuple[float, float, float]) -> Delivered:
    return delivered(summarise(cell(**metrics)))


def test_a_hundred_thousand_calls_do_not_drown_forty_marks() -> None:
    found = one(csat10=(40, 5.0, 2.0), wait=(100_000, 9.0, 1.0))
    assert found.value[0] == pytest.approx((0.5 * 5 + 0.25 * 9) / 0.75)
    assert found.high[0] - found.low[0] > 0.5, "and their uncertainty stays visible"


def test_weights_are_shared_out_over_the_groups_present() -> None:
    all_three = one(csat10=(50, 6.0, 1.0), sentiment=(50, 7.0, 1.0), wait=(50, 8.0, 1.0))
    assert all_three.value[0] == pytest.approx(0.5 * 6 + 0.25 * 7 + 0.25 * 8)
    assert one(sentiment=(50, 7.0, 1.0)).value[0] == pytest.approx(7.0)
    assert all_three.groups[0].tolist() == pytest.approx([6, 7, 8])


def test_two_metrics_of_a_group_weigh_equally_and_three_by_their_precision() -> None:
    two = one(csat10=(1000, 6.0, 1.0), nps=(10, 8.0, 1.0))
    assert two.value[0] == pytest.approx(7.0)
    three = one(csat10=(1000, 7.0, 1.0), nps=(10, 7.4, 1.0), ces=(1000, 7.0, 1.0))
    assert 7.0 <= three.value[0] < 7.1


def test_the_interval_of_one_metric_is_its_own() -> None:
    found = one(csat10=(25, 7.0, 1.5))
    own = bounded_mean(25, 25, 175, 25 * (49 + 2.25))
    assert (found.low[0], found.high[0]) == pytest.approx((own.low, own.high))


def test_a_share_is_marked_as_an_aggregate_through_wilson() -> None:
    knots = default_knots().of("resolved_first")
    found = one(resolved_first=(200, 0.8, 0.0))
    shown = wilson(160, 200)
    assert found.value[0] == pytest.approx(8.0)
    assert (found.low[0], found.high[0]) == pytest.approx((knots.mark(shown.low), knots.mark(shown.high)))


def test_a_falling_share_turns_its_interval() -> None:
    mark, low, high, variance = share_summary(np.array([0.05]), np.array([400.0]), default_knots().of("abandoned"))
    assert low[0] < mark[0] < high[0]
    assert variance[0] > 0


def test_model_uncertainty_is_added_where_a_line_rests_on_a_model() -> None:
    much = share_summary(0.7, 1e9, default_knots().of("csat_top2"))[3]
    assert float(much) == pytest.approx(0.2**2, rel=5e-3)


def test_without_customers_own_marks_it_is_derived_and_never_solid() -> None:
    found = one(sentiment=(5000, 7.0, 2.0), wait=(5000, 8.0, 1.0))
    assert found.derived[0]
    assert found.status[0] == "indicative"
    with_own = one(csat=(60, 7.0, 1.5), sentiment=(5000, 7.0, 2.0))
    assert not with_own.derived[0]
    assert with_own.status[0] == "solid"


def test_sources_that_contradict_each_other_are_not_hidden_in_a_mean() -> None:
    assert one(csat10=(50, 5.0, 1.0), wait=(50, 8.0, 1.0)).contradict[0]
    assert not one(csat10=(50, 7.0, 1.0), wait=(50, 8.0, 1.0)).contradict[0]


def test_counts_have_no_mark() -> None:
    found = one(contacts=(900, 1.0, 0.0), csat10=(40, 7.0, 1.0))
    assert found.value[0] == pytest.approx(7.0)
    assert found.n[0] == 40
    nothing = one(contacts=(900, 1.0, 0.0))
    assert np.isnan(nothing.value[0])
    assert nothing.status[0] == "too_few"


def test_over_dispersion_widens_every_interval() -> None:
    sums = cell(csat10=(50, 7.0, 1.5), resolved_first=(50, 0.8, 0.0))
    plain, wide = summarise(sums), summarise(sums, phi=3.0)
    assert ((wide.high - wide.low) > (plain.high - plain.low)).all()
    assert (wide.variance > plain.variance).all()


@given(st.lists(st.tuples(st.integers(1, 400), st.floats(1, 10), st.floats(0, 2)), min_size=1, max_size=4))
def test_the_mark_lies_between_its_parts_and_within_its_interval(parts: list[tuple[int, float, float]]) -> None:
    names = ["csat10", "nps", "sentiment", "wait"]
    found = one(**dict(zip(names, [(float(n), m, s) for n, m, s in parts], strict=False)))
    marks = [m for _, m, _ in parts]
    assert min(marks) - 1e-9 <= found.value[0] <= max(marks) + 1e-9
    assert found.low[0] <= found.value[0] + 1e-9
    assert found.value[0] <= found.high[0] + 1e-9


def test_rows_of_bins_and_days_add_up() -> None:
    sums = gather([0, 0, 1], [1, 1, 0], ["csat", "wait"], [[2, 3, 4]] * 6, 2)
    assert sums.n.tolist() == [[0, 5], [4, 0]]
    assert sums.over(0).n.tolist() == [4, 5]


@pytest.mark.parametrize(("share", "mark"), [(0.6, 1.0), (0.45, 1.0), (0.0, 10.0)])
def test_the_worst_and_the_best_share_count_as_well(share: float, mark: float) -> None:
    """Beyond the end of its line a share's interval has no width; it must not fall out of the mean for that."""
    found = one(csat10=(100, 7.0, 1.0), abandoned=(50_000, share, 0.0))
    assert found.groups[0, 2] == pytest.approx(mark)
    assert found.value[0] == pytest.approx((0.5 * 7 + 0.25 * mark) / 0.75)


def test_one_angry_message_is_no_quarter_of_a_mark() -> None:
    alone = one(csat10=(40, 8.0, 1.0))
    assert one(csat10=(40, 8.0, 1.0), sentiment=(1, 1.0, 0.0)).value[0] == alone.value[0]
    assert one(csat10=(40, 8.0, 1.0), sentiment=(10, 1.0, 0.0)).value[0] == pytest.approx((0.5 * 8 + 0.25 * 1) / 0.75)


def test_where_nothing_rests_on_ten_all_of_it_counts() -> None:
    assert one(csat10=(9, 8.0, 1.0), sentiment=(1, 5.0, 0.0)).value[0] == pytest.approx((0.5 * 8 + 0.25 * 5) / 0.75)
