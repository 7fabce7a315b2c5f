"""Who wants to leave on the journey page: the title answers why, too few says so, rivals are named or asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
import streamlit as st

from config.language import texts
from pages import journey_leaving as section
from pages import visit as visits
from reports.leaving import Leaving, leaving
from store.reads.leaving import Spoken
from tests.pages.conftest import MONDAY
from tests.pages.screens import attributes, opened, said


def spoken(start: int, many: int, text: str, *themes: str) -> list[Spoken]:
    return [Spoken(f"c{start + i}", text, themes) for i in range(many)]


SOME = spoken(0, 12, "weg", "leaving", "waiting") + spoken(12, 8, "Zuidwind", "leaving", "price")
BUSY = leaving(200, SOME + spoken(20, 6, "Kustlijn"), ["Zuidwind", "Kustlijn"])


@pytest.fixture
def page(store, monkeypatch):
    """`page(found, lang)`: the journey page with these figures; `rivals` False leaves the journey without names."""

    def of(found: Leaving | None = None, lang: str = "nl", rivals: bool = True):
        st.cache_data.clear()
        if found is not None:
            monkeypatch.setattr(section, "of_stage", lambda *_: found)
        if not rivals:
            known = visits.current_journey
            monkeypatch.setattr(visits, "current_journey", lambda *some: replace(known(*some), rivals=()))
        return opened("journey", store("demo"), monkeypatch, lang=lang, stage="service", **MONDAY)

    return of


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_title_says_what_those_who_leave_speak_of(page, lang):
    at, t = page(BUSY, lang), texts(lang)
    first, second = ("wachttijd", "prijs en kosten") if lang == "nl" else ("waiting", "price and fees")
    words = said(at, "leaving")
    assert not at.exception and t("leaving.title_two", first=first, second=second) in words
    assert "n 200" in words and "n 12" in words and "[" in words and "Zuidwind" in words and "Kustlijn" in words
    (link,) = attributes(at, "href", "leaving")
    assert "stage=service" in link and "theme=leaving" in link


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_one_subject_or_none_is_said_as_such(page, lang):
    t = texts(lang)
    one = leaving(200, spoken(0, 10, "weg", "leaving", "crew"))
    assert t("leaving.title_one", first="bemanning" if lang == "nl" else "crew") in said(page(one, lang), "leaving")
    assert t("leaving.title_share", share=t.percent(0.05)) in said(page(Leaving(200, 10), lang), "leaving")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_too_few_is_said_and_not_how_few(page, lang):
    t, at = texts(lang), page(Leaving(200, 4), lang)
    words = said(at, "leaving")
    assert t("leaving.few_title") in words and t("leaving.few", days=28) in words and t("leaving.no_rivals") in words
    assert "%" not in words and "200" not in words and attributes(at, "href", "leaving") == []


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_without_names_it_says_where_to_put_them(page, lang):
    assert texts(lang)("leaving.name_rivals") in said(page(Leaving(200, 4), lang, rivals=False), "leaving")


def test_what_would_tell_of_so_few_is_not_shown(page):
    found = leaving(200, spoken(0, 3, "Zuidwind", "leaving") + spoken(3, 9, "Zuidwind"), ["Zuidwind"])
    assert texts("nl")("leaving.not_shown") in said(page(found), "leaving")


def test_the_stored_words_are_read(page):
    assert texts("nl")("leaving.few_title") in said(page(), "leaving")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_journey_kept_from_before_the_theme_does_not_say_that_nobody_leaves(page, monkeypatch, lang):
    known, t = visits.current_journey, texts(lang)
    monkeypatch.setattr(visits, "current_journey", lambda *some: replace(known(*some), themes=()))
    words = said(page(Leaving(200, 0), lang), "leaving")
    assert t("leaving.unknown_title") in words and t("leaving.unknown", id="airline") in words
    assert t("leaving.few_title") not in words
