"""What customers stated that they expected becomes the stage's expectation: exact, from ten answers, not for weeks gone by."""

from __future__ import annotations

import statistics
from zoneinfo import ZoneInfo

import pytest

from config.journey import load_journey
from ingest.expecting import EVERY_MS, refresh_expectations
from metrics.weeks import start_ms
from store.people.expectations import Expectation, expectations, save_expectation, told
from store.people.journeys import save_journey
from store.rows import Observed, Placed
from tests.store.rows import HOUR, NOW, keep, row

ZONE = ZoneInfo("Europe/Amsterdam")
WEEK = 7 * 24 * HOUR
MONDAY = start_ms(202648, ZONE)


@pytest.fixture
def asked(store):
    save_journey(store, load_journey("airline"), "somebody", NOW)
    return store


def answers(engine, *marks, stage="fly", weeks_ago=1, prefix="e", metric="expectation"):
    rows = [
        row(
            f"{prefix}{stage}{i}",
            happened_at=NOW - weeks_ago * WEEK - i,
            channel="survey",
            placed=[Placed("airline", stage, "source")],
            observed=[Observed("contacts", 1.0), Observed(metric, float(mark), float(mark))],
        )
        for i, mark in enumerate(marks)
    ]
    keep(engine, *rows)


def test_the_mean_and_the_variance_of_the_mean_are_those_of_the_answers(asked):
    marks = [7, 8, 9, 6, 8, 7, 10, 8, 9, 7, 8]
    answers(asked, *marks)
    assert refresh_expectations(asked, NOW, ZONE) == ["fly"]
    (found,) = expectations(asked, "airline")
    assert (found.stage, found.n, found.source, found.from_at) == ("fly", len(marks), "survey", MONDAY)
    assert found.mark == pytest.approx(statistics.mean(marks))
    assert found.variance == pytest.approx(statistics.variance(marks) / len(marks), rel=1e-3)


def test_nine_answers_are_too_few_and_other_metrics_are_no_expectation(asked):
    answers(asked, *[8] * 9)
    answers(asked, *[8] * 30, stage="book", metric="csat")
    assert refresh_expectations(asked, NOW, ZONE) == [] and expectations(asked, "airline") == []


def test_answers_of_this_week_or_of_over_a_quarter_ago_do_not_count(asked):
    answers(asked, *[9] * 20, weeks_ago=0, prefix="now")
    answers(asked, *[9] * 20, weeks_ago=15, prefix="old")
    assert refresh_expectations(asked, NOW, ZONE) == []


def test_a_stage_is_written_once_in_four_weeks(asked):
    answers(asked, *range(1, 11), *range(1, 11))
    assert refresh_expectations(asked, NOW, ZONE) == ["fly"]
    assert refresh_expectations(asked, NOW + WEEK, ZONE) == []
    assert refresh_expectations(asked, NOW + EVERY_MS + WEEK, ZONE) == ["fly"]
    assert [one.from_at for one in expectations(asked, "airline")] == [MONDAY, start_ms(202653, ZONE)]


def test_what_a_person_set_by_hand_stands_beside_it(asked):
    save_expectation(asked, Expectation("airline", "fly", 8.0, 0.1, 40, NOW, source="set"), "Sanne", NOW)
    answers(asked, *[7, 8] * 10)
    assert refresh_expectations(asked, NOW, ZONE) == ["fly"]
    assert len(expectations(asked, "airline")) == 2


def test_it_counts_in_what_the_stage_was_told(asked):
    answers(asked, *[7, 8, 9] * 10)
    refresh_expectations(asked, NOW, ZONE)
    (survey,) = told(asked, load_journey("airline"))["fly"].surveys
    assert survey[0] == MONDAY and survey[1].mean == pytest.approx(8.0) and survey[1].n == 30


def test_a_store_without_a_journey_has_nothing_to_say(store):
    assert refresh_expectations(store, NOW, ZONE) == []
