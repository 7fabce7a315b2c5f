"""The journey: one stage in depth, where evidence is missing, and the questions to ask next."""

from __future__ import annotations

import math

import streamlit as st

from config.language import Texts
from config.settings import settings
from config.wording import duration, percent_span, signed_span, span
from metrics.evidence import TOO_FEW
from metrics.reachability import Closed
from metrics.registry import metric as metric_of
from metrics.weekly import Cell, Week
from pages import assumed, missed_demand, provenance, staffing, touchpoint_forms, waiting_pain
from pages.demand_map import heat
from pages.glyphs import glyph
from pages.opening import open_hours
from pages.sheet import Node, el, sheet
from pages.visit import Visit, begin, link, opened
from reports.customers import sentence
from reports.names import Names
from reports.stage import Depth, Fact, OfSegment, coverage, depth
from reports.survey import as_csv, as_surveyjs, questions
from reports.week import default_week, weekly
from store.people.promises import active_promises
from store.reads.customers import kept_customers

CLOSED_SHOWN = 3


def show() -> None:
    """Draw the page."""
    visit = begin("journey")
    names = Names(visit.t, visit.journey)
    week = default_week(visit.store, visit.journey.id, visit.now)
    if week is None:
        return
    card = _card(visit.url, visit.journey.id, week, visit)
    stage = _choose(card, visit, names)
    _answer(card.row(stage), visit, names)
    found = _depth(visit.url, visit.journey.id, week, stage, visit, card)
    _channels(card, found, visit, names)
    _facts(found, visit, names)
    waiting_pain.draw(found, visit, names)
    _groups(found, visit, names)
    touchpoint_forms.draw(stage, visit, names)
    if not missed_demand.draw(stage, visit, names):
        _reach(found, visit)
    staffing.draw(visit)
    _coverage(card, visit, names)
    provenance.draw(visit, names)
    _survey(card, visit, names)
    assumed.draw(visit, week)


@st.cache_data(ttl=300, max_entries=8, show_spinner=False)
def _card(url: str, journey: str, week: int, _visit: Visit) -> Week:
    return weekly(opened(url), _visit.journey, week, _visit.zone, _visit.now)


@st.cache_data(ttl=300, max_entries=32, show_spinner=False)
def _depth(url: str, journey: str, week: int, stage: str, _visit: Visit, _card: Week) -> Depth:
    return depth(opened(url), _visit.journey, _card, stage, _visit.zone, _visit.now, open_hours(settings().wall.opening))


def _choose(card: Week, visit: Visit, names: Names) -> str:
    ids = [stage.id for stage in visit.journey.stages]
    measured = [row for row in card.rows if row.status != TOO_FEW and row.gap]
    worst = min(measured, key=lambda row: row.gap.value if row.gap else 0.0).stage if measured else ids[0]
    asked = st.query_params.get("stage", worst)
    start = asked if asked in ids else worst
    chosen = st.segmented_control(
        visit.t("journey.choose"), ids, default=start, format_func=names.stage, key="stage", required=True, bind="query-params"
    )
    return chosen or start


def _answer(row: Cell, visit: Visit, names: Names) -> None:
    t, stage = visit.t, names.stage(row.stage)
    if row.status == TOO_FEW:
        sheet([el("h1", "long", t("journey.too_few", stage=stage, n=t.whole(row.n)))], "answer")
        return
    mark = t.number(row.mark.value)
    title = t("journey.no_promise", stage=stage, mark=mark)
    if row.gap and row.expected:
        values = {"promise": t.number(row.expected.value), "gap": t.signed(row.gap.value), "word": t(f"shape.{row.shape}_long")}
        title = t("journey.answer", stage=stage, mark=mark, **values)
    line = f"{span(t, row.mark.low, row.mark.high)} · n {t.whole(row.n)}"
    paths = sentence(kept_customers(visit.store)[1], visit.journey.id, t) if visit.live else ""
    whole = el("p", "cap", el("b", None, t("customers.whole")), f" {paths}") if paths else None
    voices = el("a", {"href": link("voices", stage=row.stage), "target": "_self"}, t("week.open_voices"))
    heading = el("h1", "long", glyph(row.shape, 22) if row.shape else None, f" {title}")
    sheet([part for part in (heading, el("p", "cap", line), whole, voices) if part], "answer")


def _channels(card: Week, found: Depth, visit: Visit, names: Names) -> None:
    t = visit.t
    cells = sorted((c for c in card.cells if c.stage == found.stage and c.n), key=lambda c: -c.n)
    title = t("journey.one_channel")
    if found.spread:
        best, worst = (names.channel(found.spread_channels[i]) for i in (found.spread.best, found.spread.worst))
        between = found.spread.between
        values = {"best": best, "worst": worst.lower(), "by": t.number(between.value)}
        values["span"] = signed_span(t, between.low, between.high)
        title = t("journey.consistent" if found.spread.p > 0.05 else "journey.inconsistent", **values)
    rows = [_channel(cell, visit, names) for cell in cells]
    table = _table(rows, ("channel", "mark", "gap", "n"), visit)
    sheet([el("h2", "section", title), el("p", "cap", t("journey.channels_how")), table], "channels")


