"""Small drawings: four shapes that differ without colour, sparklines with gaps, whiskers whose label never covers the bar."""

from __future__ import annotations

import math

import pytest

from pages.glyphs import axis, glyph, sparkline, whisker
from pages.palette import EDGE, FILL
from pages.sheet import words
from tests.pages.contrast import contrast

SCALE = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
NAN = math.nan


def test_the_four_shapes_differ_without_colour():
    below, above, on, unsure = (glyph(shape)[2] for shape in ("below", "above", "on", "unsure"))
    assert below[0] == above[0] == "path" and below[1]["d"] != above[1]["d"]
    assert on[0] == unsure[0] == "circle" and on[1]["fill"] != unsure[1]["fill"] == "#FFFFFF"
    assert glyph("below")[1]["aria-hidden"] == "true", "the word beside it says it"


@pytest.mark.parametrize("shape", ["below", "above", "on", "unsure"])
def test_words_in_a_shapes_hue_are_readable_on_white_and_on_its_tint(shape):
    tint = {"below": "#FFF7E6", "above": "#EAF7F2"}.get(shape, "#FFFFFF")
    assert contrast(EDGE[shape], "#FFFFFF") >= 4.5 and contrast(EDGE[shape], tint) >= 4.5
    assert FILL[shape]


def path(drawing, i):
    return drawing[2 + i][1]["d"]


def test_a_sparkline_breaks_where_there_was_too_little_evidence():
    drawing = sparkline([7.0, 7.5, NAN, 7.2, 7.1], [8.0] * 5, "below", 88, "52 weken")
    assert path(drawing, 1).count("M") == 2 and drawing[1]["aria-label"] == "52 weken"
    assert len(drawing) == 5, "promise, line and the last week's shape"


def test_a_sparkline_without_a_last_week_has_no_shape_and_none_without_a_promise():
    drawing = sparkline([7.0, NAN], [NAN, NAN], "", 88, "x")
    assert len(drawing) == 4 and path(drawing, 0) == ""


def test_the_promise_is_a_step_that_moves_only_when_it_changes():
    steps = path(sparkline([7.0] * 4, [7.0, 7.0, 8.0, 8.0], "on", 88, "x"), 0)
    assert steps.count("L") == 3 and steps.startswith("M")


def test_marks_off_the_scale_stay_inside_the_drawing():
    points = path(sparkline([1.0, 10.0], [NAN, NAN], "on", 88, "x"), 1)
    heights = [float(point.split(",")[1]) for point in points.replace("L", "M").split("M")[1:]]
    assert all(0 <= height <= 40 for height in heights)


@pytest.mark.parametrize(
    "value, low, high, bar", [(0.71, 0.68, 0.74, 0.95), (0.55, 0.5, 0.6, 0.95), (0.96, 0.93, 0.98, 0.9), (0.99, 0.98, 1.0, 0.95)]
)
def test_a_whiskers_label_stays_in_the_drawing_and_off_the_bar(value, low, high, bar):
    drawing = whisker(value, low, high, bar, "on", ("71%", "[68–74]"), SCALE)
    label = next(node for node in drawing[2:] if node[0] == "text")
    assert words(label) == "71% [68–74]"
    x, anchor = label[1]["x"], label[1]["text-anchor"]
    left, right = {"end": (x - 92, x), "middle": (x - 46, x + 46)}[anchor]
    assert left >= 0 and right <= 300
    at = 8 + (bar - 0.5) / 0.5 * 284
    assert label[1]["y"] < 20 or not left < at < right


def test_a_broken_promise_draws_the_distance_to_its_bar():
    broken, kept = (whisker(0.7, 0.65, 0.75, 0.95, shape, ("70%", ""), SCALE) for shape in ("below", "on"))
    assert sum(node[0] == "line" for node in broken[2:]) == sum(node[0] == "line" for node in kept[2:]) + 1


def test_the_axis_names_its_ticks_and_what_is_measured():
    drawing = axis(SCALE, ["50%", "60%", "70%", "80%", "90%", "100%"], "aandeel gehouden")
    assert [words(node) for node in drawing[2:]] == ["50%", "60%", "70%", "80%", "90%", "100%", "aandeel gehouden"]
    assert drawing[1]["aria-label"] == "aandeel gehouden"
