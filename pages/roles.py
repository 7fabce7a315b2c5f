"""Who is looking, and what they may do: roles from the sign-in's claims; without a sign-in only this machine itself gets in."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar
from urllib.parse import urlsplit

import streamlit as st

from config.language import Texts
from config.settings import settings
from config.sign_in import ROLES, granted, is_old, name_of
from pages.reader import language
from pages.sheet import el, sheet

ANYONE = ROLES
# Who opens which page; an admin opens every one.
OPENS = {
    **dict.fromkeys(("home", "week", "promises"), ANYONE),
    **dict.fromkeys(("journey", "changes"), ("viewer", "manager", "marketing")),
    **dict.fromkeys(("voices", "sources"), ("manager", "marketing", "privacy")),
    "settings": ("manager", "privacy"),
}
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
P = ParamSpec("P")
R = TypeVar("R")
LOG = logging.getLogger("klantblik.sign_in")
# Values of the claim that are no role: told once each, without the person, for the operator to put right.
UNKNOWN: set[str] = set()


@dataclass(frozen=True, slots=True)
class Person:
    """Who is looking: a name for the audit, roles, and whether a sign-in vouches for the name."""

    name: str
    roles: frozenset[str]
    signed_in: bool

    def may(self, *allowed: str) -> bool:
        """Whether one of these roles is theirs; an admin may do everything."""
        return "admin" in self.roles or any(role in self.roles for role in allowed)


def require_role(*allowed: str) -> Person:
    """The person looking at this page; draws why not and stops the page for anybody without one of these roles.

    Every page calls this itself before it reads anything, and so does every function that reads or writes (pages/rights.py).
    """
    person = whoever()
    if person is None:
        _turn_away()
        st.stop()
    if person.signed_in and "sign_out" in st.query_params:
        st.logout()
        st.stop()
    if not person.roles:
        _refuse("no_role", person)
    if not person.may(*allowed):
        _refuse("not_yours", person)
    return person


def whoever() -> Person | None:
    """Who is looking; None for nobody: who is not signed in, not any more, or looks from elsewhere where there is no sign-in."""
    chosen = settings().sign_in
    if not chosen.issuer:
        return Person("", frozenset({"admin"}), False) if is_here(st.context.ip_address, dict(st.context.headers)) else None
    user: Mapping[str, Any] = dict(st.user)
    return None if not user.get("is_logged_in") or is_old(user, chosen, time.time()) else signed_in(user)


def roles_told(person: Person, t: Texts) -> str:
    """The person's roles as people call them, in the order of ROLES; a dash for none."""
    return ", ".join(t(f"settings.role_name_{role}") for role in ROLES if role in person.roles) or "–"


class Guard(Protocol):
    """Gives a function back with a lock before it."""

    def __call__(self, function: Callable[P, R], /) -> Callable[P, R]: ...


def guarded(*allowed: str) -> Guard:
    """A function that asks for one of these roles itself, at every call, before it does anything."""

    def guard(function: Callable[P, R], /) -> Callable[P, R]:
        @wraps(function)
        def asking(*given: P.args, **named: P.kwargs) -> R:
            require_role(*allowed)
            return function(*given, **named)

        asking.allowed = allowed  # type: ignore[attr-defined]
        return asking

    return guard


def signed_in(claims: Mapping[str, Any]) -> Person:
    """The person that an identity provider vouches for, with the roles that the settings give to these claims."""
    found = granted(claims, settings().sign_in)
    for value in found.unknown:
        if value not in UNKNOWN:
            UNKNOWN.add(value)
            where = f"sign_in: claim {settings().sign_in.claim!r}"
            LOG.warning("%s: found %r, expected one of %s. Say what it means in sign_in.roles.", where, value, ", ".join(ROLES))
    return Person(name_of(claims), found.roles, True)


def is_here(ip: str | None, headers: Mapping[str, str]) -> bool:
    """Whether a browser on this very machine asks; a proxy makes everyone look local, so a forwarded request never counts.

    >>> is_here(None, {}), is_here("10.0.0.5", {}), is_here(None, {"X-Forwarded-For": "1.2.3.4"})
    (True, False, False)
    """
    forwarded = any(name.lower() in FORWARDED for name in headers)
    return not forwarded and (ip is None or ip == "::1" or ip.startswith("127."))


def _turn_away() -> None:
    """The way in, if there is one; at another address than the provider knows, a sign-in would never be seen."""
    t, chosen = language(), settings().sign_in
    if not chosen.issuer:
        _say(t("role.here_title"), t("role.here_only"))
        return
    _say(t("role.sign_in"), t("role.sign_in_why"))
    here, there = urlsplit(st.context.url or ""), urlsplit(chosen.address)
    if here.netloc and here.netloc != there.netloc:
        way = el("a", {"href": chosen.address, "target": "_self"}, chosen.address)
        sheet([el("p", None, t("role.elsewhere"), " ", way)], "elsewhere")
    elif st.button(t("role.sign_in_button"), type="primary"):
        st.login()


def _refuse(why: str, person: Person) -> None:
    t = language()
    _say(t(f"role.{why}"), t(f"role.{why}_next"), t("role.you_are", name=person.name, roles=roles_told(person, t)))
    sheet([el("p", None, el("a", {"href": "?sign_out=1", "target": "_self"}, t("role.sign_out")))], "sign-out")
    st.stop()


def _say(title: str, why: str, who: str = "") -> None:
    from pages.visit import draw_style  # visit asks for the role first

    draw_style()
    sheet([el("div", "state", el("h1", None, title), el("p", None, why), el("p", "cap", who) if who else None)], "refused")
