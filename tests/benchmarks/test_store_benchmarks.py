"""Benchmarks still run, and compare like with like; how fast is never asserted here."""

from __future__ import annotations

import json

import pytest

from benchmarks import __main__, edits, ingest, scorecard
from benchmarks.figures import Ratio, show


def figures(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_ingest_saves_and_inserts_the_same_rows(capsys):
    assert ingest.main(["--contacts", "120", "--batch", "50", "--rounds", "1"]) in (0, 1)
    found = figures(capsys)
    assert [line["case"] for line in found["lines"]] == list(ingest.CASES)
    assert all(line["rows"] > 4 * 120 and line["ratio"] > 0 for line in found["lines"])


@pytest.mark.postgres
def test_edits_are_timed_both_ways_on_both_databases(capsys):
    assert edits.main(["--contacts", "60", "--batch", "25", "--rounds", "1"]) in (0, 1)
    found = figures(capsys)
    assert [line["database"] for line in found["lines"]] in (["sqlite", "postgresql"], ["sqlite"])
    assert all(line["ratio"] > 0 and line["saved edits/s"] > 0 for line in found["lines"])


def test_scorecard_reads_the_same_answer_as_duckdb(capsys):
    assert scorecard.main(["--small", "20000", "--large", "25000"]) in (0, 1)
    assert {line["rows read"] for line in figures(capsys)["lines"]} == {52 * 7 * 4 * 2}


@pytest.mark.parametrize(
    ("value", "at_least", "met"), [(2.0, True, True), (1.9, True, False), (2.0, False, True), (2.1, False, False)]
)
def test_a_ratio_is_met_or_not(value, at_least, met):
    ratio = Ratio("a / b", value, 2.0, at_least)
    assert ratio.met is met
    assert ("NOT MET" in str(ratio)) is not met


def test_a_missed_target_is_an_exit_code(capsys):
    assert show("x", [{"a": 1, "b": 2.5, "c": "d"}], [Ratio("r", 1.0, 2.0)]) == 1
    assert figures(capsys)["ratios"] == [{"name": "r", "value": 1.0, "target": 2.0, "at_least": True, "met": False}]


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["figures"]])
def test_without_a_known_name_it_says_which_there_are(arguments, capsys):
    assert __main__.main(arguments) == 2
    assert "expected one of alarms, connectors, edits, glass," in capsys.readouterr().err
