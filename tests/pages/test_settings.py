"""Settings: a screen is enrolled by its code and revoked by a click; the audit tells who did it."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from config.language import texts
from pages import settings
from pages.settings_audit import did
from store.corridor.jobs import jobs
from store.engine import open_store
from store.people.audit import entries, record, verify
from store.people.changes import STEPS
from store.people.departments import departments
from store.people.facts import set_fact
from store.people.mailing import Mailing, mailing
from store.people.walls import ask, screen_of, screens
from store.people.writing import writing
from tests.pages.conftest import MONDAY
from tests.pages.screens import opened, said


def now_ms():
    return round(time.time() * 1000)


@pytest.fixture
def shop(own):
    """A store that tests may write to, with its engine."""
    url = own("demo")
    engine = open_store(url)
    yield url, engine
    engine.dispose()


def field(at, label):
    return next(element for element in [*at.text_input, *at.selectbox, *at.number_input] if element.label == label)


@pytest.mark.parametrize("name", ["empty", "demo", "stale"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_opens_on_every_store_in_both_languages(store, monkeypatch, name, lang):
    at = opened("settings", store(name), monkeypatch, lang=lang)
    assert not at.exception
    spoken = said(at)
    for word in ("journey", "roles", "kept", "audit"):
        assert said(at, word), word
    assert ("Wie mag wat" if lang == "nl" else "Who may do what") in spoken


def test_a_screen_is_enrolled_by_the_code_that_it_shows(shop, monkeypatch):
    url, engine = shop
    code, token = ask(engine, now_ms())
    at = opened("settings", url, monkeypatch, lang="nl")
    field(at, "Code op het scherm").set_value(f"{code[:4]}-{code[4:]}".lower())
    field(at, "Waar hangt het?").set_value("Kantine")
    next(f for f in at.text_input if str(f.key) == "who-enrol").set_value("Sanne")
    at = next(b for b in at.button if b.label == "Scherm aanmelden").click().run()
    assert not at.exception
    assert screen_of(engine, token).allowed
    assert "Kantine" in said(at)
    assert "Sannescherm Kantine aangemeld" in said(at, "audit")


def test_a_wrong_code_says_what_to_do_and_enrols_nothing(shop, monkeypatch):
    url, engine = shop
    at = opened("settings", url, monkeypatch, lang="nl")
    field(at, "Code op het scherm").set_value("WRONG234")
    field(at, "Waar hangt het?").set_value("Hal")
    next(f for f in at.text_input if str(f.key) == "who-enrol").set_value("Sanne")
    at = next(b for b in at.button if b.label == "Scherm aanmelden").click().run()
    assert "Een code geldt een kwartier" in at.error[0].value
    assert screens(engine) == []


def test_leaving_the_demo_chooses_the_other_store(shop, monkeypatch):
    chosen = []
    monkeypatch.setattr(settings, "choose_store", chosen.append)
    at = opened("settings", shop[0], monkeypatch, lang="nl", **MONDAY)
    at.button(key="switch").click().run()
    assert chosen == [settings.REAL]


ROOT = Path(__file__).parents[2]
RECORDED = re.compile(r'record\(connection, [\w."]+, ([^)\n]+?), f?"([a-z]+(?: thing)?)')


def recorded():
    """Every (action, kind) that the code writes in the audit, as far as both are written out; a state's name is an action too."""
    code = "\n".join(path.read_text() for folder in ("store", "ingest") for path in sorted((ROOT / folder).rglob("*.py")))
    found = [(action, kind) for said, kind in RECORDED.findall(code) for action in re.findall(r'"([a-z_]+)"', said)]
    states = [(state, "promise") for state in ("draft", "approved", "rejected", "retire")]
    return {*found, *states, *((state, "change") for state in STEPS)}


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_all_that_is_recorded_is_read_back_in_words(lang):
    assert len(recorded()) > 20
    for action, kind in sorted(recorded()):
        words = did(action, f"{kind} 7", texts(lang))
        assert "·" not in words and words.count("7") == 1, (action, kind, words)


def test_an_action_of_a_newer_version_is_shown_as_it_stands():
    assert did("teleport", "promise B-01", texts("nl")) == "teleport · promise B-01"
    assert did("approved", "promise B-01", texts("nl")) == "belofte B-01 goedgekeurd"
    assert did("save", "one thing 3", texts("en")) == "the one thing 3 saved"


def test_facts_stages_and_screens_are_called_as_people_know_them():
    nl, en = texts("nl"), texts("en")
    assert did("set", "fact key_fingerprint", nl) == "herkenning van de sleutel vastgelegd"
    assert did("set", "fact wall_quotes", en) == "rule for quotes set"
    assert did("save", "expectation loyalty", nl, lambda kind, id: {"loyalty": "Blijven of gaan"}[id]) == (
        "verwachting van Blijven of gaan opgeslagen"
    )
    assert did("set", "fact colour", nl) == "gegeven colour vastgelegd"


