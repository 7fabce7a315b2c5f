"""The page of changes: verdicts in words, the open door, and each step with the check that it asks for."""

from __future__ import annotations

import pytest

from config.language import texts
from pages import changes as page
from store.engine import open_store
from store.people.audit import verify
from store.people.changes import Change, changes, save_change
from tests.pages.conftest import MONDAY
from tests.pages.screens import attributes, charts, opened, said


def press(at, label):
    """Submit the form whose button says this, after a name was given in it."""
    button = next(button for button in at.button if button.label == label and button.proto.is_form_submitter)
    return button.click().run()


def names(at, key, value):
    next(field for field in at.text_input if str(field.key) == f"who-{key}").set_value(value)


@pytest.fixture
def waiting(own):
    """A store with one change that waits for a decision."""
    url = own("demo")
    engine = open_store(url)
    given = {"journey": "airline", "stage": "loyalty", "state": "proposed", "registered_at": 1_790_000_000_000}
    save_change(engine, Change(code="V-900", what_nl="Punten sneller", what_en="Points sooner", **given), 1_790_000_000_000)
    yield url, engine
    engine.dispose()


@pytest.mark.parametrize(("lang", "word"), [("nl", "Hielp het?"), ("en", "Did it help?")])
def test_every_change_stands_there_with_its_verdict(store, monkeypatch, lang, word):
    at = opened("changes", store("demo"), monkeypatch, lang=lang, **MONDAY)
    assert not at.exception
    spoken = said(at, "table")
    assert word in spoken
    engine = open_store(store("demo"))
    for change in changes(engine, "airline"):
        assert change.code in spoken and change.what(lang) in spoken
    engine.dispose()


def test_the_answer_counts_and_the_door_tells_when_a_customer_was_heard(store, monkeypatch):
    at = opened("changes", store("demo"), monkeypatch, lang="nl", **MONDAY)
    assert "te beoordelen" in said(at, "answer")
    assert "laatste klant is 1 dagen geleden" in said(at, "answer")


def test_a_running_change_shows_what_would_have_happened_otherwise(store, monkeypatch):
    at = opened("changes", store("demo"), monkeypatch, lang="nl", change="V-024", **MONDAY)
    assert "V-024" in said(at, "detail")
    assert charts(at), "the counterfactual is drawn"
    assert "vergeleken met" in said(at, "ticks")


def test_each_change_links_to_itself_and_keeps_the_language(store, monkeypatch):
    at = opened("changes", store("demo"), monkeypatch, lang="en", **MONDAY)
    links = attributes(at, "href", "table")
    assert links and all("lang=en" in link and "change=V-" in link for link in links)


def test_a_decision_without_a_customer_check_is_refused_and_changes_nothing(waiting, monkeypatch):
    url, engine = waiting
    at = opened("changes", url, monkeypatch, lang="nl", change="V-900")
    names(at, "step-decided", "Sanne")
    at = press(at, "Besluiten")
    assert "vraag het eerst aan een klant" in at.error[0].value
    assert next(c for c in changes(engine, "airline") if c.code == "V-900").state == "proposed"


def test_with_a_customer_check_it_is_decided_and_audited(waiting, monkeypatch):
    url, engine = waiting
    at = opened("changes", url, monkeypatch, lang="nl", change="V-900")
    names(at, "step-decided", "Sanne")
    next(field for field in at.text_input if field.label.startswith("Toets bij klanten")).set_value("Panel: 12 van 15 willen dit")
    at = press(at, "Besluiten")
    assert not at.exception
    kept = next(c for c in changes(engine, "airline") if c.code == "V-900")
    assert kept.state == "decided" and "12 van 15" in kept.customer_check
    assert verify(engine) == []


def test_without_a_name_nothing_is_kept(waiting, monkeypatch):
    url, engine = waiting
    at = press(opened("changes", url, monkeypatch, lang="nl", change="V-900"), "Laten vervallen")
    assert at.error
    assert next(c for c in changes(engine, "airline") if c.code == "V-900").state == "proposed"


def test_an_empty_store_says_what_to_do_next(store, monkeypatch):
    at = opened("changes", store("empty"), monkeypatch, lang="nl")
    assert not at.exception
    assert said(at, "empty")


def test_old_messages_have_no_verdict_of_today(store, monkeypatch):
    at = opened("changes", store("stale"), monkeypatch, lang="nl")
    assert not at.exception
    assert "geen" in said(at).lower() or "nog" in said(at).lower()


def test_a_check_says_how_it_came_out_and_never_denies_a_denial():
    for lang in ("nl", "en"):
        t = texts(lang)
        for name in ("trend", "placebo", "assumptions"):
            told = {page._tick(name, passed, False, t) for passed in (True, False)}
            assert len(told) == 2 and {words[0] for words in told} == {"✓", "✗"}
        assert page._tick("placebo", False, True, t).startswith("○ ")
    assert "geen" not in page._tick("placebo", False, False, texts("nl"))
