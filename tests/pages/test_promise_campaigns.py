"""Campaigns on the promises page: three columns, the story in plain words, and a campaign that is still to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from config.journey import load_journey
from config.language import texts
from metrics.intervals import Interval, wilson
from metrics.promise import Expectation
from pages.promise_campaigns import finding, what_happened
from reports.campaigns import Campaign, Phase
from reports.names import Names
from store.engine import open_store
from store.people.annotations import Annotation, annotations_between
from tests.pages.conftest import MONDAY
from tests.pages.screens import opened, said

ZONE = ZoneInfo("Europe/Amsterdam")
JOURNEY = load_journey("airline")
NL, EN = texts("nl"), texts("en")
VISITS = {code: SimpleNamespace(t=texts(code), zone=ZONE, journey=JOURNEY) for code in ("nl", "en")}


def ms(*day):
    return round(datetime(*day, tzinfo=ZONE).timestamp() * 1000)


def phase(mark=6.5, expected: float | None = 7.2, broken=(80, 914), asked=400.0, half=0.1):
    heard = Expectation(expected, 0.01, 1.0, "", 8.0) if expected else None
    off = Interval(mark - expected, mark - expected - 0.2, mark - expected + 0.2) if expected else None
    shown, contacts = Interval(mark, mark - half, mark + half), Interval(asked, asked - 20, asked + 20)
    spent = (date(2026, 8, 3), date(2026, 8, 30))
    return Phase(*spent, shown, 900.0, "solid", heard, off, contacts, 4 * asked, wilson(*broken), broken[1])


def campaign(before=None, during=None, after=None):
    note = Annotation("campaign", "Altijd bereikbaar", "Always there", "airline", ms(2026, 8, 31), ms(2026, 9, 28), "service", 7)
    return Campaign(note, "service", before, during, after)


def test_the_demo_campaign_stands_in_three_columns_in_both_languages(store, monkeypatch):
    for lang, name in (("nl", "Altijd bereikbaar"), ("en", "Always there")):
        at = opened("promises", store("demo"), monkeypatch, lang=lang, **MONDAY)
        t = texts(lang)
        assert not at.exception and name in said(at, "campaign")
        spoken = said(at, "campaign-phases")
        for key in ("before", "during", "after", "row_experience", "row_expected", "row_gap", "row_contacts", "row_broken"):
            assert t(f"campaign.{key}") in spoken
        assert "n " in spoken and "[" in spoken


def test_a_bar_that_rose_while_delivery_stayed_is_said_so():
    one = campaign(phase(), phase(6.4, 7.6, (220, 1324)), phase(6.5, 7.9, (217, 1234)))
    assert finding(one, VISITS["nl"]) == (  # type: ignore[arg-type]
        "Altijd bereikbaar: de verwachting ging van 7,2 naar 7,6, de beleving veranderde niet aantoonbaar"
    )
    told = what_happened(one, Names(NL, JOURNEY), VISITS["nl"])  # type: ignore[arg-type]
    assert "brak 17%, tegen 9% ervoor" in told and "Het aantal klantcontacten veranderde niet aantoonbaar" in told
    assert "is het verschil met de verwachting −1,4; ervoor was het −0,7" in told


@pytest.mark.parametrize(("mark", "key"), [(7.2, "mark_rose"), (5.8, "mark_fell"), (6.55, "mark_same")])
def test_only_what_is_beyond_chance_is_a_rise_or_a_fall(mark, key):
    words = EN(f"campaign.{key}", by=EN.number(abs(mark - 6.5))) if key != "mark_same" else EN("campaign.mark_same")
    assert finding(campaign(phase(), phase(mark)), VISITS["en"]).endswith(words)  # type: ignore[arg-type]


def test_more_contact_is_said_in_per_cent_and_a_running_campaign_has_no_afterwards():
    told = what_happened(campaign(phase(), phase(asked=500.0)), Names(EN, JOURNEY), VISITS["en"])  # type: ignore[arg-type]
    assert "Customers asked 25% more often." in told and EN("campaign.running") in told and "Afterwards" not in told
    fewer = what_happened(campaign(phase(), phase(asked=300.0, broken=(10, 914))), Names(EN, JOURNEY), VISITS["en"])  # type: ignore
    assert "25% less often" in fewer and "only 1% broke, against 9% before" in fewer


def test_a_campaign_to_come_says_where_one_stands():
    one = campaign(phase())
    assert "31 aug" in finding(one, VISITS["nl"])  # type: ignore[arg-type]
    assert NL("campaign.stand") in what_happened(one, Names(NL, JOURNEY), VISITS["nl"])  # type: ignore[arg-type]


def test_too_few_customers_give_no_word_about_the_experience():
    one = campaign(phase(), replace(phase(), status="too_few"))
    assert finding(one, VISITS["en"]).endswith(EN("campaign.mark_few"))  # type: ignore[arg-type]


def test_a_campaign_can_be_put_on_the_time_axis_here_with_its_stage(own, monkeypatch):
    url = own("demo")
    at = opened("promises", url, monkeypatch, lang="en", **MONDAY)
    form = {box.label: box for box in at.selectbox}
    form[EN("week.note_kind")].set_value("campaign")
    stages = [box for box in at.selectbox if box.label == EN("promises.stage") and box.key != "stage"]
    stages[0].set_value("book")
    next(box for box in at.text_input if box.label == EN("week.note_text_en")).set_value("Winter sun")
    next(b for b in at.button if b.label == EN("week.note_save")).click().run()
    engine = open_store(url)
    kept = [note for note in annotations_between(engine, "airline", 0, 1 << 50) if note.text_en == "Winter sun"]
    assert [(note.kind, note.stage) for note in kept] == [("campaign", "book")]
    engine.dispose()
