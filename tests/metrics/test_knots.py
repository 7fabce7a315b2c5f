"""Knots: marks, inverses, and a loader that refuses what nobody can trust."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigError
from metrics.knots import FILE, Knots, default_knots, load_knots

PHONE = Knots("wait", (0, 30, 120, 240, 360), (10, 8, 5.5, 3, 1))
ALL = [(metric, channel) for metric, entry in default_knots().raw.items() for channel in ("", *entry.get("channel", {}))]


def of_one(**entry: Any) -> dict[str, Any]:
    whole = {"direction": "lower_better", "basis": "norm", "knots": [[0, 10], [1, 1]]} | entry
    return {"version": 1, "some": {key: value for key, value in whole.items() if value is not None}}


@pytest.mark.parametrize(
    ("seconds", "mark"), [(0, 10), (30, 8), (120, 5.5), (240, 3), (360, 1), (9999, 1), (-5, 10), (15, 9), (75, 6.75)]
)
def test_marks_lie_on_the_line_and_are_constant_outside(seconds: float, mark: float) -> None:
    assert PHONE.mark(seconds) == pytest.approx(mark)


def test_an_array_gets_the_marks_of_its_values() -> None:
    values = np.array([[0.0, 75.0], [400.0, 30.0]])
    assert PHONE.mark(values).tolist() == [[10.0, 6.75], [1.0, 8.0]]


@given(st.floats(1, 10))
def test_the_inverse_gives_the_mark_back(mark: float) -> None:
    assert PHONE.mark(PHONE.inverse(mark)) == pytest.approx(mark)


def test_what_is_an_eight_is_answered_in_the_metrics_own_unit() -> None:
    book = default_knots()
    assert book.of("wait", "phone").inverse(8) == pytest.approx(30)
    assert book.of("first_response", "social").inverse(5.5) == pytest.approx(86400)
    assert 15 < book.of("nps_index").inverse(8) < 17, "an 8 is about NPS +16"
    assert PHONE.inverse(0.2) == 360
    assert PHONE.inverse(11) == 0


@given(st.floats(-10, 500), st.floats(-10, 500))
def test_a_longer_wait_never_earns_a_higher_mark(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert PHONE.mark(low) >= PHONE.mark(high)
    assert PHONE.interval(low, high) == (PHONE.mark(high), PHONE.mark(low))


@pytest.mark.parametrize(("metric", "channel"), ALL)
def test_every_shipped_line_is_monotone_within_marks(metric: str, channel: str) -> None:
    knots = default_knots().of(metric, channel)
    rising = np.diff(knots.y) > 0
    assert rising.all() or not rising.any()
    assert min(knots.y) >= 1 and max(knots.y) <= 10
    assert (np.diff(knots.x) > 0).all()


@pytest.mark.parametrize(
    ("metric", "value", "mark"),
    [
        ("csat", 1, 1),
        ("csat", 3, 5.5),
        ("csat", 4, 7.75),
        ("csat", 5, 10),
        ("nps", 0, 1),
        ("nps", 5, 5.5),
        ("nps", 10, 10),
        ("ces", 4, 5.5),
        ("ces5", 1, 10),
        ("ces5", 5, 1),
        ("servqual", 7, 10),
        ("index100", 72.5, 7.525),
        ("sentiment", 0, 5.5),
        ("sentiment", -1, 1),
        ("service_level", 0.64, 5.5),
        ("service_level", 0.80, 8),
        ("on_time", 0.76, 5.5),
        ("abandoned", 0.10, 5.5),
        ("nps_index", 0, 7.6),
        ("page_load", 2.5, 8),
        ("channel_spread", 0.75, 5.5),
        ("effort_index", 2, 5.5),
    ],
)
def test_the_lines_of_the_specification(metric: str, value: float, mark: float) -> None:
    assert default_knots().of(metric).mark(value) == pytest.approx(mark)


@pytest.mark.parametrize(
    ("channel", "good", "sufficient"),
    [
        ("social", 3600, 86400),
        ("email", 14400, 172800),
        ("whatsapp", 600, 14400),
        ("chat", 30, 120),
        ("phone", 30, 120),
        ("", 14400, 172800),
    ],
)
def test_a_response_is_held_against_the_norm_of_its_channel(channel: str, good: float, sufficient: float) -> None:
    knots = default_knots().of("first_response", channel)
    assert knots.mark(good) == pytest.approx(8)
    assert knots.mark(sufficient) == pytest.approx(5.5)


def test_two_weeks_of_silence_by_email_is_a_one() -> None:
    assert default_knots().of("first_response", "email").mark(14 * 86400) == 1


def test_own_norms_win_over_the_file() -> None:
    book = default_knots()
    assert book.of("wait", "phone", {"T": 60}).mark(60) == 8
    assert book.of("wait", "phone").mark(60) < 8, "and leave the file's line alone"
    assert book.of("service_level", norms={"pi": 0.9}).mark(0.72) == pytest.approx(5.5)
    assert book.norm("first_response", "social") == {"T": 3600, "U": 86400}
    assert book.norm("first_response", "chat") == {"T": 30, "U": 172800}


def test_every_mark_knows_the_version_of_its_knots() -> None:
    raw = tomllib.loads(FILE.read_text(encoding="utf8")) | {"version": 7}
    assert load_knots(raw).of("csat").version == 7


def test_parsed_data_as_a_store_keeps_it_loads_too() -> None:
    book = load_knots(of_one())
    assert "some" in book
    assert book.of("some").mark(0.5) == 5.5


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        ({"knots": [[0, 10], [1, 5], [2, 6]]}, "monotone"),
        ({"knots": [[0, 10], [1, 5], [2, 5]]}, "monotone"),
        ({"knots": [[0, 10], [0, 5]]}, "rise"),
        ({"knots": [[1, 10], [0, 5]]}, "rise"),
        ({"knots": [[0, 11], [1, 5]]}, "1 to 10"),
        ({"knots": [[0, 10], [1, 0]]}, "1 to 10"),
        ({"direction": None}, "direction"),
        ({"direction": "sideways"}, "direction"),
        ({"direction": "higher_better"}, "monotone"),
        ({"basis": "hunch"}, "basis"),
        ({"knots": [[0, 10]]}, "two pairs"),
        ({"knots": [[0, 10, 3], [1, 1]]}, "two pairs"),
        ({"knots": [[0, 10], ["2T", 1]]}, "norm"),
        ({"knots": [[0, 10], ["two", 1]]}, "norm"),
        ({"knots": [[0, 10], ["1T", 8], ["1U", 1]], "norm": {"T": 60, "U": 30}}, "rise"),
    ],
)
def test_a_line_nobody_can_trust_is_refused_by_name(entry: dict[str, Any], word: str) -> None:
    with pytest.raises(ConfigError, match=word) as caught:
        load_knots(of_one(**entry))
    assert "[some]" in str(caught.value)
    assert caught.value.todo, "and says what to do"


@pytest.mark.parametrize("version", [None, 0, "2", 1.5])
def test_knots_without_a_version_are_refused(version: Any) -> None:
    with pytest.raises(ConfigError, match="version"):
        load_knots({"version": version})


def test_a_channel_that_breaks_the_line_is_found_when_loading() -> None:
    broken = of_one(knots=[[0, 10], ["1T", 8], ["1U", 1]], norm={"T": 10, "U": 60}, channel={"fax": {"T": 90}})
    with pytest.raises(ConfigError, match="rise"):
        load_knots(broken)


def test_an_unknown_metric_is_named_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match="csat"):
        default_knots().of("happiness")


def test_a_missing_or_broken_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no file"):
        load_knots(tmp_path / "none.toml")
    file = tmp_path / "bad.toml"
    file.write_text("version = = 1", encoding="utf8")
    with pytest.raises(ConfigError, match="TOML"):
        load_knots(file)
