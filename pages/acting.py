"""How people write on any page: under whose name, in one go, and with in plain words what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.visit import Visit
from store.people.errors import PeopleError


def ask_name(visit: Visit, place: str) -> str:
    """Who acts: the signed-in person, else the name asked for here; the audit keeps it. `place` names the form on the page."""
    if visit.person.signed_in:
        return visit.person.name
    known = str(st.session_state.get("who", ""))
    typed = st.text_input(visit.t("promises.form_who"), known, key=f"who-{place}", max_chars=80, width=320).strip()
    if typed:
        st.session_state["who"] = typed
    return typed


def act(
    visit: Visit,
    page: str,
    who: str,
    write: Callable[[], Any],
    done: str | Callable[[Any], str],
    *,
    stay: bool = False,
) -> None:
    """Do a write as `who` and draw the page anew with what became of it; a refusal is said here, and changes nothing.

    `page` is the section of the texts that words its refusals; `done` what is said after it, or how that is made from what was
    written. `stay` says it where the form stands and leaves the page as it is.
    """
    if not who:
        st.error(visit.t("promises.need_name"))
        return
    try:
        written = write()
    except PeopleError as fault:
        st.error(fault_text(fault, visit, page))
        return
    words = done if isinstance(done, str) else done(written)
    if stay:
        st.success(words)
        return
    st.cache_data.clear()
    st.session_state["said"] = words
    st.rerun()


def fault_text(fault: PeopleError, visit: Visit, page: str) -> str:
    """What was wrong, in the reader's language: as the page words it (`error_` and its field, or its kind), else in general."""
    field, kind = fault.values.get("what"), fault.key.rpartition(".")[2]
    own = [key for key in (f"{page}.error_{field}", f"{page}.error_{kind}") if visit.t.has(key)]
    return visit.t(own[0] if own else fault.key, **{name: _worded(value, visit) for name, value in fault.values.items()})


def _worded(value: object, visit: Visit) -> object:
    """A number as the reader's language writes it; nothing as a dash."""
    if isinstance(value, float):
        return visit.t.number(value, 0 if value.is_integer() else 1)
    return "–" if value is None else value
