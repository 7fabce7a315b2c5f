"""Touchpoints on the journey page, as they are and as they should be; each edit a version with who, when and why."""

from __future__ import annotations

import streamlit as st

from pages.acting import act, ask_name
from pages.both import ask_both
from pages.rights import save_touchpoint
from pages.sheet import Node, el, sheet
from pages.visit import Visit, utc_now_ms
from reports.names import Names
from store.engine import instant
from store.people.touchpoints import Touchpoint, touchpoints, versions

CHANNELS = ("social", "review", "chat", "phone", "email", "app", "web", "store", "survey")
VERSIONS_SHOWN = 6


def draw(stage: str, visit: Visit, names: Names) -> None:
    """The stage's touchpoints, the form that edits one, and what they were before."""
    known, t = touchpoints(visit.store, visit.journey.id, stage), visit.t
    may = visit.person.may("manager", "marketing")
    if known:
        heads = [t(f"journey.column_{name}") for name in ("touchpoint", "channel", "target", "as_is", "to_be")]
        head = el("thead", None, el("tr", None, *[el("th", {"scope": "col"}, name) for name in heads]))
        table = el("table", "list", head, el("tbody", None, *[_row(point, names) for point in known]))
        sheet([el("h2", "section", t("journey.touchpoints")), el("div", "scroll", table), *_before(known, visit)], "touchpoints")
    if may:
        with st.popover(t("journey.edit_title")):
            _form(stage, known, visit, names)


def _row(point: Touchpoint, names: Names) -> Node:
    t = names.t
    name = ("◆ " if point.moment_of_truth else "") + point.name(t.code)
    target = t.number(point.target) if point.target else "–"
    cells = (
        name,
        names.channel(point.channel),
        target,
        names.written(point.as_is_nl, point.as_is_en),
        names.written(point.to_be_nl, point.to_be_en),
    )
    return el("tr", None, *[el("td", None, cell) for cell in cells])


def _before(known: list[Touchpoint], visit: Visit) -> list[Node]:
    t = visit.t
    made = sorted((one for point in known for one in versions(visit.store, point.id)), key=lambda one: -one.at)
    if not made:
        return []
    lines = []
    for one in made[:VERSIONS_SHOWN]:
        day = t.short_day(instant(one.at).astimezone(visit.zone))
        values = {"number": one.number, "name": one.point.name(t.code), "day": day, "who": one.who, "why": one.why}
        lines.append(el("li", None, t("journey.version", **values)))
    return [el("p", "small gap-top", el("b", None, t("journey.versions"))), el("ul", "small", *lines)]


def _form(stage: str, known: list[Touchpoint], visit: Visit, names: Names) -> None:
    t, of = visit.t, {point.id: point for point in known}
    new = Touchpoint(stage, "", "", CHANNELS[0], False, None, "", "")
    ids = [*of, 0]
    id = st.selectbox(
        t("journey.edit_which"), ids, format_func=lambda i: of[i].name(t.code) if i else t("journey.edit_new"), key="touchpoint"
    )
    start = of.get(id or 0, new)
    with st.form(f"touchpoint-{start.id}", border=False):
        name_nl = st.text_input(t("journey.edit_name_nl"), start.name_nl, max_chars=80)
        name_en = st.text_input(t("journey.edit_name_en"), start.name_en, max_chars=80)
        at = CHANNELS.index(start.channel) if start.channel in CHANNELS else 0
        channel = st.selectbox(t("journey.column_channel"), CHANNELS, index=at, format_func=names.channel)
        truth = st.checkbox(t("journey.edit_truth"), start.moment_of_truth)
        target = st.number_input(t("journey.column_target"), 1.0, 10.0, start.target, step=0.5)
        as_is = ask_both(t, t("journey.column_as_is"), 400, (start.as_is_nl, start.as_is_en), area=True)
        to_be = ask_both(t, t("journey.column_to_be"), 400, (start.to_be_nl, start.to_be_en), area=True)
        why = st.text_input(t("journey.edit_why"), max_chars=160)
        who = ask_name(visit, "touchpoint")
        if st.form_submit_button(t("journey.edit_save"), type="primary"):
            words = (as_is[0], to_be[0], as_is[1], to_be[1])
            point = Touchpoint(stage, name_nl.strip(), name_en.strip(), channel or "", truth, target, *words, start.id)
            about = (visit.store, visit.journey.id, point, why, who, utc_now_ms())
            act(visit, "journey", who, lambda: save_touchpoint(*about), t("journey.edit_saved"))
