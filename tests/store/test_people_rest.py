"""Journeys, annotations, changes, meetings and one-things, with their audit rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.errors import ConfigError
from config.journey import load_journey
from config.language import texts
from store.corridor.jobs import jobs
from store.people.annotations import Annotation, annotate, annotations_between
from store.people.audit import entries, verify
from store.people.changes import KINDS, Change, advance, changes, record_check, register_change, save_change
from store.people.departments import DEFAULT, departments, set_departments
from store.people.errors import NotFound, Refused, WrongState
from store.people.facts import set_fact
from store.people.journeys import choose_journey, current_journey, journeys, save_journey, shown_journey, standing
from store.people.meetings import (
    Meeting,
    OneThing,
    close_thing,
    codes_of,
    meetings,
    name_one_thing,
    one_things,
    save_meeting,
    save_one_thing,
    whose_turn,
)
from tests.store.people_store import DAY, NOW

BOT = Change(what_nl="Nieuwe chatbot", journey="airline", stage="service", metric="csat", owner="Klantcontact")


def test_a_chosen_journey_is_shown_and_what_is_stored_is_read_by_it(engine):
    save_journey(engine, load_journey("airline"), "anna", NOW)
    assert standing(engine, "airline") == ("airline", 1)
    choose_journey(engine, load_journey("five-stages"), "anna", NOW)
    assert standing(engine, "airline") == ("five-stages", 1)
    save_journey(engine, replace(load_journey("five-stages"), own_names=("Wij",)), "anna", NOW)
    choose_journey(engine, load_journey("airline"), "bram", NOW)
    choose_journey(engine, load_journey("five-stages"), "bram", NOW)
    assert standing(engine, "airline") == ("five-stages", 2), "the store's own version, not the shipped one again"
    assert [job.kind for job in jobs(engine)] == ["rescore"] * 3


def test_screens_and_reports_show_the_journey_asked_for_then_the_stores_then_the_settings(engine):
    assert shown_journey(engine, "shop", "airline") == "airline", "an empty store"
    for name in ("seven-stages", "airline"):
        save_journey(engine, load_journey(name), "anna", NOW)
    assert shown_journey(engine, "", "nowhere") == "airline", "the first that it holds"
    assert shown_journey(engine, "", "seven-stages") == "seven-stages"
    set_fact(engine, "journey", "airline", "anna", NOW)
    assert shown_journey(engine, "", "seven-stages") == "airline"
    assert shown_journey(engine, "seven-stages", "airline") == "seven-stages"
    assert shown_journey(engine, "shop", "seven-stages") == "airline"


def test_the_file_is_the_journey_until_the_store_holds_one(engine):
    assert current_journey(engine, "airline") == load_journey("airline") and journeys(engine) == []
    edited = replace(load_journey("airline"), goal_target=8.5)
    assert save_journey(engine, edited, "me", NOW) == 1
    assert save_journey(engine, replace(edited, goal_target=9.0), "me", NOW) == 2
    assert current_journey(engine, "airline").goal_target == 9.0 and journeys(engine) == ["airline"]
    with pytest.raises(ConfigError):
        current_journey(engine, "unknown")


def test_a_journey_without_a_goal_is_refused(engine):
    with pytest.raises(ConfigError, match="goal"):
        save_journey(engine, replace(load_journey("airline"), goal_metric=""), "me", NOW)
    assert journeys(engine) == []


def test_annotations_touching_the_span_are_found(engine):
    note = Annotation("campaign", "Altijd bereikbaar", "", "airline", NOW, NOW + 27 * DAY)
    id = annotate(engine, note, "me", NOW)
    annotate(engine, Annotation("outage", "Storing", "Outage", "airline", NOW - 90 * DAY), "me", NOW)
    found = annotations_between(engine, "airline", NOW + DAY, NOW + 99 * DAY)
    assert found == [replace(note, id=id)] and found[0].text("en") == "Altijd bereikbaar"
    assert annotations_between(engine, "airline", NOW - DAY, NOW) == []


@pytest.mark.parametrize("wrong", [{"kind": "mood"}, {"text_nl": ""}, {"to_at": NOW - 1}])
def test_an_annotation_that_says_nothing_is_refused(engine, wrong):
    note = Annotation("campaign", "Altijd bereikbaar", "", "airline", NOW)
    with pytest.raises(Refused):
        annotate(engine, replace(note, **wrong), "me", NOW)


def test_a_change_is_checked_with_a_customer_before_it_is_decided(engine):
    code = register_change(engine, BOT, "me", NOW).code
    with pytest.raises(Refused, match="customer check"):
        advance(engine, code, "decided", "me", NOW)
    with pytest.raises(WrongState, match="found proposed"):
        advance(engine, code, "running", "me", NOW)
    advance(engine, code, "decided", "me", NOW, {"customer_check_nl": "Vier klanten gevraagd"})
    running = advance(engine, code, "running", "me", NOW + 1)
    assert (running.started_at, running.state) == (NOW + 1, "running")
    finished = advance(engine, code, "finished", "me", NOW + 2)
    assert changes(engine, "airline") == [finished] and finished.finished_at == NOW + 2


def test_one_change_runs_in_a_stage_unless_a_reason_is_given(engine):
    for number in (1, 2):
        save_change(engine, replace(BOT, code=f"V-{number:03d}", state="decided", customer_check_nl="ja"), NOW)
    advance(engine, "V-001", "running", "me", NOW)
    with pytest.raises(Refused, match="V-001 runs in the same stage"):
        advance(engine, "V-002", "running", "me", NOW)
    advance(engine, "V-002", "running", "me", NOW, {"override_reason": "andere klantgroep"})
    with pytest.raises(NotFound):
        advance(engine, "V-009", "running", "me", NOW)
    assert register_change(engine, replace(BOT, stage="fly"), "me", NOW).code == "V-003"
    with pytest.raises(Refused):
        register_change(engine, replace(BOT, stage=""), "me", NOW)


def test_a_change_keeps_what_an_import_says_and_replaces_by_code(engine):
    save_change(engine, replace(BOT, code="V-031", started_at=NOW - DAY, state="running"), NOW)
    save_change(engine, replace(BOT, code="V-031", started_at=NOW - 2 * DAY, state="running"), NOW)
    assert [c.started_at for c in changes(engine, "airline")] == [NOW - 2 * DAY]
    assert changes(engine, "airline")[0].what("en") == "Nieuwe chatbot"


def test_meetings_and_one_things_are_kept_and_changed(engine):
    id = save_meeting(engine, Meeting(NOW), "me", NOW)
    save_meeting(engine, Meeting(NOW, held=True, notes_nl="besloten", id=id), "me", NOW)
    assert meetings(engine) == [Meeting(NOW, True, "besloten", "", id)]
    thing = OneThing(NOW, "ploegleider", "Bagage", "Koffers komen te laat", journey="airline", stage="arrive")
    kept = save_one_thing(engine, thing, "me", NOW)
    save_one_thing(engine, replace(thing, id=kept, outcome_nl="proef"), "me", NOW)
    assert [t.outcome_nl for t in one_things(engine, "airline", NOW)] == ["proef"]
    assert one_things(engine, "airline", NOW - 1) == [] and thing.what("en") == "Koffers komen te laat"
    with pytest.raises(NotFound):
        save_meeting(engine, Meeting(NOW, id=99), "me", NOW)
    with pytest.raises(Refused):
        save_one_thing(engine, replace(thing, department=""), "me", NOW)


def test_the_next_guest_comes_from_the_department_heard_longest_ago():
    things = [OneThing(3, department="finance"), OneThing(2, department="hr"), OneThing(1, department="web")]
    assert whose_turn(things, ["finance", "hr", "web"]) == ["web", "hr", "finance"]
    assert whose_turn(things, ["finance", "legal", "web"]) == ["legal", "web", "finance"]
    assert whose_turn([], []) == []


def test_the_one_thing_becomes_a_change_with_who_and_until_when_or_nothing_at_all(engine):
    thing = OneThing(NOW, "boekhouder", "Financiën", "Terugbetalen duurt te lang", journey="airline", stage="service")
    kept, change = name_one_thing(engine, thing, "Piet", NOW + 14 * DAY, "Sanne", NOW)
    assert (change.state, change.owner, change.due_at, change.proposed_by) == (
        "proposed", "Piet", NOW + 14 * DAY, "boekhouder, Financiën",
    )  # fmt: skip
    assert [c.code for c in changes(engine, "airline")] == [change.code] == list(codes_of(engine, [kept]).values())
    assert [row.action for row in entries(engine)] == ["save", "register"]
    with pytest.raises(Refused):
        name_one_thing(engine, replace(thing, department=""), "Piet", 0, "Sanne", NOW)
    with pytest.raises(Refused):
        name_one_thing(engine, replace(thing, stage=""), "Piet", 0, "Sanne", NOW)
    assert len(changes(engine, "airline")) == len(one_things(engine, "airline", NOW)) == 1


def test_what_came_of_a_thing_needs_words(engine):
    id = save_one_thing(engine, OneThing(NOW, department="hr", what_nl="x", journey="airline"), "me", NOW)
    (thing,) = one_things(engine, "airline", NOW)
    with pytest.raises(Refused):
        close_thing(engine, thing, "me", NOW)
    close_thing(engine, replace(thing, outcome_nl="gedaan"), "me", NOW)
    assert [(t.id, t.outcome_nl) for t in one_things(engine, "airline", NOW)] == [(id, "gedaan")]


def test_departments_are_the_companys_own_list_with_an_audit(engine):
    assert departments(engine) == list(DEFAULT)
    assert set_departments(engine, [" Cabine ", "", "Techniek", "Cabine"], "Sanne", NOW) == ["Cabine", "Techniek"]
    assert departments(engine) == ["Cabine", "Techniek"]
    assert [(row.who, row.subject) for row in entries(engine)] == [("Sanne", "fact departments")]
    for wrong in ([], ["x" * 61], [str(i) for i in range(41)]):
        with pytest.raises(Refused):
            set_departments(engine, wrong, "Sanne", NOW)
    assert departments(engine) == ["Cabine", "Techniek"] and verify(engine) == []


def test_what_customers_said_later_takes_the_place_of_what_they_said_before(engine):
    code = register_change(engine, replace(BOT, customer_check_nl="vier klanten"), "me", NOW).code
    assert changes(engine, "airline")[0].checked_at == NOW
    decided = advance(engine, code, "decided", "me", NOW + DAY, {"customer_check_nl": "vier klanten"})
    assert decided.checked_at == NOW, "the same words were not asked anew"
    kept = record_check(engine, code, " zes klanten ", "six customers", "Sanne", NOW + 2 * DAY)
    assert (kept.customer_check_nl, kept.customer_check_en, kept.checked_at) == ("zes klanten", "six customers", NOW + 2 * DAY)
    assert (entries(engine)[0].action, entries(engine)[0].who) == ("checked", "Sanne")
    assert "vier klanten" in entries(engine)[0].detail and "zes klanten" in entries(engine)[0].detail
    with pytest.raises(Refused, match="who was asked"):
        record_check(engine, code, " ", "", "Sanne", NOW)
    advance(engine, code, "dropped", "me", NOW + 3 * DAY)
    with pytest.raises(WrongState, match="found dropped"):
        record_check(engine, code, "nog eens", "", "Sanne", NOW)
    assert changes(engine, "airline")[0].customer_check_nl == "zes klanten"


def test_english_words_alone_decide_a_change_and_close_a_thing(engine):
    code = register_change(engine, replace(BOT, what_nl="", what_en="New chatbot"), "me", NOW).code
    assert advance(engine, code, "decided", "me", NOW + 1, {"customer_check_en": "Four asked"}).checked_at == NOW + 1
    save_one_thing(engine, OneThing(NOW, department="hr", what_en="x", journey="airline"), "me", NOW)
    close_thing(engine, replace(one_things(engine, "airline", NOW)[0], outcome_en="done"), "me", NOW)
    assert one_things(engine, "airline", NOW)[0].closed


@pytest.mark.parametrize("kind", ["small", "system", "communication"])
def test_a_kind_that_no_screen_has_a_word_for_is_refused(engine, kind):
    with pytest.raises(Refused, match="expected one of process"):
        register_change(engine, replace(BOT, kind=kind), "me", NOW)
    assert changes(engine, "airline") == []
    for known in KINDS:
        for code in ("nl", "en"):
            assert texts(code).has(f"changes.kind_{known}")
