"""Promises: drafted by one, approved by another, never overwritten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store.people.audit import entries, verify
from store.people.errors import NotFound, Refused, SamePerson, WrongState
from store.people.promises import (
    Promise,
    active_promises,
    approve,
    register,
    reject,
    retire,
    save_draft,
    save_promise,
    versions,
)
from tests.store.people_store import DAY, NOW, fresh

HARD = Promise(
    text_nl="Binnen 24 uur antwoord",
    text_en="An answer within 24 hours",
    journey="airline",
    stage="service",
    channel="email",
    kind="hard",
    metric="first_response",
    threshold=86400,
    share=0.95,
    valid_from=NOW - 200 * DAY,
    reach=0.46,
)


@pytest.fixture
def engine(tmp_path):
    return fresh(tmp_path)


def approved(engine, promise, at=NOW):
    draft = save_draft(engine, promise, "marketing", at)
    return approve(engine, draft.code, draft.version, "service", at + 1)


def test_a_draft_does_not_count_until_a_second_person_approves_it(engine):
    draft = save_draft(engine, HARD, "marketing", NOW)
    assert (draft.code, draft.version, draft.state) == ("B-01", 1, "draft")
    assert active_promises(engine, "airline", NOW) == []
    with pytest.raises(SamePerson) as refusal:
        approve(engine, "B-01", 1, "marketing", NOW)
    assert refusal.value.key == "error.same_person" and refusal.value.values == {"who": "marketing"}
    approve(engine, "B-01", 1, "service", NOW)
    only = active_promises(engine, "airline", NOW)[0]
    assert (only.text("en"), only.approved_by, only.threshold) == ("An answer within 24 hours", "service", 86400)
    assert [row.action for row in entries(engine, "promise B-01")] == ["approved", "draft"]
    assert verify(engine) == []


def test_an_edit_is_a_new_version_and_the_old_one_ends_where_it_begins(engine):
    approved(engine, HARD)
    start = NOW - 80 * DAY
    sharper = replace(HARD, code="B-01", threshold=14400, text_nl="Binnen 4 uur antwoord", valid_from=start)
    draft = save_draft(engine, sharper, "marketing", NOW)
    assert [v.threshold for v in active_promises(engine, "airline", NOW)] == [86400], "a draft replaces nothing"
    approve(engine, "B-01", draft.version, "service", NOW)
    old, new = versions(engine, "B-01")
    assert (old.ends_at, old.followed, new.ends_at) == (start, True, None)
    assert [v.threshold for v in active_promises(engine, "airline", start - 1)] == [86400]
    assert [v.threshold for v in active_promises(engine, "airline", start)] == [14400]


def test_a_retired_promise_ends_but_its_history_stays(engine):
    approved(engine, HARD)
    retire(engine, "B-01", "marketing", NOW, NOW + DAY)
    assert len(active_promises(engine, "airline", NOW)) == 1
    assert active_promises(engine, "airline", NOW + DAY) == []
    assert [(v.state, v.followed) for v in versions(engine, "B-01")] == [("approved", False), ("retired", False)]


def test_a_promise_ends_on_its_own_day_too(engine):
    approved(engine, replace(HARD, valid_to=NOW - DAY))
    assert active_promises(engine, "airline", NOW - 2 * DAY) and not active_promises(engine, "airline", NOW)


def test_only_a_draft_can_be_decided_and_only_once(engine):
    draft = save_draft(engine, HARD, "marketing", NOW)
    reject(engine, draft.code, 1, "service", NOW)
    with pytest.raises(WrongState, match="found rejected, expected draft"):
        approve(engine, draft.code, 1, "service", NOW)
    with pytest.raises(NotFound):
        approve(engine, draft.code, 2, "service", NOW)
    with pytest.raises(NotFound):
        versions(engine, "B-99")
    with pytest.raises(WrongState):
        retire(engine, draft.code, "service", NOW)
    assert active_promises(engine, "airline", NOW) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"text_nl": "", "text_en": ""},
        {"stage": ""},
        {"metric": ""},
        {"share": 1.0},
        {"reach": 0.0},
        {"emphasis": 4},
        {"valid_to": HARD.valid_from},
        {"kind": "soft", "soft_mark": 7.0},
    ],
)
def test_a_promise_that_cannot_be_checked_is_refused_and_nothing_is_stored(engine, wrong):
    with pytest.raises(Refused, match=r"found .* expected"):
        save_draft(engine, replace(HARD, **wrong), "marketing", NOW)
    assert register(engine, "airline") == [] and entries(engine) == []


def test_an_import_twice_makes_one_version_and_a_change_makes_a_second(engine):
    given = replace(HARD, code="B-07")
    first = save_promise(engine, given, NOW)
    assert save_promise(engine, given, NOW + 5) == first
    assert first.approved_by == "import"
    save_promise(engine, replace(given, threshold=14400, valid_from=NOW), NOW + 6)
    assert [v.version for v in versions(engine, "B-07")] == [1, 2]
    with pytest.raises(Refused):
        save_promise(engine, HARD, NOW)


def test_the_register_keeps_journeys_apart_and_codes_free(engine):
    approved(engine, HARD)
    approved(engine, replace(HARD, journey="seven-stages"))
    save_promise(engine, replace(HARD, code="B-03"), NOW)
    assert [v.code for v in register(engine, "airline")] == ["B-01", "B-03"]
    assert save_draft(engine, HARD, "marketing", NOW).code == "B-04"


def test_words_fall_back_on_the_other_language():
    assert replace(HARD, text_en="").text("en") == "Binnen 24 uur antwoord"