def _channel(cell: Cell, visit: Visit, names: Names) -> Node:
    t = visit.t
    if cell.status == TOO_FEW:
        return _row(names.channel(cell.channel), t("few.title"), "", t.whole(cell.n))
    gap = f"{t.signed(cell.gap.value)} {t(f'shape.{cell.shape}')}" if cell.gap else ""
    mark = f"{t.number(cell.mark.value)} [{span(t, cell.mark.low, cell.mark.high)}]"
    shown = el("span", f"gapline {cell.shape}", glyph(cell.shape), f" {gap}") if gap else ""
    return _row(names.channel(cell.channel), mark, shown, t.whole(cell.n))


def _facts(found: Depth, visit: Visit, names: Names) -> None:
    t = visit.t
    if not found.facts:
        return
    rows = [
        _row(metric_of(fact.metric).name(t.code), names.channel(fact.channel), fact_text(fact, visit), t.whole(fact.n))
        for fact in found.facts
    ]
    head = [el("h2", "section", t("journey.facts")), el("p", "cap", t("journey.facts_how"))]
    sheet([*head, _table(rows, ("fact", "channel", "value", "n"), visit)], "facts")


def fact_text(fact: Fact, visit: Visit) -> str:
    """A figure in words: a share with its interval, or the median wait with the time within which nine in ten were done."""
    t = visit.t
    if metric_of(fact.metric).kind == "share":
        return f"{t.percent(fact.shown.value)} {percent_span(t, fact.shown.low, fact.shown.high)}"
    if not math.isfinite(fact.shown.value):
        return t("journey.not_reached")
    upper = duration(t, fact.upper) if math.isfinite(fact.upper) else t("journey.not_reached")
    return t("journey.half_within", half=duration(t, fact.shown.value), most=upper)


def _groups(found: Depth, visit: Visit, names: Names) -> None:
    if not found.groups:
        return
    rows = [_group(group, visit, names) for group in found.groups]
    t = visit.t
    sheet([el("h2", "section", t("journey.groups")), _table(rows, ("group", "mark", "n"), visit)], "groups")


def _group(group: OfSegment, visit: Visit, names: Names) -> Node:
    t = visit.t
    if group.status == TOO_FEW:
        return _row(names.segment(group.segment), t("few.hidden" if group.private else "few.title"), "")
    mark = f"{t.number(group.mark.value)} [{span(t, group.mark.low, group.mark.high)}]"
    return _row(names.segment(group.segment), mark, t.whole(group.n))


def _reach(found: Depth, visit: Visit) -> None:
    t, demand = visit.t, found.demand
    total = float(demand.per_week.sum())
    if total < 1:
        return
    missed = float(demand.per_week[~demand.is_open].sum())
    title = t("journey.reach_open")
    if not demand.is_open.all():
        title = t("journey.reach", share=t.percent(missed / total), n=t.whole(missed))
    sheet([el("h2", "section", title), el("p", "cap", t("journey.reach_how"))], "reach")
    heat(demand.per_week, demand.is_open, t)
    top = [hour for hour in demand.closed[:CLOSED_SHOWN] if hour.advise]
    if top:
        sheet([el("ul", None, *[el("li", None, _closed(hour, t)) for hour in top])], "closed")


def _closed(hour: Closed, t: Texts) -> str:
    values = {"day": t(f"day.{hour.day + 1}"), "hour": hour.hour, "until": hour.hour + 1, "n": t.number(hour.missed.value)}
    return t("journey.closed_hour", **values)


def _coverage(card: Week, visit: Visit, names: Names) -> None:
    t, found = visit.t, coverage(card, visit.journey)
    channels = sorted({channel for row in found.values() for channel in row})
    silent = [names.stage(stage) for stage, row in found.items() if not row]
    title = t("journey.silent", stages=", ".join(silent)) if silent else t("journey.covered")
    head = el("tr", None, el("th", {"scope": "col"}, ""), *[el("th", {"scope": "col"}, names.channel(c)) for c in channels])
    rows = [
        el(
            "tr",
            None,
            el("th", {"scope": "row"}, names.stage(stage)),
            *[_covered(row.get(channel, 0.0), t) for channel in channels],
        )
        for stage, row in found.items()
    ]
    table = el("table", "list", el("thead", None, head), el("tbody", None, *rows))
    sheet([el("h2", "section", title), el("div", "scroll", table)], "coverage")


def _covered(n: float | None, t: Texts) -> Node:
    if n is None:
        return el("td", "few", t("few.hidden"))
    return el("td", None, t.whole(n)) if n else el("td", "few hatched", t("journey.no_evidence"))


def _survey(card: Week, visit: Visit, names: Names) -> None:
    t = visit.t
    asked = questions(card, active_promises(visit.store, visit.journey.id, visit.now_ms), names)
    items = [el("li", None, f"{q.text} ", el("span", "small", f"({q.traced})")) for q in asked]
    sheet([el("h2", "section", t("survey.title", count=len(asked))), el("ol", None, *items)], "survey")
    left, right, _ = st.columns([1, 1, 3])
    left.download_button(t("survey.csv"), as_csv(asked).encode("utf-8-sig"), "klantblik-survey.csv", "text/csv", width="stretch")
    form = as_surveyjs(asked, visit.company or "Klantblik").encode()
    right.download_button(t("survey.json"), form, "klantblik-survey.json", "application/json", width="stretch")


def _table(rows: list[Node], columns: tuple[str, ...], visit: Visit) -> Node:
    head = el("tr", None, *[el("th", {"scope": "col"}, visit.t(f"journey.column_{name}")) for name in columns])
    return el("div", "scroll", el("table", "list", el("thead", None, head), el("tbody", None, *rows)))


def _row(*cells: Node) -> Node:
    return el("tr", None, *[el("td", None, cell) for cell in cells])
