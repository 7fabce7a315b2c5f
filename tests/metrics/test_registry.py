"""The registry: complete, consistent with the knots, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from config.errors import ConfigError
from metrics.knots import default_knots
from metrics.registry import GROUPS, Metric, metric, metrics, parse_metric

WORD: dict[str, Any] = {
    "kind": "rating",
    "group": "experience",
    "better": "higher",
    "format": "decimal",
    "marked": "observation",
    "evidence": "bounded_mean",
    "nl": "Woord",
    "en": "Word",
}
ASKED = (
    "sentiment csat csat10 nps ces ces5 servqual wait first_response resolved_first "
    "abandoned transferred repeat_7d on_time page_load contacts"
)


@pytest.mark.parametrize("id", ASKED.split())
def test_every_metric_that_others_store_is_declared(id: str) -> None:
    assert metric(id).id == id


@pytest.mark.parametrize("one", metrics().values(), ids=lambda one: one.id)
def test_a_metric_says_all_that_a_page_needs(one: Metric) -> None:
    assert one.name("nl") and one.name("en")
    assert one.unit
    assert one.decimals >= 0
    if one.marked != "none":
        knots = default_knots().of(one.knots)
        assert one.better == "none" or knots.rising == (one.better == "higher")


@pytest.mark.parametrize("one", metrics().values(), ids=lambda one: one.id)
def test_shares_are_percentages_and_durations_seconds(one: Metric) -> None:
    if one.kind == "share":
        assert (one.unit, one.format) == ("share", "percent")
    if one.kind == "duration":
        assert (one.unit, one.format) == ("s", "duration")
    if one.range:
        assert one.range[0] < one.range[1]


def test_customers_own_marks_are_the_experience() -> None:
    own = {one.id for one in metrics().values() if one.group == "experience"}
    assert own == {"csat", "csat10", "nps", "ces", "ces5", "servqual", "csat_top2", "nps_index", "acsi"}
    assert {one.group for one in metrics().values()} == {*GROUPS, "none"}


def test_two_metrics_never_share_a_name() -> None:
    for language in ("nl", "en"):
        names = [one.name(language) for one in metrics().values() if one.id != "nps_index"]
        assert len(names) == len(set(names))


def test_an_unknown_metric_is_an_error_that_lists_the_known() -> None:
    with pytest.raises(ConfigError, match=r"happiness.*csat"):
        metric("happiness")


@pytest.mark.parametrize("key", ["kind", "group", "better", "format", "marked", "evidence"])
def test_an_unknown_word_is_refused(key: str) -> None:
    with pytest.raises(ConfigError, match=key):
        parse_metric("some", WORD | {key: "purple"}, "metrics.toml")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_name_in_one_language_only_is_refused(language: str) -> None:
    with pytest.raises(ConfigError, match="nl and in en"):
        parse_metric("some", WORD | {language: ""}, "metrics.toml")


def test_knots_go_by_the_metrics_own_name_unless_told() -> None:
    assert parse_metric("some", WORD, "x").knots == "some"
    assert parse_metric("some", WORD | {"knots": "mark10"}, "x").knots == "mark10"
