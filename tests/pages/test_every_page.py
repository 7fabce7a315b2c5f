"""Every page, in both languages, on an empty, a made-up and an old store: no error, the right words, the right state."""

from __future__ import annotations

import re

import pytest

from config.language import texts
from tests.pages.conftest import MONDAY
from tests.pages.screens import attributes, html, nodes, opened, said

PAGES = ("home", "week", "promises")
LANGUAGES = ("nl", "en")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", ["empty", "demo", "stale"])
def test_a_page_opens_and_speaks_one_language(page, code, name, store, monkeypatch):
    query = MONDAY if name == "demo" else {}
    at = opened(page, store(name), monkeypatch, lang=code, **query)
    assert not at.exception, at.exception
    t, other = texts(code), texts("en" if code == "nl" else "nl")
    spoken = said(at)
    assert spoken and not re.search(r"\b(None|nan|NaN|inf)\b|[{}]", spoken)
    if name == "empty" and page != "home":
        assert t("empty.title") in spoken and t("empty.next") in spoken
    for key in ("empty.title", "week.legend", "promises.advice", "home.what"):
        assert other(key) not in spoken


@pytest.mark.parametrize("page", PAGES)
def test_made_up_data_are_marked_on_every_page(page, store, monkeypatch):
    for code in LANGUAGES:
        at = opened(page, store("demo"), monkeypatch, lang=code, **MONDAY)
        assert texts(code)("demo.band") in html(at)
    assert texts("nl")("demo.band") not in html(opened(page, store("stale"), monkeypatch, lang="nl"))


@pytest.mark.parametrize("page", ["week", "promises"])
def test_old_messages_open_as_of_their_own_newest_week_and_say_so(page, store, monkeypatch):
    at = opened(page, store("stale"), monkeypatch, lang="nl")
    assert "zondag 22 februari 2015" in said(at) and "Niets op deze pagina is live" in said(at)
    if page == "week":
        assert "Week 7:" in said(at, "answer") or "Week 8:" in said(at, "answer")


@pytest.mark.parametrize("page", PAGES)
def test_links_keep_the_language_and_the_moment(page, store, monkeypatch):
    at = opened(page, store("demo"), monkeypatch, lang="en", **MONDAY)
    own = [href for href in attributes(at, "href") if href.startswith("/")]
    assert own and all("lang=en" in href and "as_of=2026-11-23" in href for href in own)
    assert "lang=nl" in html(at)


def test_an_unknown_language_or_moment_falls_back_without_an_error(store, monkeypatch):
    at = opened("week", store("demo"), monkeypatch, lang="xx", as_of="yesterday", week="2026-W99")
    assert not at.exception and said(at)


def test_a_page_shows_no_figure_before_the_moment_asked_for(store, monkeypatch):
    at = opened("week", store("demo"), monkeypatch, lang="nl", as_of="2026-09-14T09:00")
    assert "Week 37" in said(at, "answer")


def test_every_image_like_drawing_has_words_for_who_cannot_see_it(store, monkeypatch):
    at = opened("week", store("demo"), monkeypatch, lang="nl", **MONDAY)

    def drawings(node):
        if isinstance(node, list):
            if node[0] == "svg":
                yield node[1]
            for child in node[2:]:
                yield from drawings(child)

    found = [drawing for node in nodes(at) for drawing in drawings(node)]
    assert found and all("aria-label" in drawing or drawing.get("aria-hidden") == "true" for drawing in found)
