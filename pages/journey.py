"""The journey: what customers got in one stage, against what, where it breaks, what they say, what to ask and what to change."""

from __future__ import annotations

import streamlit as st

from config.settings import settings
from config.wording import signed_span, span
from metrics.evidence import TOO_FEW
from metrics.weekly import Cell, Week
from pages import (
    assumed,
    journey_coverage,
    journey_edit,
    journey_facts,
    journey_feelings,
    journey_leaving,
    journey_marks,
    journey_reach,
    journey_steps,
    journey_survey,
    missed_demand,
    provenance,
    staffing,
    touchpoint_forms,
    waiting_pain,
)
from pages.glyphs import glyph
from pages.journey_line import line, told
from pages.opening import open_hours
from pages.sheet import Node, el, sheet
from pages.visit import Visit, begin, link, opened, refreshed
from reports.customers import sentence
from reports.names import Names
from reports.sentences import iso_week, journey_finding
from reports.stage import Depth, depth
from reports.week import default_week, weekly
from store.reads.customers import kept_customers

LEGEND = ("below", "on", "above", "unsure")


def show() -> None:
    """Draw the page."""
    visit = begin("journey")
    if words := st.session_state.pop("said", ""):
        st.success(words)
    names = Names(visit.t, visit.journey)
    week = default_week(visit.store, visit.journey.id, visit.now)
    if week is None:
        return
    card = _card(visit.url, visit.journey.id, week, visit)
    stage = _choose(card, visit, names)
    _answer(card.row(stage), card, visit, names)
    found = _depth(visit.url, visit.journey.id, week, stage, visit, card)
    _part("against", visit)
    journey_marks.channels(card, found, visit, names)
    journey_marks.touchpoints(card, stage, visit, names)
    _part("breaks", visit)
    waiting_pain.draw(found, visit, names)
    journey_steps.draw(stage, visit)
    journey_facts.draw(found, visit, names)
    if not missed_demand.draw(stage, visit, names):
        journey_reach.draw(found, visit)
    staffing.draw(visit)
    _part("say", visit)
    journey_feelings.draw(stage, week, visit)
    journey_leaving.draw(stage, visit, names)
    journey_marks.groups(found, visit, names)
    journey_coverage.draw(card, stage, visit, names)
    provenance.draw(visit, names)
    _part("ask", visit)
    journey_survey.draw(card, visit, names)
    _part("change", visit)
    touchpoint_forms.draw(stage, visit, names)
    journey_edit.draw(visit)
    assumed.draw(visit, week)
    _foot(card, visit)


@st.cache_data(ttl=300, max_entries=8, show_spinner=False)
def _card(url: str, journey: str, week: int, _visit: Visit) -> Week:
    return weekly(opened(url), _visit.journey, week, _visit.zone, _visit.now)


@st.cache_data(ttl=300, max_entries=32, show_spinner=False)
def _depth(url: str, journey: str, week: int, stage: str, _visit: Visit, _card: Week) -> Depth:
    return depth(opened(url), _visit.journey, _card, stage, _visit.zone, _visit.now, open_hours(settings().wall.opening))


def _choose(card: Week, visit: Visit, names: Names) -> str:
    """The journey as a line, and which stage of it is looked into: the one asked for, else the furthest below its promise."""
    t, ids = visit.t, [row.stage for row in card.rows]
    measured = [row for row in card.rows if row.status != TOO_FEW and row.gap]
    worst = min(measured, key=lambda row: row.gap.value if row.gap else 0.0).stage if measured else ids[0]
    asked = st.session_state.get("stage") or st.query_params.get("stage", worst)
    start = asked if asked in ids else worst
    shapes = [
        el("span", f"key {shape}", glyph(shape), el("b", None, t(f"shape.{shape}")), f" {t(f'shape.{shape}_means')}")
        for shape in LEGEND
    ]
    head = el("h1", "long", journey_finding(card, names))
    keys = el("p", "cap legend", t("journey.line_how", week=card.week % 100), " ", *shapes)
    sheet([head], "title")
    clicked = sheet([keys, el("div", "scroll", line(card, start, names))], "line")
    if clicked in ids and clicked != start:
        st.session_state["stage"] = clicked
        st.rerun()
    if st.session_state.get("stage") not in (None, *ids):
        del st.session_state["stage"]
    chosen = st.segmented_control(
        t("journey.choose"), ids, default=start, format_func=names.stage, key="stage", required=True, bind="query-params"
    )
    return chosen or start


def _answer(row: Cell, card: Week, visit: Visit, names: Names) -> None:
    t = visit.t
    paths = sentence(kept_customers(visit.store)[1], visit.journey.id, t) if visit.live else ""
    whole = el("p", "cap gap-top", el("b", None, t("customers.whole")), f" {paths}") if paths else None
    voices = el(
        "a", {"href": link("voices", stage=row.stage, week=iso_week(card.week)), "target": "_self"}, t("week.open_voices")
    )
    trio = el("div", "trio gap-top", *_three(row, visit)) if row.status != TOO_FEW else None
    heading = el("h2", "answer", glyph(row.shape, 20) if row.shape else None, f" {told(row, names)}")
    sheet([part for part in (heading, trio, el("p", "gap-top", voices), whole) if part], "answer")


def _three(row: Cell, visit: Visit) -> list[Node]:
    """Experience, promise and the difference, each with its interval; without a promise the experience alone."""
    t = visit.t
    under = f"{span(t, row.mark.low, row.mark.high)} · n {t.whole(row.n)}"
    out = [_number(t("week.experience"), t.number(row.mark.value), under)]
    if row.expected and row.gap:
        shown = row.expected.interval
        out.append(_number(t("week.promise"), t.number(shown.value), span(t, shown.low, shown.high)))
        words = f"{t(f'shape.{row.shape}_long')} {signed_span(t, row.gap.low, row.gap.high)}"
        out.append(_number(t("week.difference"), t.signed(row.gap.value), words, row.shape))
    return out


def _number(label: str, value: str, under: str, shape: str = "") -> Node:
    drawn = glyph(shape, 22) if shape else None
    return el("div", None, el("span", None, label), el("b", shape, drawn, value), el("small", shape, under))


def _part(name: str, visit: Visit) -> None:
    """The question that the next sections answer."""
    sheet([el("p", "part", visit.t(f"journey.part_{name}"))], f"part-{name}")


def _foot(card: Week, visit: Visit) -> None:
    t = visit.t
    share = t.percent(card.unplaced / card.contacts, 1) if card.contacts else t.percent(0)
    newest, sources = refreshed(visit)
    sheet([el("p", "foot", t("week.foot", time=newest, sources=sources, unplaced=share))], "foot")
