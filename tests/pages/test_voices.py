"""Voices: filtered by the address, a page at a time, corrected by people, and never anything but text."""

from __future__ import annotations

import pytest
from sqlalchemy import text as sql

from config.language import texts
from store.engine import open_store
from tests.pages.conftest import MONDAY
from tests.pages.screens import attributes, nodes, opened, said

NL = texts("nl")
ATTACKS = (
    "<script>alert(1)</script> en een keurige vlucht verder",
    "<img src=x onerror=alert(1)> [klik](javascript:alert(1)) ![x](http://evil.example/a.png)",
    "</style><style>*{display:none}</style> $\\LaTeX$ :red[rood] {{7*7}}",
)


@pytest.mark.parametrize("code", ["nl", "en"])
@pytest.mark.parametrize("name", ["empty", "demo", "stale"])
def test_the_page_opens_in_both_languages_on_every_store(code, name, store, monkeypatch):
    at = opened("voices", store(name), monkeypatch, lang=code, **(MONDAY if name == "demo" else {}))
    assert not at.exception
    wanted = "empty.title" if name == "empty" else "voices.masked"
    assert texts(code)(wanted) in said(at)


def test_the_address_chooses_what_is_read(store, monkeypatch):
    at = opened("voices", store("demo"), monkeypatch, lang="nl", stage="service", channel="chat", week="2026-W47", **MONDAY)
    spoken = said(at, "list")
    assert "Vraag of klacht, chat" in said(at, "title")
    assert "Chat" in spoken and "Telefoon" not in spoken and "Oriënteren" not in spoken


def test_older_voices_are_one_click_away(store, monkeypatch):
    at = opened("voices", store("demo"), monkeypatch, lang="nl", **MONDAY)
    first = attributes(at, "data-go", "list")
    assert len(first) == 50
    next(button for button in at.button if button.label == NL("voices.older", count=50)).click().run()
    second = attributes(at, "data-go", "list")
    assert len(second) == 50 and not set(first) & set(second)
    next(button for button in at.button if button.label == NL("voices.newest")).click().run()
    assert attributes(at, "data-go", "list") == first


def test_a_search_that_finds_nothing_says_what_to_do(store, monkeypatch):
    at = opened("voices", store("demo"), monkeypatch, lang="nl", words="zzzz", **MONDAY)
    assert NL("voices.nothing") in said(at, "nothing") and "0 uitspraken" in said(at, "title")


def test_each_mark_says_whether_the_customer_gave_it(store, monkeypatch):
    at = opened("voices", store("demo"), monkeypatch, lang="nl", channel="social", **MONDAY)
    assert NL("voices.derived") in said(at, "list")
    at = opened("voices", store("demo"), monkeypatch, lang="nl", channel="phone", **MONDAY)
    assert NL("voices.own") in said(at, "list") and NL("voices.derived") not in said(at, "list")


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_customer_wrote_stays_text(attack, own, monkeypatch):
    url = own("demo")
    engine = open_store(url)
    with engine.begin() as connection:
        newest = "(SELECT id FROM contact ORDER BY happened_at DESC LIMIT 1)"
        connection.execute(sql(f"UPDATE contact SET text = :words WHERE id = {newest}"), {"words": attack})
    engine.dispose()
    at = opened("voices", url, monkeypatch, lang="nl", **MONDAY)
    assert not at.exception and attack in said(at, "list")

    def leaves(node):
        if isinstance(node, str):
            yield node
        else:
            for child in node[2:]:
                yield from leaves(child)

    assert attack in [leaf for node in nodes(at, "list") for leaf in leaves(node)], "one whole text node"
    assert not at.markdown or all(attack not in element.value for element in at.markdown)
