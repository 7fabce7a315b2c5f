"""The frame of every page: nothing that somebody typed becomes markup in it."""

from __future__ import annotations

import pytest

from store.engine import open_store
from store.people.facts import set_fact
from tests.pages.conftest import MONDAY
from tests.pages.screens import elements, opened

HOSTILE = '<img src=x onerror="alert(1)">&co'


@pytest.fixture
def renamed(own):
    """A store whose company name attacks."""
    url = own("demo")
    engine = open_store(url)
    for key in ("company_nl", "company_en"):
        set_fact(engine, key, HOSTILE, "Anna", 1_795_000_000_000)
    engine.dispose()
    return url


def frame(at):
    """The HTML that the page hands to the browser."""
    return " ".join(str(element.proto.body) for element in elements(at) if element.type == "html")


def test_the_companys_name_is_escaped(renamed, monkeypatch):
    shown = frame(opened("changes", renamed, monkeypatch, lang="nl", **MONDAY))
    assert "<img" not in shown
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;co" in shown


def test_what_stands_in_the_address_is_escaped(store, monkeypatch):
    shown = frame(opened("changes", store("demo"), monkeypatch, lang="nl", change='"><script>x</script>', **MONDAY))
    assert "<script>" not in shown


@pytest.mark.parametrize("moment", ["nonsense", "2026-13-45", "<b>", ""])
def test_a_moment_that_is_none_is_passed_over(store, monkeypatch, moment):
    at = opened("changes", store("demo"), monkeypatch, lang="nl", as_of=moment)
    assert not at.exception


def test_a_real_store_never_carries_the_made_up_company(store, monkeypatch):
    shown = frame(opened("changes", store("stale"), monkeypatch, lang="nl"))
    assert "Noordvlucht" not in shown and "Klantblik" in shown
