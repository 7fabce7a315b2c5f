"""The page of changes: verdicts in words, the open door, and each step with the check that it asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from config.language import texts
from pages import changes as page
from pages.change_charts import placed
from pages.sheet import words
from store.engine import open_store
from store.people.annotations import Annotation, annotate
from store.people.audit import verify
from store.people.changes import Change, changes, save_change
from store.people.panel import NEEDED, panel, spoke_with
from tests.pages.conftest import MONDAY
from tests.pages.example import ms
from tests.pages.screens import attributes, charts, nodes, opened, said


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
    assert "De deur staat open: in elke fase" in said(at, "answer")


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
    next(field for field in at.text_input if str(field.key) == "decided-own").set_value("Panel: 12 van 15 willen dit")
    at = press(at, "Besluiten")
    assert not at.exception
    kept = next(c for c in changes(engine, "airline") if c.code == "V-900")
    assert kept.state == "decided" and "12 van 15" in kept.customer_check_nl
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


def field(at, label):
    """The first form field with this label."""
    return next(f for f in [*at.text_input, *at.selectbox, *at.checkbox] if f.label == label)


def test_a_change_that_nobody_asked_about_for_weeks_is_marked_in_words_and_colour(own, monkeypatch):
    url = own("demo")
    engine = open_store(url)
    asked = {c.code: c for c in changes(engine, "airline")}
    save_change(engine, replace(asked["V-028"], checked_at=ms(date(2026, 11, 20))), 1)
    save_change(engine, replace(asked["V-031"], customer_check_nl="", customer_check_en="", checked_at=0), 1)
    engine.dispose()
    at = opened("changes", url, monkeypatch, lang="nl", **MONDAY)
    rows = {words(row[2])[:5]: row for row in nodes(at, "table")[0][2][3][2:]}
    late, fresh, never = (words(rows[code][-1]) for code in ("V-024", "V-028", "V-031"))
    assert late.startswith("◷ klanten gevraagd: 77 dagen geleden: vraag het nu") and "fase gehoord: 1 dag geleden" in late
    assert fresh.startswith("klanten gevraagd: 3 dagen geleden") and "vraag" not in fresh.replace("gevraagd", "")
    assert never.startswith("◷ nog geen klant gevraagd: vraag het nu")
    assert "below" in str(rows["V-024"][-1]) and "below" not in str(rows["V-028"][-1])
    assert "Over 3 open veranderingen is langer dan 28 dagen geen klant" in said(at, "answer")


def test_a_stage_that_falls_silent_is_named_in_the_answer(store, monkeypatch):
    at = opened("changes", store("demo"), monkeypatch, lang="en", as_of="2026-12-20T09:00:00+01:00")
    assert "The door is closing" in said(at, "answer") and said(at, "answer").count("28 days ago") == 7
    assert "Open door" in said(at, "table") and "◷ stage heard: 28 days ago" in said(at, "table")


def test_a_small_thing_is_said_beside_its_kind(own, monkeypatch):
    url = own("demo")
    engine = open_store(url)
    save_change(engine, replace(changes(engine, "airline")[0], kind="message", small=True), 1)
    engine.dispose()
    for lang, told in (("nl", "communicatie · een klein ding"), ("en", "communication · a small thing")):
        assert told in said(opened("changes", url, monkeypatch, lang=lang, **MONDAY), "table")


def test_what_exists_in_one_language_says_so_in_the_other(waiting, monkeypatch):
    url, engine = waiting
    save_change(engine, replace(changes(engine, "airline")[-1], why_nl="omdat het kan", customer_check_en="six said yes"), 1)
    english = said(opened("changes", url, monkeypatch, lang="en", change="V-900"), "detail")
    assert "omdat het kan (in Dutch)" in english and "six said yes" in english and "six said yes (" not in english
    dutch = said(opened("changes", url, monkeypatch, lang="nl", change="V-900"), "detail")
    assert "six said yes (in het Engels)" in dutch and "omdat het kan (" not in dutch


def test_what_customers_say_later_is_written_down_with_its_day(waiting, monkeypatch):
    url, engine = waiting
    at = opened("changes", url, monkeypatch, lang="nl", change="V-900")
    names(at, "check", "Sanne")
    next(f for f in at.text_input if str(f.key) == "check-other").set_value("six asked")
    at = next(b for b in at.button if b.proto.form_id == "check").click().run()
    assert at.success and not at.exception
    kept = next(c for c in changes(engine, "airline") if c.code == "V-900")
    assert (kept.customer_check_nl, kept.customer_check_en, kept.state) == ("", "six asked", "proposed") and kept.checked_at
    assert "klanten gevraagd: vandaag" in said(at, "table")


def test_notes_of_its_weeks_stand_on_the_chart_and_the_foot_tells_the_age(own, monkeypatch):
    url = own("demo")
    engine = open_store(url)
    for text, stage in (("Staking op de luchthaven", ""), ("Iets bij het boeken", "book")):
        annotate(engine, Annotation("event", text, "", "airline", ms(date(2026, 10, 20)), stage=stage), "me", 1)
    engine.dispose()
    at = opened("changes", url, monkeypatch, lang="nl", change="V-024", **MONDAY)
    drawn = str(charts(at))
    assert "20 okt: Staking op de luchthaven" in drawn and "Iets bij het boeken" not in drawn
    assert said(at, "foot").startswith("Bijgewerkt ")


def test_notes_are_placed_among_the_weeks_that_are_shown():
    weeks = [202601, 202602, 202604, 202606]
    notes = [
        (202604, 202606, "b"),
        (202602, 202602, "a"),
        (202603, 202603, "gap"),
        (202552, 202553, "before"),
        (202607, 202609, "x"),
    ]
    assert placed(notes, weeks) == [(1, 1, "a"), (2, 2, "gap"), (2, 3, "b")]


def test_the_panel_names_the_kinds_that_are_missing(own, monkeypatch):
    url, t = own("demo"), texts("nl")
    at = opened("changes", url, monkeypatch, lang="nl", **MONDAY)
    assert "Aan tafel ontbreken: nieuwe klanten, kritische klanten" in said(at, "panel") and "nodig er een uit" in said(
        at, "panel"
    )
    field(at, t("panel.kind")).set_value("critical")
    field(at, t("panel.reference")).set_value("J.B.")
    names(at, "panel", "Sanne")
    at = next(b for b in at.button if b.proto.form_id == "panel").click().run()
    assert not at.exception and at.success[0].value == t("panel.saved", reference="J.B.")
    engine = open_store(url)
    kept = panel(engine)
    assert [(one.kind, one.reference) for one in kept] == [("critical", "J.B.")] and verify(engine) == []
    engine.dispose()


def test_a_name_is_refused_on_the_panel_in_words(own, monkeypatch):
    url, t = own("demo"), texts("en")
    at = opened("changes", url, monkeypatch, lang="en", **MONDAY)
    field(at, t("panel.reference")).set_value("Jan de Boer")
    names(at, "panel", "Sanne")
    at = next(b for b in at.button if b.proto.form_id == "panel").click().run()
    assert at.error[0].value == t("panel.error_reference")
    engine = open_store(url)
    assert panel(engine) == []
    engine.dispose()


def test_with_all_four_kinds_the_panel_names_who_was_silent_longest(own, monkeypatch):
    url = own("demo")
    engine, now = open_store(url), ms(date(2026, 11, 23))
    for number, kind in enumerate(NEEDED):
        spoke_with(engine, kind, f"P-{number}", now - (number * 20 + 1) * 86_400_000, "Sanne", now)
    engine.dispose()
    at = opened("changes", url, monkeypatch, lang="nl", **MONDAY)
    seated = "De vier soorten klanten die een besluit nodig heeft, zitten aan tafel; het langst niet gesproken: Wie nog kiest"
    assert f"{seated} (61 dagen geleden)" in said(at, "panel")
    assert "◷ 61 dagen geleden: bel er een" in said(at, "panel") and "◷ 1 dag geleden" not in said(at, "panel")
