"""The card as a table: every cell says mark, gap in sign, shape and word, n and interval, and opens its voices."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from config.journey import load_journey
from config.language import texts
from metrics.intervals import Interval
from metrics.weekly import LAST, Change
from pages.scorecard import channels_in_order, legend, table
from pages.sheet import words
from reports.names import Names
from reports.week import weekly
from store.engine import open_store

ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def week(store):
    engine = open_store(store("demo"))
    yield weekly(engine, load_journey("airline"), 202647, ZONE, datetime(2026, 11, 23, 9, tzinfo=ZONE))
    engine.dispose()


@pytest.fixture(params=["nl", "en"])
def names(request):
    return Names(texts(request.param), load_journey("airline"))


def drawn(week, names, cells=True):
    return table(week, names, lambda stage, channel: f"/voices?stage={stage}&channel={channel}", ("wk 46", "wk 47 2025"), cells)


def find(node, tag):
    if isinstance(node, list):
        if node[0] == tag:
            yield node
        for child in node[2:]:
            yield from find(child, tag)


def test_the_table_has_a_row_per_stage_and_a_column_per_channel(week, names):
    node = drawn(week, names)
    assert len(list(find(node, "tr"))) == 8 and len(list(find(node, "td"))) == 7 * 6
    assert all(cell[1].get("scope") in ("row", "col") for cell in find(node, "th"))
    stages = drawn(week, names, cells=False)
    assert len(list(find(stages, "td"))) == 7


def test_channels_stand_from_what_is_said_in_public_to_what_is_asked(week):
    assert channels_in_order(week) == ["social", "chat", "phone", "email", "survey"]


def one(week, names, **changed):
    """The words and class of the first stage's first cell, changed."""
    cell = replace(week.cell("orient", "social"), **changed)
    others = tuple(cell if (c.stage, c.channel) == ("orient", "social") else c for c in week.cells)
    row = list(find(drawn(replace(week, cells=others), names), "tr"))[1]
    return words(row[4]), row[4][1]["class"]


def test_a_solid_cell_says_its_gap_to_a_tenth_and_an_indicative_one_does_not(week, names):
    t = names.t
    shown = {"mark": Interval(6.04, 5.8, 6.3), "gap": Interval(-1.44, -1.8, -1.0), "shape": "below", "since": {}, "n": 96.0}
    solid, kind = one(week, names, status="solid", **shown)
    assert t.number(6.0) in solid and t.signed(-1.4) in solid and t("shape.below") in solid and "n 96" in solid
    assert "hatched" not in kind and "belowT" in kind
    half, kind = one(week, names, status="indicative", **shown)
    assert half.startswith("6") and t.signed(-1.4) not in half and t("shape.below") in half and "hatched" in kind


def test_too_few_and_private_cells_give_no_number(week, names):
    t = names.t
    few, kind = one(week, names, status="too_few", n=7.0)
    assert t("few.title") in few and t("few.count", n="7") in few and kind == "few"
    private, _ = one(week, names, status="solid", n=4.0)
    assert t("few.privacy") in private and t.number(6.0) not in private


def test_a_change_is_printed_only_where_it_is_demonstrable(week, names):
    t, shown = names.t, Interval(-1.4, -1.9, -0.9)
    said, _ = one(week, names, status="solid", n=50.0, since={LAST: Change(shown, True)})
    quiet, _ = one(week, names, status="solid", n=50.0, since={LAST: Change(shown, False)})
    assert t.signed(-1.4) in said and t.signed(-1.4) not in quiet


def test_the_cell_that_changed_most_is_framed(week, names):
    change = {LAST: Change(Interval(-2.0, -2.5, -1.5), True)}
    _, kind = one(week, names, status="solid", n=50.0, since=change)
    assert "hit" in kind


def test_a_stage_without_a_promise_says_so(week, names):
    rows = tuple(replace(row, expected=None, gap=None, shape="") for row in week.rows)
    assert words(drawn(replace(week, rows=rows), names)).count(names.t("week.no_stage_promise")) >= 7


def test_many_channels_get_a_narrow_table(week, names):
    more = tuple(replace(cell, channel=f"x{i}") for i in range(4) for cell in week.cells if cell.channel == "chat")
    wide = replace(week, cells=(*week.cells, *more), channels=(*week.channels, "x0", "x1", "x2", "x3"))
    assert next(find(drawn(wide, names), "table"))[1]["class"] == "card narrow"


def test_the_legend_names_the_four_shapes(names):
    said = words(legend(names))
    assert all(names.t(f"shape.{shape}") in said for shape in ("below", "on", "above", "unsure"))


def test_marks_too_far_apart_say_so_and_how_many_more_it_takes(week, names):
    wide = {"mark": Interval(6.0, 3.6, 8.0), "n": 13.0}
    spoken, _ = one(week, names, status="too_few", **wide)
    assert names.t("few.wide", n="13", needed="28") in spoken and names.t("few.count", n="13") not in spoken
