"""The builder: which journey, company and moment a store is shown with, and what it keeps between two frames."""

from dataclasses import replace

import pytest

from config.journey import load_journey
from config.settings import read_settings
from pages.wall import builder
from pages.wall.builder import SLOW_MS, Builder
from store.bulk import taking_turns
from store.people.facts import write_fact
from store.people.journeys import save_journey
from store.people.promises import Promise, save_promise
from store.quotes import keep_quotes
from store.reads.quotes import kept_quotes
from tests.browser.wall_store import HOUR, NOON, fill

SETTINGS = read_settings(environ={})


def say(store, **facts):
    with taking_turns(store) as connection:
        for key, value in facts.items():
            write_fact(connection, key, value)


def test_a_store_says_its_own_company_and_zone(sqlite_store):
    say(sqlite_store, company_nl="Bakker", company_en="Baker", zone="Europe/Brussels", demo="1")
    context = Builder(sqlite_store, SETTINGS).context(NOON)
    assert (context.company, context.zone.key, context.demo) == ({"nl": "Bakker", "en": "Baker"}, "Europe/Brussels", True)


def test_without_a_name_only_a_demo_carries_the_templates_company(sqlite_store):
    assert Builder(sqlite_store, SETTINGS).context(NOON).company == {"nl": "Klantblik", "en": "Klantblik"}
    say(sqlite_store, demo="1")
    assert Builder(sqlite_store, SETTINGS).context(NOON).company == {"nl": "Noordvlucht", "en": "Northflight"}


@pytest.mark.parametrize(
    ("demo", "setting", "policy"), [("1", "", "strict"), ("0", "", "off"), ("1", "off", "off"), ("0", "approved", "approved")]
)
def test_quotes_are_strict_for_the_demo_and_off_elsewhere_until_chosen(sqlite_store, demo, setting, policy):
    say(sqlite_store, demo=demo)
    chosen = replace(SETTINGS, wall=replace(SETTINGS.wall, quotes=setting))
    assert Builder(sqlite_store, chosen).context(NOON).quotes == policy


@pytest.mark.parametrize("fact", ["off", "approved", "strict"])
def test_the_rule_for_quotes_is_chosen_on_screen_too(sqlite_store, fact):
    say(sqlite_store, demo="1", wall_quotes=fact)
    assert Builder(sqlite_store, SETTINGS).context(NOON).quotes == fact


def test_a_screen_more_careful_than_the_house_gets_other_words_or_none(sqlite_store):
    fill(sqlite_store, NOON, days=3)
    at, data = kept_quotes(sqlite_store)
    approved = [{**data["quotes"][0], "text": "Somebody approved this very sentence"}]
    keep_quotes(sqlite_store, at, {**data, "approved": approved}, at)
    made = Builder(sqlite_store, SETTINGS)
    frame, others = made.build(NOON), made.others(NOON)
    assert frame["voices"] and set(others) == {"off", "approved"}
    assert others["off"] == {"voices": [], "base": None}
    quarters = [made.others(at + quarter * 900_000)["approved"]["voices"] for quarter in range(4)]
    assert [voice["text"] for voices in quarters for voice in voices] == ["Somebody approved this very sentence"]


def test_the_journey_that_the_store_holds_wins_over_the_setting(sqlite_store):
    save_journey(sqlite_store, load_journey("five-stages"), "test", NOON)
    context = Builder(sqlite_store, SETTINGS).context(NOON)
    assert context.journey.id == load_journey("five-stages").id


def test_old_messages_are_shown_as_of_their_end(sqlite_store):
    fill(sqlite_store, NOON, days=2)
    made = Builder(sqlite_store, SETTINGS)
    assert made.context(NOON + 13 * 24 * HOUR).as_of == 0
    as_of = made.context(NOON + 60 * 24 * HOUR).as_of
    assert NOON - 2 * HOUR < as_of < NOON + HOUR


def test_a_promise_counts_once_it_is_approved_and_in_force(sqlite_store):
    fill(sqlite_store, NOON, days=0)
    later = Promise(code="B-9", text_nl="x", text_en="x", journey="airline", stage="fly", soft_mark=8.0, valid_from=NOON + HOUR)
    save_promise(sqlite_store, later, NOON)
    codes = {promise.code for promise in Builder(sqlite_store, SETTINGS).context(NOON).promises}
    assert "B-07" in codes and "B-9" not in codes


def test_the_slow_part_is_read_once_in_twenty_seconds_and_the_rest_each_time(sqlite_store, monkeypatch):
    fill(sqlite_store, NOON, days=1)
    reads = []
    slow, fresh = builder.read_slow, builder.read_fresh
    monkeypatch.setattr(builder, "read_slow", lambda *given: reads.append("slow") or slow(*given))
    monkeypatch.setattr(builder, "read_fresh", lambda *given: reads.append("fresh") or fresh(*given))
    made = Builder(sqlite_store, SETTINGS)
    for at in (0, 1000, SLOW_MS - 1, SLOW_MS):
        made.build(NOON + at)
    assert reads == ["slow", "fresh", "fresh", "fresh", "slow", "fresh"]


def test_a_frame_of_a_textbook_day_is_complete(sqlite_store):
    fill(sqlite_store, NOON, days=3)
    frame = Builder(sqlite_store, SETTINGS).build(NOON)
    assert [stage["state"] for stage in frame["stages"]] == ["live"] * 7
    assert frame["biggest"]["kind"] == "hard" and frame["headline"]["stages"] == 7
    assert len(frame["sources"]) == 5 and frame["voices"] and frame["promises"]
