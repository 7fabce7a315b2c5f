"""The label of an assumption: only measures that weigh in a mark, and only until they are calibrated."""

from __future__ import annotations

import tomllib

import pytest

from config.language import texts
from metrics.knots import FILE, load_knots
from metrics.registry import metric
from reports.assumed import assumed, sentence, uncalibrated


def calibrated(id):
    raw = tomllib.loads(FILE.read_text(encoding="utf8"))
    raw[id]["basis"] = "calibrated"
    return load_knots(raw)


def test_a_report_mark_needs_no_label_and_a_wait_does():
    assert uncalibrated([("csat10", "survey"), ("nps", "survey"), ("wait", "phone")]) == ["wait"]


def test_what_weighs_in_no_mark_has_no_label():
    assert metric("promise_kept").group == "none"
    assert uncalibrated([("promise_kept", ""), ("effort_index", ""), ("contacts", "chat")]) == []


def test_calibration_takes_the_label_away():
    assert uncalibrated([("wait", "phone"), ("sentiment", "chat")], calibrated("wait")) == ["sentiment"]


def test_a_week_tells_only_what_was_measured_in_it(demo, journey):
    found = assumed(demo, journey.id, 202647)
    assert "sentiment" in found and "csat10" not in found
    assert assumed(demo, journey.id, 190001) == []


@pytest.mark.parametrize(("code", "word"), [("nl", "ongekalibreerd"), ("en", "uncalibrated")])
def test_the_label_names_the_measures_in_the_readers_language(code, word):
    t = texts(code)
    said = sentence(["sentiment", "wait"], t)
    assert word in said and metric("wait").name(code).lower() in said
    assert sentence([], t) == ""
