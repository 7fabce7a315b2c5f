"""Marks of single observations and of shares."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigError
from metrics.knots import load_knots
from metrics.marks import OutOfRange, check_value, mark_of, share_mark
from metrics.registry import metrics

RATINGS = [one.id for one in metrics().values() if one.marked == "observation" and one.range]


@pytest.mark.parametrize(
    ("metric", "value", "mark"),
    [
        ("csat", 4, 7.75),
        ("csat10", 6.5, 6.5),
        ("nps", 9, 9.1),
        ("ces", 7, 10),
        ("ces5", 2, 7.75),
        ("servqual", 4, 5.5),
        ("sentiment", -0.5, 3.25),
    ],
)
def test_an_answer_has_its_mark(metric: str, value: float, mark: float) -> None:
    assert mark_of(metric, value) == pytest.approx(mark)


@pytest.mark.parametrize("metric", ["abandoned", "resolved_first", "transferred", "repeat_7d", "on_time", "contacts"])
def test_a_single_yes_or_no_has_no_mark_of_its_own(metric: str) -> None:
    assert mark_of(metric, 1) is None


def test_a_wait_is_marked_by_its_channel() -> None:
    assert mark_of("wait", 120, channel="phone") == 5.5
    assert mark_of("first_response", 120, channel="chat") == 5.5
    assert mark_of("first_response", 120, channel="email") > 9.9
    assert mark_of("wait", 120, channel="phone", norms={"T": 120}) == 8


@given(st.sampled_from(RATINGS), st.floats(0, 1))
def test_every_valid_answer_earns_a_mark_from_one_to_ten(metric: str, part: float) -> None:
    low, high = metrics()[metric].range or (0, 0)
    mark = mark_of(metric, low + part * (high - low))
    assert mark is not None
    assert 1 <= mark <= 10


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("csat", 0),
        ("csat", 6),
        ("csat10", 0),
        ("nps", 11),
        ("ces", 8),
        ("sentiment", 1.2),
        ("wait", -1),
        ("abandoned", 2),
        ("csat", math.nan),
        ("wait", math.nan),
    ],
)
def test_a_value_off_its_scale_is_refused_and_named(metric: str, value: float) -> None:
    with pytest.raises(OutOfRange, match=metric) as caught:
        mark_of(metric, value)
    assert repr(value) in str(caught.value)
    with pytest.raises(OutOfRange):
        check_value(metric, value)


def test_an_unknown_metric_is_refused() -> None:
    with pytest.raises(ConfigError):
        mark_of("happiness", 3)


def test_shares_map_as_aggregates_in_one_go() -> None:
    assert share_mark("repeat_7d", 0.2) == pytest.approx(5.5)
    assert share_mark("on_time", np.array([0.95, 0.76])).tolist() == pytest.approx([8.0, 5.5])
    assert share_mark("on_time", 0.72, norms={"pi": 0.9}) == pytest.approx(5.5)


def test_a_mean_of_marks_is_not_the_mark_of_a_mean() -> None:
    """Rule R2: on a line with bends, mapping the average would flatter (Jensen)."""
    waits = np.array([5.0, 5.0, 350.0])
    each = np.mean([mark_of("wait", w, channel="phone") for w in waits])
    assert each > 1 + mark_of("wait", float(waits.mean()), channel="phone")


def test_another_version_of_the_knots_gives_other_marks() -> None:
    book = load_knots(
        {"version": 2, "csat": {"direction": "higher_better", "basis": "calibrated", "knots": [[1, 1], [4, 6], [5, 10]]}}
    )
    assert mark_of("csat", 4, book=book) == 6
