"""Charts answer a question in few marks: what they hold, that they stay light, and that no text of ours breaks an axis."""

from __future__ import annotations

import json

import altair as alt
import pytest

from config.language import texts
from metrics.intervals import Interval
from pages.charts import labels, quantitative, rows_of, shapes, week_axis, whisker_rule
from pages.palette import EDGE, FILL
from pages.week_charts import _day_axis
from reports.week import Day
from tests.pages.conftest import MONDAY
from tests.pages.screens import charts, opened

X = quantitative("i", (0, 3), channel=alt.X)
Y = quantitative("value", (1, 10))


def spec(chart):
    return json.loads(chart.to_json())


def test_points_are_told_apart_by_shape_as_well_as_by_hue():
    found = spec(shapes([{"i": 0, "value": 7, "shape": "below", "tip": "x"}], X, Y))
    scale = found["encoding"]["shape"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True))["below"] == "triangle-down"
    assert found["encoding"]["fill"]["scale"]["range"][0] == FILL["below"]
    assert found["encoding"]["stroke"]["scale"]["range"][0] == EDGE["below"]
    assert found["encoding"]["tooltip"]["field"] == "tip"


def test_weeks_are_named_where_asked_and_the_first_with_its_year():
    axis = week_axis([202552, 202601, 202602], texts("nl"), [0, 2]).to_dict()
    assert axis["values"] == [0, 2] and "'wk 52 2025'" in axis["labelExpr"] and "'wk 2'" in axis["labelExpr"]


@pytest.mark.parametrize("code, day", [("nl", "ma"), ("en", "Mo")])
def test_days_are_named_in_two_letters_with_their_week_once(code, day):
    days = [Day(20261109 + i, Interval(7, 6, 8), 10) for i in range(14)]
    expression = _day_axis(days, texts(code)).to_dict()["labelExpr"]
    assert f"'{day}'" in expression and expression.count("week 46") == 1 and expression.count("week 47") == 1


def test_intervals_run_along_either_axis():
    rows = [{"i": 1, "low": 2.0, "high": 3.0, "value": 2.5}]
    assert spec(whisker_rule(rows, X, Y))["encoding"]["y2"]["field"] == "high"
    assert spec(whisker_rule(rows, X, Y, along="x"))["encoding"]["x2"]["field"] == "high"
    assert (
        spec(labels(rows, X, Y, align="right"))["mark"]["align"] == "right"
        and spec(rows_of(rows).mark_rule())["mark"]["type"] == "rule"
    )


@pytest.mark.parametrize("page", ["week", "promises"])
@pytest.mark.parametrize("code", ["nl", "en"])
def test_every_chart_of_a_page_is_a_valid_light_specification(page, code, store, monkeypatch):
    at = opened(page, store("demo"), monkeypatch, lang=code, promise="B-07", **MONDAY)
    found = charts(at)
    assert len(found) >= 3
    for one in found:
        assert one["$schema"].endswith("vega-lite/v6.json") or "vega-lite" in one["$schema"]
        assert len(json.dumps(one)) < 80_000
        assert (one["config"].get("locale") is not None) == (code == "nl")
