"""How long customers can be recognised: told per source, chosen by who may, refused in words, and done by ingest."""

from __future__ import annotations

import pytest

from config.language import CODES, texts
from pages.settings_keeping import FOR_EVER, OFFERED, days_told
from store.engine import open_store
from store.people.audit import entries, verify
from store.people.keeping import LONGEST, SHORTEST, keep_days, set_keep_days
from store.reads.sources import read_sources
from tests.pages.screens import opened, said


@pytest.fixture
def shop(own):
    """A store that tests may write to, with its engine and the name of its first source."""
    url = own("demo")
    engine = open_store(url)
    yield url, engine, read_sources(engine)[0].source
    engine.dispose()


def pressed(at, form):
    return next(button for button in at.button if button.proto.form_id == form).click().run()


@pytest.mark.parametrize(
    ("days", "dutch", "english"),
    [
        (FOR_EVER, "tot de bron of de klant ze wist", "until the source or the customer deletes them"),
        (7, "7 dagen", "7 days"),
        (30, "1 maand", "1 month"),
        (180, "6 maanden", "6 months"),
        (365, "1 jaar", "1 year"),
        (400, "400 dagen", "400 days"),
        (730, "2 jaar", "2 years"),
        (LONGEST, "5 jaar", "5 years"),
    ],
)
def test_a_term_is_told_as_people_say_it(days, dutch, english):
    assert (days_told(days, texts("nl")), days_told(days, texts("en"))) == (dutch, english)


def test_every_term_that_is_offered_can_be_kept():
    assert all(SHORTEST <= days <= LONGEST for days in OFFERED) and 365 in OFFERED


def test_a_term_is_chosen_told_and_audited(shop, monkeypatch):
    url, engine, source = shop
    at = opened("settings", url, monkeypatch, lang="nl")
    assert "nog niets gekozen" in said(at, "kept") and f"Klantcontacten van {source}" in said(at, "kept")
    next(one for one in at.selectbox if one.label == "Bron").set_value(source)
    next(one for one in at.selectbox if one.label == "Bewaren").set_value(90)
    at.text_input(key="who-keeping").set_value("Priya")
    at = pressed(at, "keeping")
    assert not at.exception and keep_days(engine) == {source: 90}
    assert f"via {source} zeiden, blijft 3 maanden" in at.success[0].value and "3 maanden" in said(at, "kept")
    assert f"bewaartermijn van {source} vastgelegd" in said(at, "audit")
    assert entries(engine, f"retention {source}")[0].who == "Priya" and verify(engine) == []


def test_a_choice_is_taken_back(shop, monkeypatch):
    url, engine, source = shop
    set_keep_days(engine, source, 90, "Priya", 1)
    at = opened("settings", url, monkeypatch, lang="en")
    next(one for one in at.selectbox if one.label == "Source").set_value(source)
    next(one for one in at.selectbox if one.label == "Keep").set_value(FOR_EVER)
    at.text_input(key="who-keeping").set_value("Priya")
    at = pressed(at, "keeping")
    assert keep_days(engine) == {} and "until the source or the customer deletes it" in at.success[0].value


def test_without_a_name_nothing_is_kept(shop, monkeypatch):
    at = pressed(opened("settings", shop[0], monkeypatch, lang="nl"), "keeping")
    assert at.error and keep_days(shop[1]) == {}


@pytest.mark.parametrize("lang", CODES)
def test_when_every_source_has_a_term_the_title_says_so(shop, monkeypatch, lang):
    for one in read_sources(shop[1]):
        set_keep_days(shop[1], one.source, 365, "Priya", 1)
    at = opened("settings", shop[0], monkeypatch, lang=lang)
    assert texts(lang)("settings.kept_all") in said(at, "kept")


def test_an_empty_store_says_how_long_counts_stay_and_asks_nothing(own, monkeypatch):
    at = opened("settings", own("empty"), monkeypatch, lang="nl")
    assert "400 dagen" in said(at, "kept") and not [one for one in at.selectbox if one.label == "Bron"]