def test_the_audit_on_the_page_names_stages_in_the_readers_language(shop, monkeypatch):
    url, engine = shop
    set_fact(engine, "departments", "[]", "Sanne", now_ms())
    with writing(engine, now_ms()) as connection:
        record(connection, "Sanne", "save", "expectation checkin", {}, now_ms())
    assert "verwachting van Inchecken opgeslagen" in said(opened("settings", url, monkeypatch, lang="nl"), "audit")
    spoken = said(opened("settings", url, monkeypatch, lang="en"), "audit")
    assert "expectation of Checking in saved" in spoken and "departments set" in spoken


@pytest.mark.parametrize(
    ("address", "demo", "dutch"),
    [
        ("sqlite:////srv/klantblik/data/demo.db", True, "de voorbeeldgegevens, in het bestand demo.db"),
        ("sqlite:///store.db", False, "je eigen gegevens, in het bestand store.db"),
        (
            "postgresql+psycopg://me:***@db.example:5432/klantblik?a=b",
            False,
            "je eigen gegevens, in de database klantblik op db.example:5432",
        ),
    ],
)
def test_where_the_data_are_is_said_without_an_address(address, demo, dutch):
    assert settings.place(address, demo, texts("nl")) == dutch
    assert "/" not in settings.place(address, demo, texts("en"))


def submitted(at, form):
    return next(b for b in at.button if b.proto.form_id == form).click().run()


def test_the_weekly_mail_is_planned_tested_and_looked_at(shop, monkeypatch):
    url, engine = shop
    at = opened("settings", url, monkeypatch, lang="nl", **MONDAY)
    assert "De weekmail staat uit" in said(at, "mail")
    next(c for c in at.checkbox if c.label == "Weekmail versturen").set_value(True)
    field(at, "Uur").set_value(9)
    next(a for a in at.text_area if a.label.startswith("Adressen")).set_value("anna@example.nl\n\nbram@example.nl ")
    next(f for f in at.text_input if str(f.key) == "who-mail").set_value("Sanne")
    at = submitted(at, "mail")
    assert not at.exception and "elke maandag om 9.00 uur naar 2 adressen" in said(at, "mail")
    assert mailing(engine) == Mailing(True, 1, 9, ("anna@example.nl", "bram@example.nl"), "nl")
    at.text_input(key="mail-test-to").set_value("chris@example.nl").run()
    at = at.button(key="mail-test").click().run()
    (job,) = jobs(engine)
    assert (job.kind, job.arguments["to"]) == ("report", ["chris@example.nl"]) and job.arguments["key"].startswith("test-")
    at = at.button(key="mail-preview").click().run()
    assert "beleving" in at.code[0].value and not at.exception


def test_an_address_that_is_none_is_refused_in_words(shop, monkeypatch):
    url, engine = shop
    at = opened("settings", url, monkeypatch, lang="en", **MONDAY)
    next(c for c in at.checkbox if c.label == "Send the weekly mail").set_value(True)
    next(a for a in at.text_area if a.label.startswith("Addresses")).set_value("anna")
    next(f for f in at.text_input if str(f.key) == "who-mail").set_value("Sanne")
    at = submitted(at, "mail")
    assert "no mail address" in at.error[0].value and mailing(engine) == Mailing()
    at.text_input(key="mail-test-to").set_value("anna").run()
    at = at.button(key="mail-test").click().run()
    assert "no mail address" in at.error[0].value and jobs(engine) == []


def test_nothing_to_send_is_said_on_an_empty_store(own, monkeypatch):
    at = opened("settings", own("empty"), monkeypatch, lang="nl")
    at = at.button(key="mail-preview").click().run()
    assert not at.exception and "Er is nog niets om te versturen" in at.info[0].value


def test_departments_are_edited_under_the_readers_names_and_kept_as_they_are(shop, monkeypatch):
    url, engine = shop
    at = opened("settings", url, monkeypatch, lang="nl", **MONDAY)
    area = next(a for a in at.text_area if a.label == "Afdelingen")
    assert area.value.startswith("Klantcontact\nMarketing")
    area.set_value("Klantcontact\nCabine")
    next(f for f in at.text_input if str(f.key) == "who-departments").set_value("Sanne")
    at = submitted(at, "departments")
    assert departments(engine) == ["service", "Cabine"] and "2 afdelingen" in said(at, "departments")
    assert any(row.subject == "fact departments" and row.who == "Sanne" for row in entries(engine)) and verify(engine) == []
