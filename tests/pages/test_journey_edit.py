"""The journey edited on screen: a table of words, a stage more, a stage less; refused in words, kept as a version."""

from __future__ import annotations

import pytest

from config.journey import load_journey
from config.language import texts
from pages.journey_edit import _row, reworded
from store.corridor.jobs import jobs
from store.engine import open_store
from store.people.journeys import current_journey
from tests.pages.conftest import MONDAY
from tests.pages.screens import opened

AIRLINE = load_journey("airline")
T = texts("nl")


def rows():
    return [_row(i, stage) for i, stage in enumerate(AIRLINE.stages, start=1)]


def test_the_table_gives_the_journey_back_as_it_was():
    assert reworded(AIRLINE, rows(), AIRLINE.goal_target) == AIRLINE


def test_words_order_truth_and_goal_come_from_the_table():
    table = rows()
    table[0] |= {
        "place": 3,
        "name_nl": " Rondkijken ",
        "truth": True,
        "question_nl": "Hoe ging het?",
        "question_en": "How was it?",
    }
    table[2]["place"] = float("nan")
    found = reworded(AIRLINE, table, 7.5)
    assert [stage.id for stage in found.stages][-1] == AIRLINE.stages[2].id, "without a place it comes last"
    looking = found.stage(AIRLINE.stages[0].id)
    assert looking.name["nl"] == "Rondkijken" and looking.moment_of_truth and looking.question["en"] == "How was it?"
    assert found.goal_target == 7.5 and looking.rules == AIRLINE.stages[0].rules


@pytest.fixture
def page(own, monkeypatch):
    url = own("demo")
    at = opened("journey", url, monkeypatch, lang="nl", **MONDAY)
    engine = open_store(url)
    yield at, engine
    engine.dispose()


def save(at, why="klanten noemen het zo"):
    at.text_input(key="redraw-why").set_value(why)
    at.text_input(key="who-redraw").set_value("Anna")
    [button for button in at.button if button.label == T("journey.edit_save")][-1].click().run()  # behind the touchpoint's


def test_a_stage_is_added_and_everything_is_read_anew(page):
    at, engine = page
    at.segmented_control(key="redraw-way").set_value("add").run()
    for key, value in {"add-nl": "Lounge", "add-en": "Lounge"}.items():
        at.text_input(key=key).set_value(value)
    at.text_area(key="words-nl").set_value("lounge, wachtruimte")
    at.selectbox(key="add-after").set_value("checkin")
    save(at)
    assert T("journey.redraw_saved") in [line.value for line in at.success]
    found = current_journey(engine, "airline")
    ids = [stage.id for stage in found.stages]
    assert ids[ids.index("checkin") + 1] == "lounge" and found.stage("lounge").rules["nl"] == ["lounge", "wachtruimte"]
    assert [job.kind for job in jobs(engine)] == ["rescore"]


def test_a_stage_with_promises_cannot_go_and_the_page_says_which(page):
    at, engine = page
    at.segmented_control(key="redraw-way").set_value("merge").run()
    at.selectbox(key="merge-gone").set_value("service")
    at.selectbox(key="merge-into").set_value("loyalty")
    save(at)
    assert ["gelden nog beloften (B-05, B-07)" in line.value for line in at.error] == [True], [line.value for line in at.error]
    assert jobs(engine) == []


def test_without_a_reason_nothing_changes(page):
    at, engine = page
    next(box for box in at.number_input if box.label == T("journey.goal_target")).set_value(7.0)
    save(at, why="")
    assert T("journey.error_journey_why") in [line.value for line in at.error]
    assert current_journey(engine, "airline").goal_target == AIRLINE.goal_target
