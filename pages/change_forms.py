"""People's writes on the page of changes: register one, ask customers about it, and bring it a step further."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import streamlit as st

from pages.acting import act, ask_name
from pages.both import ask_both
from pages.promise_forms import CHANNELS
from pages.rights import advance, record_check, register_change
from pages.visit import Visit, utc_now_ms
from reports.names import Names
from store.people.changes import KINDS, STEPS, Change

DAY_FORMAT = "DD-MM-YYYY"


def register_button(visit: Visit, names: Names) -> None:
    """A button that opens the form of a new change."""
    t = visit.t
    if st.button(t("changes.register"), type="primary"):
        st.dialog(t("changes.register"), width="large")(_form)(visit, names)


def _form(visit: Visit, names: Names) -> None:
    t = visit.t
    with st.form("change", border=False):
        what_nl, what_en = ask_both(t, t("changes.form_what"), 160)
        why_nl, why_en = ask_both(t, t("changes.why"), 300)
        given = _place(visit, names) | _size(visit)
        who = ask_name(visit, "change")
        if st.form_submit_button(t("changes.register"), type="primary"):
            words = Change(what_nl=what_nl, what_en=what_en, why_nl=why_nl, why_en=why_en, journey=visit.journey.id)
            _keep(visit, replace(words, **given), who)


def _place(visit: Visit, names: Names) -> dict[str, Any]:
    """Where it changes something, and of what kind it is; small is said beside the kind, not instead of it."""
    t, stages = visit.t, [stage.id for stage in visit.journey.stages]
    columns = st.columns(3)
    stage = columns[0].selectbox(t("changes.stage"), stages, format_func=names.stage)
    channel = columns[1].selectbox(
        t("promises.channel"), CHANNELS, format_func=lambda c: names.channel(c) if c else t("promises.all_channels")
    )
    kind = columns[2].selectbox(t("changes.kind"), KINDS, format_func=lambda k: t(f"changes.kind_{k}"))
    small = st.checkbox(t("changes.form_small"), help=t("changes.form_small_help"))
    return {"stage": stage or "", "channel": channel or "", "kind": kind or "", "small": small}


def _size(visit: Visit) -> dict[str, Any]:
    """What it should bring, what it costs, who has it, and until when."""
    t = visit.t
    columns = st.columns(3)
    expected = columns[0].number_input(t("changes.expected"), value=0.3, step=0.1)
    ramp = columns[1].number_input(t("changes.form_ramp"), 0, 90, 0, help=t("changes.form_ramp_help"))
    cost = columns[2].number_input(t("changes.form_cost"), min_value=0.0, value=0.0, step=100.0)
    left, right = st.columns([2, 1])
    owner = left.text_input(t("changes.owner"), max_chars=80)
    due = right.date_input(t("changes.due"), value=None, format=DAY_FORMAT)
    sizes = {"expected": expected, "ramp_days": ramp, "cost_eur": cost or None}
    return sizes | {"owner": owner.strip(), "due_at": _ms(due, visit)}


def _keep(visit: Visit, change: Change, who: str) -> None:
    def done(kept: Change) -> str:
        return visit.t("changes.registered", code=kept.code)

    act(visit, "changes", who, lambda: register_change(visit.store, change, who, utc_now_ms()), done)


def steps(change: Change, visit: Visit) -> None:
    """The buttons under an open change: its next steps, and what customers said of it."""
    following = STEPS[change.state]
    if not following:
        return
    places = st.columns(len(following) + 1)
    for place, state in zip(places, following, strict=False):
        with place.popover(visit.t(f"changes.to_{state}"), width="stretch"), st.form(f"step-{state}", border=False):
            _step(change, state, visit)
    with places[-1].popover(visit.t("changes.check"), width="stretch"), st.form("check", border=False):
        _check(change, visit)


def _step(change: Change, state: str, visit: Visit) -> None:
    t, given = visit.t, {}
    if state == "decided":
        before = (change.customer_check_nl, change.customer_check_en)
        given["customer_check_nl"], given["customer_check_en"] = ask_both(t, t("changes.customer_check"), 300, before, "decided")
    if state == "running":
        given["override_reason"] = st.text_input(t("changes.override"), "").strip()
    who = ask_name(visit, f"step-{state}")
    if st.form_submit_button(t(f"changes.to_{state}"), type="primary"):
        told = {name: value for name, value in given.items() if value}
        moved = t("changes.moved", code=change.code, state=t(f"changes.state_{state}"))
        act(visit, "changes", who, lambda: advance(visit.store, change.code, state, who, utc_now_ms(), told), moved)


def _check(change: Change, visit: Visit) -> None:
    t = visit.t
    nl, en = ask_both(t, t("changes.customer_check"), 300, key="check")
    who = ask_name(visit, "check")
    if st.form_submit_button(t("changes.check_save"), type="primary"):
        done = t("changes.checked", code=change.code)
        act(visit, "changes", who, lambda: record_check(visit.store, change.code, nl, en, who, utc_now_ms()), done)


def _ms(day: date | None, visit: Visit) -> int:
    return round(datetime.combine(day, time(), visit.zone).timestamp() * 1000) if day else 0
