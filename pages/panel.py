"""The customer panel on a page: of each kind how many sit on it and how long ago one was heard, and its two forms."""

from __future__ import annotations

from datetime import date, datetime, time

import streamlit as st

from pages.acting import act, ask_name
from pages.open_door import ago
from pages.rights import leave_panel, spoke_with
from pages.sheet import Node, el, sheet
from pages.visit import Visit, utc_now_ms
from reports.names import Names
from reports.open_door import seat_clock
from store.people.panel import KINDS, NEEDED, Member, Seats, seats

DAY_FORMAT = "DD-MM-YYYY"


def finding(seated: list[Seats], visit: Visit, names: Names) -> str:
    """The panel's answer: which kinds of customer are missing, else which was silent longest."""
    t = visit.t
    missing = [names.segment(one.kind).lower() for one in seated if one.kind in NEEDED and not one.heard]
    if missing:
        return t("panel.missing", kinds=", ".join(missing))
    longest = min((one for one in seated if one.kind in NEEDED), key=lambda one: one.last_heard_at)
    return t("panel.complete", kind=names.segment(longest.kind), ago=ago(seat_clock(longest, visit.now), t))


def draw(members: list[Member], visit: Visit, names: Names) -> None:
    """The panel by kind: how many, with how many was spoken, how long ago, and what to do about it; with its form."""
    t, seated = visit.t, seats(members, visit.now_ms)
    heads = [el("th", {"scope": "col"}, t(f"panel.{name}")) for name in ("kind", "members", "spoken", "last")]
    rows = [_seat(one, visit, names) for one in seated]
    table = el("table", "list", el("thead", None, el("tr", None, *heads)), el("tbody", None, *rows))
    title = el("h2", "section", finding(seated, visit, names))
    sheet([title, el("p", "cap", t("panel.caption")), el("div", "scroll", table)], "panel")
    if visit.person.may("manager", "marketing"):
        left, right, _ = st.columns(3)
        with left.popover(t("panel.add"), width="stretch"):
            _spoke(visit, names)
        if members:
            with right.popover(t("panel.leave"), width="stretch"):
                _leave(members, visit, names)


def _seat(one: Seats, visit: Visit, names: Names) -> Node:
    t, clock = visit.t, seat_clock(one, visit.now)
    words = ago(clock, t) if one.heard else t("panel.none") if not one.members else t("panel.silent")
    hint = f"◷ {words}: {t('panel.invite' if not one.members else 'panel.ask')}" if clock.overdue else words
    last = el("td", "below" if clock.overdue else None, hint)
    counts = [el("td", None, t.whole(count)) for count in (one.members, one.heard)]
    return el("tr", None, el("td", None, el("b", None, names.segment(one.kind))), *counts, last)


def _spoke(visit: Visit, names: Names) -> None:
    t = visit.t
    with st.form("panel", border=False):
        kind = st.selectbox(t("panel.kind"), KINDS, format_func=names.segment)
        reference = st.text_input(t("panel.reference"), max_chars=12, help=t("panel.reference_help"))
        on = st.date_input(t("panel.spoken_on"), value=visit.now.date(), format=DAY_FORMAT)
        who = ask_name(visit, "panel")
        if st.form_submit_button(t("panel.save"), type="primary"):
            at = min(_noon(on, visit), utc_now_ms())
            done = t("panel.saved", reference=reference.strip())
            act(visit, "panel", who, lambda: spoke_with(visit.store, kind or "", reference, at, who, utc_now_ms()), done)


def _leave(members: list[Member], visit: Visit, names: Names) -> None:
    t = visit.t
    with st.form("panel-leave", border=False):
        named = {one.id: f"{one.reference} · {names.segment(one.kind)}" for one in members}
        id = st.selectbox(t("panel.who"), list(named), format_func=lambda one: named[one])
        who = ask_name(visit, "panel-leave")
        if st.form_submit_button(t("panel.leave"), type="primary"):
            act(visit, "panel", who, lambda: leave_panel(visit.store, id or 0, who, utc_now_ms()), t("panel.left"))


def _noon(day: date, visit: Visit) -> int:
    """A day's middle: a talk's hour is nobody's business, and no clock change moves it to another day."""
    return round(datetime.combine(day, time(12), visit.zone).timestamp() * 1000)
