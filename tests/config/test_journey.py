"""Journeys: complete in both languages, with a goal; what is not is refused by name."""

import copy
import tomllib

import pytest

from config.errors import ConfigError
from config.journey import FOLDER, as_dict, journey_ids, load_journey, parse_journey

STAGES = {
    "airline": ["orient", "book", "checkin", "fly", "arrive", "service", "loyalty"],
    "seven-stages": ["orientation", "order", "delivery", "use", "question", "return", "leaving"],
    "five-stages": ["become", "order", "question", "return", "leave"],
}


def test_the_three_journeys_are_shipped():
    assert set(STAGES) <= set(journey_ids())


@pytest.mark.parametrize("name", STAGES)
def test_a_shipped_journey_is_complete(name):
    journey = load_journey(name)
    assert [stage.id for stage in journey.stages] == STAGES[name]
    assert journey.goal_metric
    assert 1 <= journey.goal_target <= 10
    assert any(stage.moment_of_truth for stage in journey.stages)
    for stage in journey.stages:
        assert stage.name["nl"] and stage.name["en"]
        assert stage.rules["nl"] and stage.rules["en"], f"{stage.id} has no rules"
        assert all(stage.question[language].endswith("?") for language in ("nl", "en"))


@pytest.mark.parametrize("question", [{"nl": "Hoe ging het?"}, {"nl": "Hoe ging het?", "en": " "}, "How did it go?", {}])
def test_a_question_in_one_language_is_refused_by_name(question):
    raw = as_dict(load_journey("airline"))
    raw["stage"][1]["question"] = question
    with pytest.raises(ConfigError, match=r"book.*question"):
        parse_journey(raw, "airline.toml")


def test_a_stage_needs_no_question():
    raw = as_dict(load_journey("airline"))
    del raw["stage"][1]["question"]
    journey = parse_journey(raw, "airline.toml")
    assert journey.stage("book").question == {}
    assert parse_journey(as_dict(journey), "airline.toml") == journey


def test_the_five_stages_are_in_the_customers_words():
    names = [stage.name["nl"].lower() for stage in load_journey("five-stages").stages]
    assert names == [
        "ik word klant",
        "ik bestel iets",
        "ik heb een vraag of klacht",
        "ik retourneer",
        "ik beëindig de samenwerking",
    ]


@pytest.mark.parametrize("name", STAGES)
def test_a_journey_survives_the_store(name):
    journey = load_journey(name)
    assert parse_journey(as_dict(journey), "store") == journey


def test_aliases_and_ids_lead_to_a_stage_in_any_case():
    journey = load_journey("airline")
    assert journey.stage_id("Travel") == "fly"
    assert journey.stage_id("fly") == "fly"
    assert journey.stage_id("nowhere") is None
    assert journey.stage_id(None) is None


def raw():
    return tomllib.loads((FOLDER / "five-stages.toml").read_text(encoding="utf8"))


def without_goal(data):
    del data["goal"]


def with_half_a_goal(data):
    data["goal"] = {"metric": "nps"}


def with_one_stage(data):
    data["stage"] = data["stage"][:1]


def without_english(data):
    del data["stage"][0]["name"]["en"]


def with_a_lost_alias(data):
    data["aliases"] = {"travel": "moon"}


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (without_goal, "goal"),
        (with_half_a_goal, "goal"),
        (with_one_stage, "two stages"),
        (without_english, "English"),
        (with_a_lost_alias, "moon"),
    ],
)
def test_an_incomplete_journey_is_refused_by_name(spoil, named):
    data = copy.deepcopy(raw())
    spoil(data)
    with pytest.raises(ConfigError, match=named):
        parse_journey(data, "my.toml")


def test_an_unknown_journey_lists_what_there_is():
    with pytest.raises(ConfigError, match="airline"):
        load_journey("mars")


def test_an_unknown_stage_is_a_key_error():
    with pytest.raises(KeyError, match="moon"):
        load_journey("airline").stage("moon")
