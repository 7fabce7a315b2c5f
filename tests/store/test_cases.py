from __future__ import annotations

import pytest

from store.recount import recount
from store.rows import Observed, Placed
from tests.store.rows import HOUR, NOW, ZONE, all_of, cases_in, gone, keep, row


def marks(*found: float) -> list[Observed]:
    return [Observed("csat", mark, mark) for mark in found]


def week(engine) -> list[tuple]:
    return all_of(engine, "SELECT n, w, m1 FROM rollup_week WHERE metric = 'csat' AND segment = ''")


def test_one_case_is_one_whether_it_comes_at_once_or_not(store):
    keep(store, row("1", case_key="k", observed=marks(4)), row("2", case_key="k", observed=marks(8)))
    keep(store, row("3", case_key="k", observed=marks(9)))
    assert week(store) == [(1, 1_000, 7_000)]
    assert recount(store, ZONE) == []


@pytest.mark.parametrize(
    "other",
    [
        {"case_key": "other"},
        {"case_key": None},
        {"channel": "phone"},
        {"placed": [Placed("airline", "book", "rule")]},
        {"segments": ("new",)},
    ],
)
def test_elsewhere_it_is_another_case(store, other):
    keep(store, row("1", case_key="k", observed=marks(4)), row("2", observed=marks(8), **({"case_key": "k"} | other)))
    assert sum(n for n, *_ in week(store)) == 2


def test_metrics_of_one_case_count_apart(store):
    keep(store, row("1", case_key="k", observed=[*marks(4), Observed("nps", 9.0, 9.1)]))
    assert [cases_in(store, metric=metric) for metric in ("csat", "nps")] == [1, 1]


def test_the_earliest_carries_whatever_came_first(store):
    keep(store, row("1", case_key="k", observed=marks(4), happened_at=NOW - HOUR))
    keep(store, row("2", case_key="k", observed=marks(8), happened_at=NOW - 5 * HOUR))
    carried = "SELECT external_id, n FROM observation JOIN contact ON contact.id = contact_id ORDER BY external_id"
    assert all_of(store, carried) == [("1", 0), ("2", 1)]


def test_at_the_same_moment_the_lower_bin_carries_in_any_order(store):
    fast, slow = [Observed("wait", 5.0, bin=1)], [Observed("wait", 50.0, bin=9)]
    keep(store, row("1", case_key="k", observed=slow))
    keep(store, row("2", case_key="k", observed=fast))
    assert all_of(store, "SELECT bin, n, v FROM rollup_week WHERE metric = 'wait'") == [(1, 1, 27_500)]


def test_a_case_that_is_edited_away_leaves_the_rest_exact(store):
    keep(store, *(row(str(i), case_key="k", observed=marks(i + 2)) for i in range(3)))
    keep(store, row("0", 2, case_key="j", observed=marks(9)), gone("1", 2))
    assert week(store) == [(2, 2_000, 13_000)]
    assert recount(store, ZONE) == []


def test_a_case_of_two_sources_is_one_case(store):
    keep(store, row("1", case_key="k", observed=marks(4)))
    keep(store, row("1", case_key="k", observed=marks(8), source="survey"))
    assert week(store) == [(1, 1_000, 6_000)]
