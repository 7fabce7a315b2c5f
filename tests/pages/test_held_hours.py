"""What the opening hours say of a claim, beside it in the copy and under the promise in the register."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.journey import load_journey
from config.language import texts
from pages.held_hours import held_words, sentence
from reports.held_hours import held_text
from reports.names import Names
from store.engine import open_store
from store.people.promises import Promise, register, save_draft, save_promise
from tests.pages import example
from tests.pages.conftest import MONDAY
from tests.pages.screens import opened, said

JOURNEY = load_journey("airline")
NL, EN = (Names(texts(code), JOURNEY) for code in ("nl", "en"))


def told(text: str, names: Names, journey=JOURNEY) -> str:
    found = held_text(text, "", journey)
    assert found
    return sentence(found, names)


def test_a_claim_that_is_not_so_says_how_many_of_the_hours_are_open():
    assert told("Bel ons 24/7.", NL).startswith(
        "Klopt niet met de openingstijden. Telefoon is 58 van de 168 uur open: ma–vr 8.00"
    )
    assert "Phone is open 58 of the 168 hours: Mon–Fri 8:00" in told("Phone us, we are open 24/7.", EN)


def test_a_day_on_which_it_is_closed_is_said_as_such():
    assert "is dan dicht" in told("Bel ons: ook op zondag bereikbaar.", NL)
    assert "closed then" in told("Our phone lines are open on sundays.", EN)


def test_a_kept_claim_names_the_hours():
    assert told("Onze chat is ook 's avonds open.", NL).startswith("Klopt met de openingstijden. Chat: ma–vr 8.00–22.00")


def test_without_hours_it_says_where_to_set_them():
    bare = replace(JOURNEY, hours={})
    for names, text in ((NL, "24/7 bereikbaar."), (EN, "We are open 24/7.")):
        found = held_text(text, "", bare)
        assert found and sentence(found, names) == names.t("held.unknown", channel=names.t("held.no_channel"))
        assert "[hours]" in str(held_words(found, names))
    assert "e-mail" in told("Je mail wordt 24/7 gelezen.", NL)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_copy_shows_it_beside_the_claim_and_counts_it_as_failing(store, monkeypatch, lang):
    at = opened("promises", store("demo"), monkeypatch, lang=lang, **MONDAY)
    text = {
        "nl": "Bel ons 24/7. Onze chat is ook 's avonds open.",
        "en": "Phone us, we are open 24/7. Our chat is open in the evenings.",
    }[lang]
    at.text_area(key="copy").set_value(text).run()
    names = NL if lang == "nl" else EN
    assert not at.exception and texts(lang)("copy.failing_one") in said(at, "copy-title")
    assert said(at, "copy-would-1") == told(text.split(". ")[0], names)
    assert said(at, "copy-would-2") == told(text.split(". ")[1], names)


def test_a_promise_in_the_register_shows_it_too(own, monkeypatch):
    url = own("demo")
    engine = open_store(url, writer=True)
    start = min(p.valid_from for p in register(engine, "airline"))
    wanted = Promise(
        code="B-91", text_nl="Dag en nacht bereikbaar", text_en="There day and night", journey="airline", stage="service"
    )
    made = save_promise(engine, replace(wanted, channel="phone", soft_mark=8.0, valid_from=start), start)
    engine.dispose()
    at = opened("promises", url, monkeypatch, lang="nl", promise=made.code, **MONDAY)
    assert not at.exception and "Telefoon is 58 van de 168 uur open" in said(at, "detail-line")
    other = next(p.code for p in example.promises() if p.metric == "first_response")
    assert "openingstijden" not in said(opened("promises", url, monkeypatch, lang="nl", promise=other, **MONDAY), "detail-line")


def test_who_approves_a_draft_sees_it_before(own, monkeypatch):
    url = own("demo")
    engine = open_store(url, writer=True)
    wanted = Promise(text_nl="Onze telefoon is 24/7 bereikbaar", text_en="Our phone lines are open 24/7")
    draft = save_draft(engine, replace(wanted, journey="airline", stage="service", soft_mark=8.0), "Anna", 1)
    engine.dispose()
    at = opened("promises", url, monkeypatch, lang="nl", **MONDAY)
    assert not at.exception and "Telefoon is 58 van de 168 uur open" in said(at, f"draft-{draft.code}-1")
