"""Every page, for every role, in both languages, on every kind of store: no error, one language, and the right thing to read."""

from __future__ import annotations

import re
import time

import pytest

from config.language import texts
from config.settings import settings
from config.sign_in import ROLES
from pages import roles
from tests.config.test_sign_in import COMPLETE
from tests.pages.conftest import MONDAY
from tests.pages.screens import attributes, elements, html, nodes, opened, said
from tests.pages.test_rights import OPENED_BY

PAGES = tuple(sorted(OPENED_BY))
STORES = ("empty", "demo", "tweets", "stale")
WITHOUT_DATA = {"home", "sources", "settings"}  # they have something to say about an empty store
NOBODY = ""
# What a screen must never show: a value that is none, a placeholder, or the name of a text instead of the text.
BROKEN = re.compile(
    r"\b(None|nan|NaN|inf)\b|[{}]|\b(week|home|promises|settings|sources|changes|journey|voices|role)\.(?!toml)[a-z_]{3,}"
)


@pytest.fixture(autouse=True)
def _forget():
    """Here the pages may keep what they read: the keys of their caches hold the store, the journey and the moment."""
    yield
    settings.cache_clear()


@pytest.fixture
def signed_in(monkeypatch):
    """Sign in with one role, or with none, at a provider that is configured."""

    def as_role(role: str) -> None:
        for name, value in COMPLETE.items():
            monkeypatch.setenv(name, value)
        claims = {"is_logged_in": True, "email": "a@b.nl", "roles": [role] if role else [], "iat": time.time()}
        monkeypatch.setattr(roles.st, "user", claims)

    return as_role


@pytest.mark.parametrize("name", STORES)
@pytest.mark.parametrize("code", ["nl", "en"])
@pytest.mark.parametrize("role", [NOBODY, *ROLES])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_right_for_who_looks_at_it(page, role, code, name, store, monkeypatch, signed_in):
    signed_in(role)
    t, other = texts(code), texts("en" if code == "nl" else "nl")
    at = opened(page, store(name), monkeypatch, lang=code, **(MONDAY if name == "demo" else {}))
    assert not at.exception, at.exception
    spoken = said(at)
    assert not BROKEN.search(spoken), BROKEN.search(spoken)
    if role != "admin" and role not in OPENED_BY[page]:
        _is_refused(at, spoken, role, t)
        return
    assert other("empty.title") not in spoken and other("role.not_yours") not in spoken
    assert ("a@b.nl" in html(at)) and (t("demo.band") in html(at)) == (name == "demo")
    if name == "empty" and page not in WITHOUT_DATA:
        assert t("empty.title") in spoken and t("empty.why") in spoken and t("empty.next") in spoken
        return
    assert len(spoken) > 80 and t("empty.title") not in spoken
    if name in ("tweets", "stale"):
        assert " 2015" in spoken and said(at, "as-of").startswith(t("page.as_of", day="|", time="|").partition("|")[0])
    _says_no_half_words(at, code)


def _is_refused(at, spoken: str, role: str, t) -> None:
    """Why, what to do, who one is, and nothing else: no chart, no table, no figure."""
    why = "no_role" if role == NOBODY else "not_yours"
    assert t(f"role.{why}") in spoken and t(f"role.{why}_next") in spoken and "a@b.nl" in spoken
    assert t("role.sign_out") in spoken and "?sign_out=1" in attributes(at, "href")
    kinds = {element.type for element in elements(at)}
    assert kinds <= {"bidi_component"} and not any("table" in str(node) for node in nodes(at))


def _says_no_half_words(at, code: str) -> None:
    """Buttons and fields speak the page's language too, and every one has a name."""
    for kind in ("button", "selectbox", "text_input", "number_input"):
        for widget in at.get(kind):
            assert widget.label.strip() and not BROKEN.search(widget.label), (kind, widget.label)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("code", ["nl", "en"])
def test_on_this_machine_without_a_sign_in_everything_is_open_and_no_name_is_shown(page, code, store, monkeypatch):
    at = opened(page, store("demo"), monkeypatch, lang=code, **MONDAY)
    assert not at.exception and "sign_out" not in html(at) and texts(code)("role.no_role") not in said(at)


@pytest.mark.parametrize("page", PAGES)
def test_a_reader_may_not_act(page, store, monkeypatch, signed_in):
    """What a viewer opens has no button that writes."""
    signed_in("viewer")
    at = opened(page, store("demo"), monkeypatch, lang="nl", **MONDAY)
    t = texts("nl")
    writing = ("promises.add", "promises.approve", "changes.register", "week.note", "sources.retry", "home.leave_button")
    labels = {button.label for button in at.button} | {element.label for element in elements(at) if hasattr(element, "label")}
    assert labels.isdisjoint({t(key) for key in writing if t.has(key)})
