"""Who gets in: roles from the sign-in's claims; without a sign-in only this machine, and never through a proxy."""

from __future__ import annotations

import logging
import time

import pytest
from streamlit.testing.v1 import AppTest

from config.language import texts
from config.settings import settings
from pages import roles
from pages.roles import Person, is_here, signed_in
from tests.config.test_sign_in import COMPLETE
from tests.pages.screens import said

SCRIPT = "import streamlit as st\nfrom pages.roles import require_role\nst.text(require_role('marketing').name or 'nobody')"
NL, EN = texts("nl"), texts("en")


def who(*given: str, **more) -> dict:
    """The claims of somebody who has just signed in."""
    return {"is_logged_in": True, "email": "a@b.nl", "roles": list(given), "iat": time.time(), **more}


def page(monkeypatch, user, lang="nl", **query):
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    monkeypatch.setattr(roles.st, "user", user)
    at = AppTest.from_string(SCRIPT)
    for name, value in {"lang": lang, **query}.items():
        at.query_params[name] = value
    return at.run()


def test_an_admin_may_everything_a_viewer_only_look():
    assert Person("a", frozenset({"admin"}), True).may("privacy")
    assert not Person("v", frozenset({"viewer"}), True).may("manager", "marketing")
    assert Person("m", frozenset({"manager"}), True).may("manager", "marketing")


@pytest.mark.parametrize(
    "ip, here", [(None, True), ("127.0.0.1", True), ("::1", True), ("10.0.0.5", False), ("2001:db8::1", False)]
)
def test_only_this_machine_is_here(ip, here):
    assert is_here(ip, {}) == here
    for name in ("X-Forwarded-For", "forwarded", "X-Real-IP"):
        assert not is_here(ip, {name: "1.2.3.4"})


@pytest.mark.parametrize("user", [{}, {"is_logged_in": False}, {"is_logged_in": False, "roles": ["admin"], "iat": 9e9}])
@pytest.mark.parametrize(("code", "t"), [("nl", NL), ("en", EN)])
def test_who_is_not_signed_in_is_asked_to_in_the_readers_language(monkeypatch, user, code, t):
    at = page(monkeypatch, user, code)
    assert t("role.sign_in") in said(at) and not at.text
    assert [button.label for button in at.button] == [t("role.sign_in_button")]


def test_a_sign_in_of_too_long_ago_counts_no_more(monkeypatch):
    at = page(monkeypatch, who("marketing", iat=time.time() - 13 * 3600))
    assert NL("role.sign_in") in said(at) and not at.text
    assert page(monkeypatch, who("marketing", iat=time.time() - 11 * 3600)).text


def test_who_lacks_the_role_is_stopped_before_anything_is_read(monkeypatch):
    at = page(monkeypatch, who("viewer"))
    assert NL("role.not_yours") in said(at) and not at.text
    assert "a@b.nl" in said(at) and "kijker" in said(at) and NL("role.sign_out") in said(at)


def test_who_has_no_role_reads_what_to_do(monkeypatch):
    at = page(monkeypatch, who(), "en")
    assert EN("role.no_role") in said(at) and EN("role.no_role_next") in said(at) and not at.text


def test_an_unknown_role_gives_nothing_and_is_told_to_the_operator_once(monkeypatch, caplog):
    monkeypatch.setattr(roles, "UNKNOWN", set())
    with caplog.at_level(logging.WARNING, "klantblik.sign_in"):
        at = page(monkeypatch, who("boss"))
        page(monkeypatch, who("boss"))
    assert NL("role.no_role") in said(at) and not at.text
    told = [record.getMessage() for record in caplog.records if record.name == "klantblik.sign_in"]
    assert len(told) == 1 and "'roles'" in told[0] and "'boss'" in told[0] and "viewer, manager" in told[0]
    assert "sign_in.roles" in told[0] and "a@b.nl" not in told[0]
    assert {"boss"} == roles.UNKNOWN


def test_who_has_the_role_comes_in_under_their_own_name(monkeypatch):
    assert [element.value for element in page(monkeypatch, who("marketing")).text] == ["a@b.nl"]


def test_who_asks_to_sign_out_is_signed_out_before_anything_else(monkeypatch):
    called = []
    monkeypatch.setattr(roles.st, "logout", lambda: called.append(1))
    at = page(monkeypatch, who("marketing"), sign_out="1")
    assert called == [1] and not at.text


def test_without_sign_in_this_machine_gets_in_unnamed(monkeypatch):
    monkeypatch.setattr(roles.st, "user", {})
    assert [element.value for element in AppTest.from_string(SCRIPT).run().text] == ["nobody"]


def test_without_sign_in_another_machine_does_not(monkeypatch):
    monkeypatch.setattr(roles.st, "user", {})
    monkeypatch.setattr(roles, "is_here", lambda ip, headers: False)
    at = AppTest.from_string(SCRIPT).run()
    assert not at.text and EN("role.here_only") in said(at)


def test_a_sign_in_vouches_for_the_name():
    assert signed_in({"email": "a@b.nl", "roles": ["manager"]}) == Person("a@b.nl", frozenset({"manager"}), True)


def test_roles_are_called_as_people_know_them_in_both_languages():
    both = Person("Anna", frozenset({"admin", "manager"}), True)
    assert roles.roles_told(both, texts("nl")) == "manager, beheerder"
    assert roles.roles_told(both, texts("en")) == "manager, administrator"
    assert roles.roles_told(Person("Bram", frozenset(), True), texts("nl")) == "–"
