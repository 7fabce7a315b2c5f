"""Changes: what was changed, whether it helped, and what it was worth; registered before it starts, one running per stage."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, time

import streamlit as st

from config.language import Texts
from config.wording import signed_span
from metrics.effect import DEPENDS, NOT_SHOWN, SHOWN, TOO_EARLY
from pages.acting import act, ask_name
from pages.change_charts import against_otherwise
from pages.promise_forms import CHANNELS
from pages.rights import advance, register_change
from pages.sheet import Node, el, sheet
from pages.visit import Visit, begin, link, opened, utc_now_ms
from reports.effects import Outcome, days_since_heard, last_whole_week, outcome
from reports.names import Names
from store.engine import instant
from store.people.changes import STEPS, Change, changes
from store.reads.heard import last_heard

SHAPES = {SHOWN: "above", DEPENDS: "unsure", NOT_SHOWN: "unsure", TOO_EARLY: "unsure"}
ORDER = ("running", "proposed", "decided", "finished", "dropped")
KINDS = ("process", "people", "software", "message", "product", "small")
DAY_FORMAT = "DD-MM-YYYY"


def show() -> None:
    """Draw the page."""
    visit = begin("changes")
    names = Names(visit.t, visit.journey)
    found = _outcomes(visit.url, visit.journey.id, visit.now_ms // 3_600_000, visit, _version(visit))
    _said()
    sheet([el("h1", "long", finding(found, visit)), el("p", "cap", _door(visit))], "answer")
    if visit.person.may("manager", "marketing"):
        _register_button(visit, names)
    if not found:
        sheet([el("p", "cap", visit.t("changes.none"))], "none")
        return
    sheet([el("div", "scroll", _table(found, visit, names))], "table")
    _detail(_chosen(found), visit, names)


def finding(found: list[Outcome], visit: Visit) -> str:
    """The page's answer: of the changes that could be judged, how many demonstrably helped, and how many it is too early for."""
    t = visit.t
    judged = [one for one in found if one.effect and one.effect.verdict != TOO_EARLY]
    helped = [one for one in judged if one.effect and one.effect.verdict == SHOWN and _side(one) > 0]
    early = sum(one.effect is not None and one.effect.verdict == TOO_EARLY for one in found)
    if not found:
        return t("changes.title_none")
    parts = [
        t(f"changes.{name}{'_one' if count == 1 else ''}", count=t.whole(count))
        for name, count in (("judged", len(judged)), ("helped", len(helped)), ("early", early))
    ]
    return "".join(parts)


def verdict_text(one: Outcome, visit: Visit) -> str:
    """The effect in words: shown with its size and interval, or why there is none yet."""
    t, found = visit.t, one.effect
    if found is None:
        return t("changes.not_started")
    if found.verdict == TOO_EARLY:
        return t("changes.too_early", weeks=found.weeks_needed or 4)
    assert found.free is not None
    size = f"{t.signed(found.free.effect.value)} {signed_span(t, found.free.effect.low, found.free.effect.high)}"
    smallest = t.number(found.smallest) if math.isfinite(found.smallest) else "–"
    key = f"{found.verdict}_{found.doubt}" if found.doubt else found.verdict
    return t(f"changes.{key}", size=size, smallest=smallest)


@st.cache_data(ttl=300, max_entries=8, show_spinner=False)
def _outcomes(url: str, journey: str, hour: int, _visit: Visit, version: int) -> list[Outcome]:
    card = last_whole_week(opened(url), _visit.journey, _visit.zone, _visit.now)
    known = [change for change in changes(opened(url), journey) if change.registered_at <= _visit.now_ms]
    found = [outcome(change, card, _visit.zone) for change in known]
    return sorted(found, key=lambda one: (ORDER.index(one.change.state), -one.change.started_at, one.change.code))


def _version(visit: Visit) -> int:
    return hash(tuple((c.code, c.state, c.started_at) for c in changes(visit.store, visit.journey.id)))


def _side(one: Outcome) -> float:
    return one.effect.free.effect.value if one.effect and one.effect.free else 0.0


def _said() -> None:
    if words := st.session_state.pop("said", ""):
        st.success(words)


def _door(visit: Visit) -> str:
    days = days_since_heard(last_heard(visit.store, visit.journey.id, visit.now_ms), visit.now)
    return visit.t("changes.door_never") if days is None else visit.t("changes.door", days=visit.t.whole(days))


def _table(found: list[Outcome], visit: Visit, names: Names) -> Node:
    t = visit.t
    heads = ("change", "stage", "state", "started", "effect", "worth")
    head = el("thead", None, el("tr", None, *[el("th", {"scope": "col"}, t(f"changes.{name}")) for name in heads]))
    return el("table", "list", head, el("tbody", None, *[_row(one, visit, names) for one in found]))


def _row(one: Outcome, visit: Visit, names: Names) -> Node:
    t, change = visit.t, one.change
    code = el("a", {"href": link("changes", change=change.code), "target": "_self"}, el("b", None, change.code))
    started = _day(change.started_at, visit) if change.started_at else t("changes.not_yet")
    shape = _shape(one)
    worth = t("changes.per_euro", marks=t.signed(one.per_euro, 2)) if math.isfinite(one.per_euro) else _cost(change, visit)
    small = el("div", "small", t("changes.small_thing")) if change.small else None
    return el(
        "tr",
        None,
        el("td", None, code, f" {change.what(t.code)}", small),
        el("td", None, names.stage(change.stage)),
        el("td", None, t(f"changes.state_{change.state}")),
        el("td", None, started),
        el("td", None, el("span", f"gapline {shape}", verdict_text(one, visit))),
        el("td", None, worth),
    )


