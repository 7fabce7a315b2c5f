"""Changes: what was changed, whether it helped, what it was worth, and whether customers were asked; one running per stage."""

from __future__ import annotations

import math

import streamlit as st

from config.language import Texts
from metrics.effect import SHOWN, TOO_EARLY
from metrics.weeks import shifted, start_ms, week_of
from pages import notes, panel
from pages.change_charts import against_otherwise
from pages.change_forms import register_button, steps
from pages.open_door import answer, cell
from pages.outcomes import outcomes
from pages.sheet import Node, el, sheet
from pages.visit import Visit, begin, link, refreshed
from reports.effect_words import judged, size, verdict_shape, verdict_text
from reports.effects import Outcome
from reports.names import Names
from reports.open_door import Clock, stage_clocks
from store.engine import instant
from store.people.annotations import annotations_between
from store.people.changes import Change
from store.people.panel import panel as read_panel


def show() -> None:
    """Draw the page."""
    visit = begin("changes")
    names, found = Names(visit.t, visit.journey), outcomes(visit)
    _said()
    clocks = stage_clocks(visit.store, visit.journey.id, [stage.id for stage in visit.journey.stages], visit.now)
    sheet([el("h1", "long", finding(found, visit)), answer(clocks, found, visit, names)], "answer")
    if visit.person.may("manager", "marketing"):
        register_button(visit, names)
    if found:
        sheet([el("div", "scroll", _table(found, clocks, visit, names))], "table")
        _detail(_chosen(found), visit, names)
    else:
        sheet([el("p", "cap", visit.t("changes.none"))], "none")
    panel.draw(read_panel(visit.store), visit, names)
    newest, sources = refreshed(visit)
    sheet([el("p", "foot", visit.t("changes.foot", time=newest, sources=sources))], "foot")


def finding(found: list[Outcome], visit: Visit) -> str:
    """The page's answer: of the changes that could be judged, how many demonstrably helped, and how many it is too early for."""
    t = visit.t
    if not found:
        return t("changes.title_none")
    early = sum(one.effect is not None and one.effect.verdict == TOO_EARLY for one in found)
    helped = sum(one.effect is not None and one.effect.verdict == SHOWN and size(one) > 0 for one in found)
    parts = [
        t(f"changes.{name}{'_one' if count == 1 else ''}", count=t.whole(count))
        for name, count in (("judged", sum(judged(one) for one in found)), ("helped", helped), ("early", early))
    ]
    return "".join(parts)


def _said() -> None:
    if words := st.session_state.pop("said", ""):
        st.success(words)


def _table(found: list[Outcome], clocks: dict[str, Clock], visit: Visit, names: Names) -> Node:
    t = visit.t
    heads = [el("th", {"scope": "col"}, t(f"changes.{name}")) for name in ("change", "stage", "state", "effect", "worth", "door")]
    rows = [_row(one, clocks, visit, names) for one in found]
    return el("table", "list", el("thead", None, el("tr", None, *heads)), el("tbody", None, *rows))


def _row(one: Outcome, clocks: dict[str, Clock], visit: Visit, names: Names) -> Node:
    t, change = visit.t, one.change
    code = el("a", {"href": link("changes", change=change.code), "target": "_self"}, el("b", None, change.code))
    worth = t("changes.per_euro", marks=t.signed(one.per_euro, 2)) if math.isfinite(one.per_euro) else _cost(change, visit)
    since = t("changes.since", day=_day(change.started_at, visit)) if change.started_at else t("changes.not_started")
    return el(
        "tr",
        None,
        el("td", None, code, f" {names.written(change.what_nl, change.what_en)}", el("div", "small", kind(change, t))),
        el("td", None, names.stage(change.stage)),
        el("td", None, t(f"changes.state_{change.state}"), el("div", "small", since)),
        el("td", None, el("span", verdict_shape(one), verdict_text(one, t))),
        el("td", None, worth),
        cell(one, clocks, visit),
    )


def kind(change: Change, t: Texts) -> str:
    """What kind of change it is, and that it is a small thing where it is one; '' when nobody said."""
    key = f"changes.kind_{change.kind}"
    said = [t(key) if t.has(key) else change.kind, t("changes.small_thing") if change.small else ""]
    return " · ".join(part for part in said if part)


def _cost(change: Change, visit: Visit) -> str:
    return visit.t("changes.cost", euros=visit.t.whole(change.cost_eur)) if change.cost_eur else "–"


def _day(at_ms: int, visit: Visit) -> str:
    return visit.t.short_day(instant(at_ms).astimezone(visit.zone))


def _chosen(found: list[Outcome]) -> Outcome:
    asked = st.query_params.get("change", "")
    known = [one for one in found if judged(one)]
    return next((one for one in found if one.change.code == asked), (known or found)[0])


def _detail(one: Outcome, visit: Visit, names: Names) -> None:
    t, change = visit.t, one.change
    asked = names.written(change.customer_check_nl, change.customer_check_en) or t("changes.no_check")
    dated = f"{asked} ({_day(change.checked_at, visit)})" if change.checked_at else asked
    facts = [
        (t("changes.why"), names.written(change.why_nl, change.why_en)),
        (t("changes.proposed_by"), names.proposer(change.proposed_by)),
        (t("changes.owner"), names.department(change.owner) if change.owner else ""),
        (t("changes.check_short"), dated),
        (t("changes.in_spite"), change.override_reason),
    ]
    lines = [el("p", None, el("b", None, f"{label}: "), value) for label, value in facts if value]
    sheet([el("h2", "section", f"{change.code} · {names.written(change.what_nl, change.what_en)}"), *lines], "detail")
    if one.effect is not None and one.effect.free is not None:
        against_otherwise(one, _noted(one, visit), visit, names)
        sheet([el("p", "cap", _ticks(one, visit, names))], "ticks")
    elif one.effect is not None:
        sheet([el("p", "cap", verdict_text(one, t))], "early")
    if visit.person.may("manager", "marketing"):
        steps(change, visit)


def _noted(one: Outcome, visit: Visit) -> list[tuple[int, int, str]]:
    """What was noted in the weeks of the chart, of the whole journey or of this stage."""
    first, last = start_ms(one.weeks[0], visit.zone), start_ms(shifted(week_of(visit.now.date()), 1), visit.zone)
    found = annotations_between(visit.store, visit.journey.id, first, min(last, visit.now_ms + 1))
    return notes.by_week([note for note in found if note.stage in ("", one.change.stage)], visit)


def _ticks(one: Outcome, visit: Visit, names: Names) -> str:
    t = visit.t
    assert one.effect is not None
    open_yet = "placebo" if one.effect.doubt == "history" else ""
    marks = [_tick(name, passed, name == open_yet, t) for name, passed in one.effect.ticks.items()]
    used = t("changes.controls", stages=", ".join(names.stage(s) for s in one.controls) or "–", n=t.whole(one.touched))
    return " · ".join([*marks, used])


def _tick(name: str, passed: bool, open_yet: bool, t: Texts) -> str:
    """A check in words that say how it came out: a cross before a denial would have to be read twice."""
    if open_yet:
        return f"○ {t(f'changes.tick_{name}_open')}"
    return "✓ " + t(f"changes.tick_{name}_yes") if passed else "✗ " + t(f"changes.tick_{name}_no")
