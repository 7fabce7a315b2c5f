"""The week: gaps, changes and the whole journey from rollup rows, each with its evidence."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from metrics.intervals import Interval
from metrics.promise import Promise, Survey
from metrics.weekly import LAST, YEAR, Asked, Told, p_of, read_week

STAGES = ("book", "fly", "service")
SURVEY = (((0, Survey(8.0, 1.0, 200))),)


def rows_of(cells, metric="csat10"):
    """Rollup rows from (bucket, stage, channel, n, mean, sd)."""
    columns = {name: [] for name in ("bucket", "stage", "channel", "segment", "metric", "n", "w", "w2", "m1", "m2", "v")}
    for bucket, stage, channel, n, mean, sd in cells:
        values = (bucket, stage, channel, "", metric, n, n, n, n * mean, n * (mean**2 + sd**2), n * mean)
        for name, value in zip(columns, values, strict=True):
            columns[name].append(value)
    return {name: np.asarray(column) for name, column in columns.items()}


def asked(weeks=(1, 2), **changed):
    told = {stage: Told(surveys=((0, Survey(8.0, 1.0, 200)),)) for stage in STAGES}
    values = {"stages": STAGES, "truth": (False, False, True), "weeks": weeks, "ends": tuple(weeks), "told": told, "last": 1}
    return Asked(**(values | changed))


def plain(service_now=6.0, n=200):
    cells = [(week, stage, "phone", n, 7.5, 1.5) for week in (1, 2) for stage in STAGES if (week, stage) != (2, "service")]
    return rows_of([*cells, (2, "service", "phone", n, service_now, 1.5)])


def test_each_cell_has_mark_gap_shape_and_its_weeks():
    week = read_week(plain(), asked())
    row = week.row("service")
    assert row.mark.value == pytest.approx(6.0) and row.n == 200 and row.status == "solid"
    assert row.gap is not None and row.gap.value == pytest.approx(-2.0) and row.shape == "below"
    assert row.series == pytest.approx((7.5, 6.0)) and row.bar == pytest.approx((8.0, 8.0))
    assert week.cell("service", "phone").mark.value == pytest.approx(6.0)
    assert week.weakest == "service" and week.channels == ("phone",)


def test_only_a_real_change_is_demonstrable():
    week = read_week(plain(), asked())
    assert week.row("service").since[LAST].demonstrable
    assert week.row("service").since[LAST].shown.value == pytest.approx(-1.5)
    assert not week.row("book").since[LAST].demonstrable
    quiet = read_week(plain(service_now=7.45, n=40), asked())
    assert not any(cell.since[LAST].demonstrable for cell in (*quiet.rows, *quiet.cells))


def test_too_little_evidence_has_no_gap_no_change_and_no_place_in_the_journey():
    few = rows_of([(w, s, "phone", 200 if s != "fly" else 4, 7.5, 1.5) for w in (1, 2) for s in STAGES])
    week = read_week(few, asked())
    row = week.row("fly")
    assert row.status == "too_few" and row.gap is None and row.since == {} and all(math.isnan(m) for m in row.series)
    assert math.isfinite(week.now.value) and week.weakest != "fly"


def test_the_journey_weighs_the_moment_of_truth_twice_and_the_peak_and_the_end():
    week = read_week(plain(), asked())
    # mean (7.5 + 7.5 + 2 x 6) / 4 = 6.75; the peak and the end are both service: (6.75 + 6) / 2
    assert week.now.value == pytest.approx(6.375) and week.mean == pytest.approx(7.0)
    assert week.now.promise == pytest.approx(8.0) and week.gap is not None and week.shape == "below"
    assert week.since[LAST].shown.value < 0


def test_without_promises_there_is_no_gap_anywhere():
    week = read_week(plain(), asked(told={}))
    assert week.gap is None and week.shape == "" and all(row.gap is None and row.shape == "" for row in week.rows)
    assert math.isfinite(week.now.value)


def test_a_promise_for_one_channel_counts_there_and_for_the_stage():
    told = {"service": Told((Promise("p", "soft", 0, soft_mark=9.0, channel="chat"), Promise("q", "soft", 0, soft_mark=6.5)))}
    both = [(w, s, c, 100, 7.5, 1.5) for w in (1, 2) for s in STAGES for c in ("chat", "phone")]
    week = read_week(rows_of(both), asked(told=told))
    marks = {c.channel: c.expected.value for c in week.cells if c.stage == "service" and c.expected}
    assert marks == {"chat": pytest.approx(7.75), "phone": pytest.approx(6.5)}
    assert week.row("service").expected.value == pytest.approx(7.75)


def test_a_followed_promise_does_not_linger_but_an_ended_one_does():
    old = Promise("p.1", "soft", 0, valid_to=100, soft_mark=6.5)
    new = Promise("p.2", "soft", 100, soft_mark=9.0)
    assert Told((old, new), followed=frozenset({"p.1"})).raised("", 101).value == pytest.approx(9.0)
    assert Told((old, new)).raised("", 101).value == pytest.approx(7.75)
    assert Told((old,)).raised("", 101) is not None and Told((old,), followed=frozenset({"p.1"})).raised("", 101) is None


def test_a_survey_applies_from_its_moment_on():
    told = Told(surveys=((10, Survey(7.0, 1.0, 100)), (20, Survey(8.0, 1.0, 100))))
    assert told.raised("", 9) is None
    assert told.raised("", 15).value == pytest.approx(7.0) and told.raised("", 20).value == pytest.approx(8.0)


def test_last_year_may_be_a_bucket_that_is_not_drawn():
    cells = [(b, s, "phone", 200, 7.5 if b != -2 else 8.5, 1.5) for b in (1, 2, -2) for s in STAGES]
    week = read_week(rows_of(cells), asked(year=-2))
    assert week.row("book").since[YEAR].shown.value == pytest.approx(-1.0) and len(week.points) == 2
    assert week.row("book").since[YEAR].demonstrable


def test_contacts_and_what_could_not_be_placed_are_counted():
    counted = rows_of(
        [(2, "book", "phone", 30, 0.0, 0.0), (2, "", "phone", 10, 0.0, 0.0), (1, "book", "phone", 99, 0.0, 0.0)], "contacts"
    )
    both = {name: np.concatenate([plain()[name], counted[name]]) for name in counted}
    week = read_week(both, asked())
    assert (week.contacts, week.unplaced) == (40.0, 10.0)


def test_the_promise_line_moves_only_when_a_promise_does():
    cells = [(w, s, "phone", 150, 7.0 + 0.6 * ((w + i) % 3), 1.5) for w in range(1, 9) for i, s in enumerate(STAGES)]
    told = {s: Told((Promise("p", "soft", 0, soft_mark=m),)) for s, m in zip(STAGES, (6.5, 8.0, 9.0), strict=True)}
    week = read_week(rows_of(cells), asked(tuple(range(1, 9)), told=told, last=7))
    assert len({round(point.promise, 9) for point in week.points}) == 1


def test_an_unknown_cell_is_an_error_that_names_it():
    week = read_week(plain(), asked())
    with pytest.raises(KeyError, match="'nowhere'"):
        week.row("nowhere")
    with pytest.raises(KeyError, match="'chat'"):
        week.cell("book", "chat")


def test_nothing_at_all_gives_a_week_without_numbers():
    week = read_week({name: column[:0] for name, column in plain().items()}, asked())
    assert math.isnan(week.now.value) and week.gap is None and week.channels == () and week.weakest == ""


@pytest.mark.parametrize("value, half, p", [(1.959964, 1.959964, 0.05), (0.0, 1.0, 1.0), (2.5758, 1.959964, 0.01)])
def test_the_p_of_an_interval(value, half, p):
    assert p_of(Interval(value, value - half, value + half)) == pytest.approx(p, abs=1e-4)


def test_the_order_of_the_rows_does_not_matter():
    given = plain()
    order = np.random.default_rng(3).permutation(len(given["n"]))
    turned = {name: column[order] for name, column in given.items()}
    first, second = read_week(given, asked()), read_week(turned, asked())
    assert replace(first, points=()) == replace(second, points=()) and first.now == second.now