def _shape(one: Outcome) -> str:
    if one.effect and one.effect.verdict == SHOWN and _side(one) < 0:
        return "below"
    return SHAPES[one.effect.verdict] if one.effect else "unsure"


def _cost(change: Change, visit: Visit) -> str:
    return visit.t("changes.cost", euros=visit.t.whole(change.cost_eur)) if change.cost_eur else "–"


def _day(at_ms: int, visit: Visit) -> str:
    return visit.t.short_day(instant(at_ms).astimezone(visit.zone))


def _chosen(found: list[Outcome]) -> Outcome:
    asked = st.query_params.get("change", "")
    judged = [one for one in found if one.effect and one.effect.verdict != TOO_EARLY]
    return next((one for one in found if one.change.code == asked), (judged or found)[0])


def _detail(one: Outcome, visit: Visit, names: Names) -> None:
    t, change = visit.t, one.change
    facts = [
        (t("changes.why"), change.why),
        (t("changes.proposed_by"), change.proposed_by),
        (t("changes.owner"), change.owner),
        (t("changes.customer_check"), change.customer_check or t("changes.no_check")),
    ]
    lines = [el("p", None, el("b", None, f"{label}: "), value) for label, value in facts if value]
    sheet([el("h2", "section", f"{change.code} · {change.what(t.code)}"), *lines], "detail")
    if one.effect is not None and one.effect.free is not None:
        against_otherwise(one, visit, names)
        sheet([el("p", "cap", _ticks(one, visit, names))], "ticks")
    elif one.effect is not None:
        sheet([el("p", "cap", verdict_text(one, visit))], "early")
    if visit.person.may("manager", "marketing"):
        _steps(change, visit)


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


def _register_button(visit: Visit, names: Names) -> None:
    t = visit.t
    if st.button(t("changes.register"), type="primary"):
        st.dialog(t("changes.register"), width="large")(_form)(visit, names)


def _form(visit: Visit, names: Names) -> None:
    t, stages = visit.t, [stage.id for stage in visit.journey.stages]
    with st.form("change", border=False):
        left, right = st.columns(2)
        words_nl, words_en = (
            left.text_input(t("changes.form_nl"), max_chars=160),
            right.text_input(t("changes.form_en"), max_chars=160),
        )
        why = st.text_input(t("changes.why"), max_chars=300)
        columns = st.columns(4)
        stage = columns[0].selectbox(t("changes.stage"), stages, format_func=names.stage)
        kind = columns[1].selectbox(t("changes.kind"), KINDS, format_func=lambda k: t(f"changes.kind_{k}"))
        expected = columns[2].number_input(t("changes.expected"), value=0.3, step=0.1)
        due = columns[3].date_input(t("changes.due"), value=None, format=DAY_FORMAT)
        where, run_up, price = st.columns([1, 1, 1])
        channel = where.selectbox(
            t("promises.channel"), CHANNELS, format_func=lambda c: names.channel(c) if c else t("promises.all_channels")
        )
        ramp = run_up.number_input(t("changes.form_ramp"), 0, 90, 0, help=t("changes.form_ramp_help"))
        cost = price.number_input(t("changes.form_cost"), min_value=0.0, value=0.0, step=100.0)
        who = ask_name(visit, "change")
        if st.form_submit_button(t("changes.register"), type="primary"):
            change = Change(
                what_nl=words_nl.strip(), what_en=words_en.strip(), why=why.strip(), kind=kind or "", expected=expected
            )
            change = replace(change, journey=visit.journey.id, stage=stage or "", channel=channel or "", ramp_days=ramp)
            _keep(visit, replace(change, due_at=_ms(due, visit), cost_eur=cost or None, small=kind == "small"), who)


def _keep(visit: Visit, change: Change, who: str) -> None:
    def done(kept: Change) -> str:
        return visit.t("changes.registered", code=kept.code)

    act(visit, "changes", who, lambda: register_change(visit.store, change, who, utc_now_ms()), done)


def _steps(change: Change, visit: Visit) -> None:
    t = visit.t
    for state in STEPS[change.state]:
        with st.popover(t(f"changes.to_{state}")), st.form(f"step-{state}", border=False):
            asked = state == "decided"
            check = st.text_input(t("changes.customer_check"), change.customer_check) if asked else change.customer_check
            reason = st.text_input(t("changes.override"), "") if state == "running" else ""
            who = ask_name(visit, f"step-{state}")
            if st.form_submit_button(t(f"changes.to_{state}"), type="primary"):
                _advance(visit, change.code, state, who, {"customer_check": check, "override_reason": reason})


def _advance(visit: Visit, code: str, state: str, who: str, values: dict[str, str]) -> None:
    given = {name: value for name, value in values.items() if value}
    moved = visit.t("changes.moved", code=code, state=visit.t(f"changes.state_{state}"))
    act(visit, "changes", who, lambda: advance(visit.store, code, state, who, utc_now_ms(), given), moved)


def _ms(day: date | None, visit: Visit) -> int:
    return round(datetime.combine(day, time(), visit.zone).timestamp() * 1000) if day else 0
