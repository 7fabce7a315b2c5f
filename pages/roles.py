"""Who is looking, and what they may do: roles from the sign-in's claim; without a sign-in only this machine itself gets in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from config.language import texts

ROLES = ("viewer", "manager", "marketing", "privacy", "admin")
CLAIM = "roles"
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


@dataclass(frozen=True, slots=True)
class Person:
    """Who is looking: a name for the audit, roles, and whether a sign-in vouches for the name."""

    name: str
    roles: frozenset[str]
    signed_in: bool

    def may(self, *allowed: str) -> bool:
        """Whether one of these roles is theirs; an admin may do everything, everyone signed in may look."""
        return "admin" in self.roles or any(role in self.roles for role in allowed)


def require_role(*allowed: str) -> Person:
    """The person looking at this page; draws why not and stops the page for anybody without one of these roles.

    Every page calls this itself, before it reads anything.
    """
    user: Mapping[str, Any] = dict(st.user)
    if "is_logged_in" not in user:
        return _on_this_machine()
    if not user["is_logged_in"]:
        _refuse("role.sign_in")
    person = signed_in(user)
    if not person.may(*allowed):
        _refuse("role.not_yours")
    return person


def signed_in(claims: Mapping[str, Any]) -> Person:
    """The person that an identity provider vouches for: roles from the claim `roles` (a list, or a text), else viewer.

    >>> sorted(signed_in({"email": "a@b.nl", "roles": "manager, boss"}).roles)
    ['manager', 'viewer']
    """
    given = claims.get(CLAIM) or []
    names = given.replace(",", " ").split() if isinstance(given, str) else given
    return Person(str(claims.get("email") or claims.get("sub") or "?"), frozenset({"viewer", *names} & set(ROLES)), True)


def is_here(ip: str | None, headers: Mapping[str, str]) -> bool:
    """Whether a browser on this very machine asks; a proxy makes everyone look local, so a forwarded request never counts.

    >>> is_here(None, {}), is_here("10.0.0.5", {}), is_here(None, {"X-Forwarded-For": "1.2.3.4"})
    (True, False, False)
    """
    forwarded = any(name.lower() in FORWARDED for name in headers)
    return not forwarded and (ip is None or ip == "::1" or ip.startswith("127."))


def _on_this_machine() -> Person:
    if not is_here(st.context.ip_address, dict(st.context.headers)):
        _refuse("role.here_only")
    return Person("", frozenset({"admin"}), False)


def _refuse(key: str) -> None:
    """Say why in both languages: who may not look has no language set yet."""
    for code in ("nl", "en"):
        st.write(texts(code)(key))
    if key == "role.sign_in" and st.button(texts("nl")("role.sign_in_button")):
        st.login()
    st.stop()
