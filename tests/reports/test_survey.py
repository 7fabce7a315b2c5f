"""Survey questions: seven at most, drawn from the weakest stages and the loudest promises, each traced, none dangerous."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from config.journey import journey_ids, load_journey
from config.language import texts
from metrics.intervals import Interval
from metrics.registry import metric
from reports.names import Names
from reports.survey import MOST, SCALES, as_csv, as_surveyjs, questions
from store.people.promises import Promise

JOURNEY = load_journey("airline")


def row(stage, mark, gap, status="solid"):
    return SimpleNamespace(
        stage=stage, status=status, mark=Interval(mark, mark - 0.2, mark + 0.2), gap=gap and Interval(gap, gap, gap)
    )


LIVED = [row("orient", 7.8, 0.2), row("book", 7.5, -0.2), row("service", 5.2, -2.5), row("fly", 8.1, None)]
CARD = SimpleNamespace(rows=[*LIVED, row("arrive", 4.0, -3.0, "too_few")])


def promise(code, reach, stage="service", text="Binnen 4 uur antwoord"):
    return Promise(code=code, reach=reach, stage=stage, text_nl=text, text_en="An answer within 4 hours")


def names(language="nl"):
    return Names(texts(language), JOURNEY)


def test_the_weakest_stage_comes_first_and_what_has_no_evidence_stays_out():
    asked = questions(CARD, [], names())
    assert asked[0].stage == "service"
    assert "arrive" not in {question.stage for question in asked}


def test_the_loudest_promises_are_asked_as_expectations():
    asked = questions(CARD, [promise("B-1", 0.1), promise("B-2", 0.9), promise("B-3", 0.5), promise("B-4", 0.4)], names())
    assert [q.traced for q in asked if q.kind == "expectation"] == ["B-2", "B-3"]  # the goal takes the third one's place


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_goal_is_asked_on_its_own_scale(language):
    asked = questions(CARD, [promise(f"B-{i}", i / 10) for i in range(9)], names(language))
    goal = next(question for question in asked if question.id == JOURNEY.goal_metric)
    assert goal.kind == "nps" and JOURNEY.company[language] in goal.text
    form = json.loads(as_surveyjs(asked, "Noordvlucht"))["pages"][0]["elements"]
    scale = next(element for element in form if element["name"] == "nps")
    assert (scale["rateMin"], scale["rateMax"], scale["rateCount"]) == (0, 10, 11)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("id", journey_ids())
def test_every_shipped_journey_asks_its_goal(id, language):
    journey = load_journey(id)
    card = SimpleNamespace(rows=[row(journey.stages[0].id, 7.0, -0.5)])
    asked = questions(card, [], Names(texts(language), journey))
    assert [question.kind for question in asked] == ["csat10", journey.goal_metric, "open"]
    low, high = metric(journey.goal_metric).range
    assert SCALES.get(journey.goal_metric, (1, 10)) == (low, high)


def test_a_goal_that_nobody_can_be_asked_is_left_out():
    measured = Names(texts("nl"), replace(JOURNEY, goal_metric="wait"))
    assert {question.kind for question in questions(CARD, [], measured)} == {"csat10", "open"}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_stage_is_asked_in_a_customers_words_or_by_its_name(language):
    t = texts(language)
    first = questions(CARD, [], names(language))[0]
    assert first.text == t("survey.marked", question=JOURNEY.stage("service").question[language])
    plain = replace(JOURNEY, stages=tuple(replace(stage, question={}) for stage in JOURNEY.stages))
    first = questions(CARD, [], Names(t, plain))[0]
    assert first.text == t("survey.lived", stage=JOURNEY.stage("service").name[language])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_there_are_seven_at_most_and_the_last_is_open(language):
    asked = questions(CARD, [promise(f"B-{i}", i / 10) for i in range(9)], names(language))
    assert len(asked) <= MOST
    assert asked[-1].kind == "open"
    assert all(question.traced for question in asked)
    assert len({question.id for question in asked}) == len(asked)


def test_the_csv_neutralises_what_begins_like_a_formula():
    asked = questions(CARD, [promise("=1+1", 1.0)], names())
    rows = list(csv.reader(io.StringIO(as_csv(asked))))
    assert rows[0] == ["id", "text", "kind", "stage", "from"]
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_the_survey_form_has_one_element_per_question():
    asked = questions(CARD, [promise("B-1", 1.0)], names())
    form = json.loads(as_surveyjs(asked, "Noordvlucht"))
    elements = form["pages"][0]["elements"]
    assert [element["name"] for element in elements] == [question.id for question in asked]
    assert elements[0]["rateMax"] == 10 and elements[-1]["type"] == "comment"
