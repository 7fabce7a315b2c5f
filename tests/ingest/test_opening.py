from dataclasses import replace

import pytest

from config.errors import ConfigError
from config.journey import load_journey
from ingest.errors import Unfit
from ingest.opening import open_place, refuse_demo, store_url
from store.people.facts import get_fact, set_fact
from store.people.journeys import current_journey, journeys, save_journey


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/new.db"


def opened(url, chosen, **options):
    place = open_place(url, chosen, **options)
    place.close()
    return place


def test_an_empty_store_gets_the_settings_journey(url, chosen):
    place = opened(url, chosen)
    assert place.journey == load_journey("airline") and journeys(place.engine) == ["airline"] and not place.demo


def test_or_the_one_asked_for_which_it_then_keeps(url, chosen):
    assert opened(url, chosen, journey="seven-stages").journey.id == "seven-stages"
    later = opened(url, chosen)
    assert later.journey.id == "seven-stages" and get_fact(later.engine, "journey") == "seven-stages"


def test_the_stores_own_version_counts_and_not_the_file(url, chosen):
    place = opened(url, chosen)
    save_journey(place.engine, replace(place.journey, goal_target=9.5), "me", 1)
    assert opened(url, chosen).journey.goal_target == 9.5
    assert opened(url, chosen, journey="airline").journey.goal_target == 9.5


def test_names_given_once_are_the_journeys_for_good(url, chosen):
    opened(url, chosen, own_names=["United", "United"])
    place = opened(url, chosen, own_names=["United"])
    assert place.journey.own_names[-1] == "United" and place.journey.own_names.count("United") == 1
    assert "United" in place.pipeline("post").own_names
    assert current_journey(place.engine, "airline").own_names == place.journey.own_names


def test_another_key_than_the_store_was_filled_with_is_refused(url, chosen, monkeypatch):
    opened(url, chosen)
    monkeypatch.setenv("KLANTBLIK_KEY", "another key of thirty-two letters")
    with pytest.raises(ConfigError, match="another key than") as caught:
        open_place(url, chosen)
    assert "thirty-two" not in str(caught.value)


def test_the_demo_takes_no_real_customers(url, chosen):
    place = open_place(url, chosen)
    refuse_demo(place)
    set_fact(place.engine, "demo", "1", "me", 1)
    with pytest.raises(Unfit, match="made-up company"):
        refuse_demo(open_place(url, chosen))
    place.close()


def test_a_bare_name_is_a_file():
    assert store_url("a.db") == "sqlite:///a.db"


def test_unknown_journeys_are_named(url, chosen):
    with pytest.raises(ConfigError, match="journey: found 'moon'"):
        open_place(url, chosen, journey="moon")
