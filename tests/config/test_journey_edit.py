"""Edits of a journey: ids stay, a new stage is recognised by its words, and a stage that goes leads on to another."""

from __future__ import annotations

import pytest

from config.journey import as_dict, load_journey, parse_journey
from config.journey_edit import free_id, merged, with_stage
from text.stages import Placer

JOURNEY = load_journey("airline")


def stage_of(journey, text):
    placed = Placer(journey).place_all([text], ["nl"], [None])[0]
    return placed.stage if placed else None


def test_a_new_stage_stands_where_it_was_put_and_is_recognised_by_its_words():
    edited = with_stage(JOURNEY, {"nl": "Lounge", "en": "In the lounge"}, {"nl": "lounge, (vip)", "en": ""}, "checkin")
    ids = [stage.id for stage in edited.stages]
    assert ids[ids.index("checkin") + 1] == "in_the_lounge" and len(ids) == len(JOURNEY.stages) + 1
    assert parse_journey(as_dict(edited), "again") == edited
    assert stage_of(edited, "De lounge was vol en de lounge was vies") == "in_the_lounge"
    assert with_stage(JOURNEY, {"nl": "A", "en": "Fly"}, {}, "").stages[0].id == "fly_2", "first, and an id of its own"


def test_a_stage_that_goes_leads_on_to_another():
    edited = merged(JOURNEY, "checkin", "fly")
    assert edited.stage_id("checkin") == "fly" and "checkin" not in [stage.id for stage in edited.stages]
    assert all(JOURNEY.aliases[name] != "checkin" or edited.aliases[name] == "fly" for name in JOURNEY.aliases)
    assert edited.stage("fly").moment_of_truth, "it takes the moment of truth along"
    assert set(JOURNEY.stage("checkin").rules["nl"]) <= set(edited.stage("fly").rules["nl"])
    assert parse_journey(as_dict(edited), "again") == edited
    text = "Bij het inchecken stond een enorme rij bij de balie"
    assert stage_of(JOURNEY, text) == "checkin" and stage_of(edited, text) == "fly"


def test_a_stage_is_not_taken_up_in_itself_or_in_none():
    with pytest.raises(ValueError, match="'fly' cannot be taken up in itself"):
        merged(JOURNEY, "fly", "fly")
    with pytest.raises(KeyError, match="moon"):
        merged(JOURNEY, "fly", "moon")


@pytest.mark.parametrize(
    ("name", "taken", "id"), [("1st visit", [], "stage_1st_visit"), ("", [], "stage"), ("Fly", ["fly", "fly_2"], "fly_3")]
)
def test_an_id_is_one_whatever_the_name(name, taken, id):
    assert free_id(name, taken) == id and id.isidentifier()
