"""Who gets in: roles from the sign-in's claim; without a sign-in only this machine, and never through a proxy."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from config.language import texts
from pages import roles
from pages.roles import Person, is_here, signed_in

SCRIPT = "import streamlit as st\nfrom pages.roles import require_role\nst.text(require_role('marketing').name or 'nobody')"


@pytest.mark.parametrize(
    "claims, wanted",
    [
        ({"email": "a@b.nl"}, {"viewer"}),
        ({"email": "a@b.nl", "roles": ["manager", "boss"]}, {"viewer", "manager"}),
        ({"email": "a@b.nl", "roles": "marketing,privacy"}, {"viewer", "marketing", "privacy"}),
        ({"sub": "x", "roles": None}, {"viewer"}),
    ],
)
def test_roles_come_from_the_claim_and_unknown_ones_count_for_nothing(claims, wanted):
    person = signed_in(claims)
    assert person.roles == wanted and person.signed_in and person.name in ("a@b.nl", "x")


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


def page(monkeypatch, user):
    monkeypatch.setattr(roles.st, "user", user)
    return AppTest.from_string(SCRIPT).run()


def test_who_is_not_signed_in_is_asked_to_in_both_languages(monkeypatch):
    at = page(monkeypatch, {"is_logged_in": False})
    spoken = " ".join(element.value for element in at.markdown)
    assert texts("nl")("role.sign_in") in spoken and texts("en")("role.sign_in") in spoken and not at.text


def test_who_lacks_the_role_is_stopped_before_anything_is_read(monkeypatch):
    at = page(monkeypatch, {"is_logged_in": True, "email": "v@b.nl", "roles": "viewer"})
    assert texts("nl")("role.not_yours") in " ".join(element.value for element in at.markdown) and not at.text


def test_who_has_the_role_comes_in_under_their_own_name(monkeypatch):
    at = page(monkeypatch, {"is_logged_in": True, "email": "m@b.nl", "roles": "marketing"})
    assert [element.value for element in at.text] == ["m@b.nl"]


def test_without_sign_in_this_machine_gets_in_unnamed(monkeypatch):
    assert [element.value for element in page(monkeypatch, {}).text] == ["nobody"]


def test_without_sign_in_another_machine_does_not(monkeypatch):
    monkeypatch.setattr(roles, "is_here", lambda ip, headers: False)
    at = page(monkeypatch, {})
    assert not at.text and texts("nl")("role.here_only") in " ".join(element.value for element in at.markdown)
