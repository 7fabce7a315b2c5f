"""Edits of the journey: the next version with its reason, what may not go, and what a person placed goes along."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.journey import load_journey
from config.journey_edit import merged, with_stage
from store.corridor.jobs import jobs
from store.people.audit import entries, verify
from store.people.corrections import correct_stage, mark_applied, pending
from store.people.errors import Refused
from store.people.journey_edits import edit_journey
from store.people.journeys import current_journey, save_journey
from store.people.promises import Promise, approve, save_draft
from store.placing import place
from store.stored import stored_rows
from tests.store.people_store import NOW
from tests.store.rows import keep, row

AIRLINE = load_journey("airline")


@pytest.fixture
def engine(store):
    save_journey(store, AIRLINE, "Anna", NOW)
    return store


def reworded(**more):
    first = replace(AIRLINE.stages[0], **more)
    return replace(AIRLINE, stages=(first, *AIRLINE.stages[1:]))


def test_other_words_are_a_next_version_with_its_reason_and_nothing_is_read_anew(engine):
    name = {"nl": "Rondkijken", "en": "Looking"}
    assert edit_journey(engine, reworded(name=name), "klanten zeggen het zo", "Anna", NOW + 1) == 2
    assert current_journey(engine, "airline").stages[0].name == name and jobs(engine) == []
    kept = entries(engine, "journey airline")
    assert [(one.who, one.action) for one in kept][:2] == [("Anna", "edit"), ("Anna", "save")]
    assert "klanten zeggen het zo" in str(kept[0].detail) and verify(engine) == []


def test_another_stage_has_everything_read_anew(engine):
    more = with_stage(AIRLINE, {"nl": "Lounge", "en": "Lounge"}, {"nl": "lounge"}, "checkin")
    edit_journey(engine, more, "nieuw", "Anna", NOW)
    assert [job.kind for job in jobs(engine)] == ["rescore"]


def test_what_cannot_be_kept_is_refused_and_nothing_changes(engine):
    for edited, why, what in (
        (reworded(name={"nl": "Kijken", "en": " "}), "zo", "journey_name"),
        (reworded(question={"nl": "Hoe ging het?", "en": ""}), "zo", "journey_name"),
        (reworded(), "  ", "journey_why"),
        (replace(AIRLINE, stages=AIRLINE.stages[1:], aliases={}), "zo", "journey_stage"),
    ):
        with pytest.raises(Refused) as caught:
            edit_journey(engine, edited, why, "Anna", NOW)
        assert caught.value.values["what"] == what
    assert current_journey(engine, "airline") == AIRLINE


def test_a_stage_with_a_promise_stays_until_the_promise_is_retired(engine):
    promise = Promise(text_nl="Vlot", text_en="Swift", journey="airline", stage="checkin", kind="soft", soft_mark=8.0)
    draft = save_draft(engine, promise, "Anna", 1)
    approve(engine, draft.code, 1, "Bram", 2)
    with pytest.raises(Refused, match=f"promises {draft.code}. Retire them first") as caught:
        edit_journey(engine, merged(AIRLINE, "checkin", "fly"), "samen", "Anna", NOW)
    assert caught.value.values == {"what": "journey_promises", "codes": draft.code}


def test_what_a_person_placed_goes_where_the_stage_goes(engine):
    keep(engine, row())
    contact = stored_rows(engine)[0][0]
    correction = correct_stage(engine, contact, "airline", "checkin", "Anna", NOW)
    place(engine, contact, "airline", "checkin", now_ms=NOW, zone="Europe/Amsterdam")
    mark_applied(engine, correction, NOW)
    edit_journey(engine, merged(AIRLINE, "checkin", "fly"), "samen", "Bram", NOW + 1)
    assert [(one.contact_id, one.after, one.made_by) for one in pending(engine)] == [(contact, "airline/fly", "Bram")]
