"""One promise by customer group: each group's own cases, what privacy hides, and which difference may be named."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from config.journey import load_journey
from metrics.intervals import Interval, wilson
from metrics.verdict import Verdict, hard_verdict
from reports.promise_segments import OfSegment, _covered, by_segment, widest
from reports.promised import MONTH, judged
from store.engine import open_store
from store.people.promises import active_promises
from store.reads.kept import Bar, counts_of
from tests.pages import example
from tests.store.people_store import fresh

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)
JOURNEY = load_journey("airline")
NOTHING = Interval(math.nan, math.nan, math.nan)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("groups")
    filled = fresh(folder)
    example.fill(filled, weeks=20)
    filled.dispose()
    opened = open_store(f"sqlite:///{folder}/store.db")
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def promise(engine):
    """A hard promise on a duration, with cases in October."""
    kept = active_promises(engine, "airline", round(datetime(2026, 10, 31, tzinfo=ZONE).timestamp() * 1000))
    return next(one for one in kept if one.kind == "hard" and one.threshold and one.metric == "first_response")


def group(name, share=math.nan, n=0, mark=NOTHING, mark_n=0.0, private=False):
    verdict = hard_verdict(round(share * n), n, 0.9) if n else Verdict("unproven", NOTHING, 0, 0, 1.0)
    return OfSegment(name, verdict, mark, mark_n, None, private)


def mark(value, half=0.2):
    return Interval(value, value - half, value + half)


def test_groups_that_part_all_customers_add_up_to_the_whole(engine, promise):
    whole = next(r for r in judged(engine, JOURNEY, ZONE, NOW).rows if r.promise.code == promise.code)
    found = by_segment(engine, JOURNEY, ZONE, NOW, MONTH, promise)
    assert {one.segment for one in found} == {"new", "existing"}
    assert sum(one.verdict.n for one in found) == whole.verdict.n > 0
    assert sum(one.verdict.shown.value * one.verdict.n for one in found) == pytest.approx(
        whole.verdict.shown.value * whole.verdict.n
    )


def test_a_groups_share_is_counted_on_its_own_cases(engine, promise):
    new = next(one for one in by_segment(engine, JOURNEY, ZONE, NOW, MONTH, promise) if one.segment == "new")
    first = max(20261001, int(datetime.fromtimestamp(promise.valid_from / 1000, ZONE).strftime("%Y%m%d")))
    cell = Bar("x", promise.metric, promise.stage, promise.channel, "new", 0)
    assert sum(counts_of(engine, "airline", cell, first, 20261031).values()) == new.verdict.n


def test_the_share_kept_is_compared_when_a_difference_is_beyond_ten_looks():
    found = widest([group("new", 0.60, 300), group("existing", 0.80, 900), group("left", 0.70, 40)])
    assert found is not None and (found.worst.segment, found.best.segment) == ("new", "existing")
    assert found.by.value == pytest.approx(0.20) and found.low == wilson(180, 300)
    assert widest([group("new", 0.70, 300), group("existing", 0.77, 900)]) is None  # 95% alone would call it
    assert widest([group("new", 0.60, 300)]) is None and widest([]) is None


def test_critical_customers_are_no_finding_about_marks_but_may_be_one_about_what_was_kept():
    harsh = group("critical", 0.5, 300, mark(4.0), 300)
    mild = group("existing", 0.9, 900, mark(7.5), 900)
    assert widest([harsh, mild], marks=True) is None
    by = widest([harsh, mild])
    assert by is not None and by.worst.segment == "critical"


def test_a_group_that_is_hidden_or_hardly_heard_is_never_named():
    few, many = group("new", 0.0, 4, mark(2.0), 4), group("existing", 0.95, 900, mark(8.0), 900)
    assert widest([few, many]) is None and widest([few, many], marks=True) is None
    assert widest([replace(group("new", 0.2, 300), private=True), many]) is None


def test_what_is_hidden_does_not_follow_from_the_total():
    n = {"new": 40.0, "existing": 30.0, "critical": 9.0, "left": 3.0, "choosing": 0.0}
    assert _covered(n, 73) == {"left", "existing"}  # the smallest shown one guards it
    assert _covered(n | {"left": 8.0}, 78) == set()
    assert "critical" in _covered(n | {"critical": 2.0}, 73) and "critical" in _covered(n | {"critical": 70.0}, 73)
