"""One promise in depth on the page: did delivery or the bar move, and what would another bar do?"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime

import streamlit as st

from config.wording import duration, signed_span
from metrics.damage import damage
from metrics.registry import metric
from metrics.weeks import monday
from pages import notes
from pages.address import filter
from pages.glyphs import glyph
from pages.held_hours import held_promise
from pages.promise_charts import bars, change_words, kept_in_time, mark_in_time, option_name, same_bar_change
from pages.promise_forms import edit, retire_button
from pages.sheet import Node, el, hover, sheet
from pages.visit import Visit, link, opened
from reports.names import Names
from reports.promise_detail import Detail, Option, cases, detail, soft_what_if, what_if
from reports.promised import Register, Standing
from store.engine import instant
from store.people.annotations import annotations_between
from store.people.knots import current_book


def draw(found: Register, chosen: Standing, visit: Visit, names: Names) -> None:
    """Draw the section of the promise that was chosen."""
    t = visit.t
    told = _detail(visit.url, visit.journey.id, chosen.promise.code, visit.now_ms // 60_000, visit)
    choose, line, act = st.columns([1.15, 2.5, 0.85], vertical_alignment="bottom")
    codes = [row.promise.code for row in found.rows]
    of = {row.promise.code: row.promise.text(t.code) for row in found.rows}
    with choose:
        filter(st, "selectbox", t("promises.detail"), codes, key="promise", default=codes[0], name=lambda code: of[code])
    with line:
        sheet([_line(chosen, told, visit), *held_promise(chosen.promise, visit, names)], "detail-line")
    if visit.person.may("marketing", "manager"):
        with act:
            if st.button(t("promises.edit"), key="edit", width="stretch"):
                edit(visit, replace(chosen.promise, valid_from=0, valid_to=None))
            retire_button(visit, chosen.promise.code)
    left, right = st.columns([1.9, 1], gap="large")
    with left:
        _in_time(chosen, told, visit, names)
    with right:
        _what_if(chosen, visit, names)


@st.cache_data(ttl=60, max_entries=32, show_spinner=False)
def _detail(url: str, journey: str, code: str, minute: int, _visit: Visit) -> Detail:
    return detail(opened(url), _visit.journey, code, _visit.zone, _visit.now)


@st.cache_data(ttl=60, max_entries=32, show_spinner=False)
def _cases(url: str, journey: str, code: str, minute: int, _standing: Standing, _visit: Visit) -> dict[int, float]:
    return cases(opened(url), journey, _standing, _visit.now, _visit.zone)


def _line(chosen: Standing, told: Detail, visit: Visit) -> Node:
    """The version that counts, who owns and approved it, the versions before it, and the way to the voices."""
    t, promise = visit.t, chosen.promise
    since = instant(promise.valid_from).astimezone(visit.zone)
    day = f"{since.day} {t(f'month.{since.month}')} {since.year}"
    values = {
        "code": promise.code,
        "version": promise.version,
        "day": day,
        "owner": promise.owner or "–",
        "approved": promise.approved_by or "–",
    }
    parts: list[Node] = [t("promises.detail_line", **values)]
    parts += [
        " · " + t("promises.earlier", version=v.version, text=v.text(t.code))
        for v in told.versions
        if v.version != promise.version
    ]
    href = link("voices", stage=promise.stage, channel=promise.channel)
    return el("p", "cap", *parts, " · ", el("a", {"href": href, "target": "_self"}, t("promises.read")))


def _in_time(chosen: Standing, told: Detail, visit: Visit, names: Names) -> None:
    t = visit.t
    first, last = told.weeks[0] % 100, told.weeks[-1] % 100
    sheet(_in_time_words(chosen, told, visit, first, last), "in-time")
    start = round(_midnight(monday(told.weeks[0]), visit) * 1000)
    spans = notes.by_week(annotations_between(visit.store, visit.journey.id, start, visit.now_ms), visit)
    if told.lines:
        sheet([el("p", "small", t("promises.kept_per_week"))], "kept-title")
        kept_in_time(told, chosen.target, [note for note in spans if note[0] in told.weeks], names)
    if told.marks:
        sheet([el("p", "small", t("promises.mark_per_week"))], "mark-title")
        mark_in_time(told, names)


def _midnight(day: date, visit: Visit) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=visit.zone).timestamp()


def _in_time_words(chosen: Standing, told: Detail, visit: Visit, first: int, last: int) -> list[Node]:
    t = visit.t
    nodes: list[Node] = [el("p", "eyebrow section", t("promises.in_time", first=first, last=last))]
    if not told.lines:
        return [*nodes, el("h3", None, t("promises.mark_per_week"))]
    moved, title = _movement(told), "promises.steady"
    if moved is not None:
        change, rose = moved
        demonstrable = not change[3] <= 0 <= change[4]
        title = "promises.bar_rose" if rose and not demonstrable else title
        if demonstrable:
            title = "promises.service_fell" if change[2] < 0 else "promises.service_rose"
    counts = [w.n for w in told.lines[-1].weeks if w.n]
    caption = t("promises.in_time_caption", low=t.whole(min(counts, default=0)), high=t.whole(max(counts, default=0)))
    if moved is not None and len(told.lines) > 1:
        at = monday(told.lines[-1].first)
        bar = duration(t, told.lines[-1].promise.threshold or 0)
        caption += " " + t("promises.same_bar", bar=bar, day=f"{at.day} {t(f'month.{at.month}')}", **change_words(moved[0], t))
    return [*nodes, el("h2", None, t(title)), el("p", "cap", caption)]


def _movement(told: Detail) -> tuple[tuple[float, float, float, float, float], bool] | None:
    """How the newest bar was kept before and after the last change of the promise (or the middle), and whether the bar rose."""
    newest = told.lines[-1]
    changed = len(told.lines) > 1 and newest.first in told.weeks
    at = newest.first if changed else told.weeks[len(told.weeks) // 2]
    change = same_bar_change(newest, at)
    before = list(told.lines)[-2:][0]
    rose = changed and (newest.promise.threshold or 0) < (before.promise.threshold or 0)
    return (change, rose) if change else None


def _what_if(chosen: Standing, visit: Visit, names: Names) -> None:
    t, promise = visit.t, chosen.promise
    sheet([el("p", "eyebrow section", t("promises.what_if"))], "what-if-title")
    if not math.isfinite(chosen.mark.value) or (promise.kind == "hard" and metric(promise.metric).kind != "duration"):
        sheet([el("p", "cap", t("promises.no_what_if"))], "no-what-if")
        return
    if promise.kind == "soft":
        options, now, n = soft_what_if(chosen), promise.soft_mark or 8.0, chosen.mark_n
    else:
        counts = _cases(visit.url, visit.journey.id, promise.code, visit.now_ms // 60_000, chosen, visit)
        options, now, n = what_if(chosen, counts, current_book(visit.store)), promise.threshold or 0.0, sum(counts.values())
    label = (lambda o: t.number(o.value)) if promise.kind == "soft" else (lambda o: option_name(o, names))
    trial = _trial(options, chosen, visit, label)
    key = {"kept": "kept", "over_delivered": "kept", "broken": "broken"}.get(trial.verdict.verdict, "unproven")
    title = t(f"promises.what_if_{key}", bar=label(trial)) if trial.value != now else t("promises.now_is", bar=label(trial))
    sheet([el("h2", None, title), el("p", "cap", t("promises.what_if_caption", n=t.whole(n)))], "what-if")
    if promise.kind == "hard":
        bars(options, chosen.target, now, trial.value, names)
    present = next(option for option in options if option.value == now)
    note = el("p", "cap gap-top", t("promises.what_if_note", mark=t.number(chosen.mark.value)))
    sheet([_comparison(chosen, present, trial, label, visit), note], "compare")


def _trial(options: list[Option], chosen: Standing, visit: Visit, label) -> Option:
    """The bar on trial: the advised one first, else the smallest one that is kept, else the present."""
    advised = chosen.advice.bar
    kept = [o for o in options if o.verdict.verdict in ("kept", "over_delivered")]
    first = next((o for o in options if advised is not None and o.value == advised), None) or (kept[0] if kept else options[-1])
    t = visit.t
    title = t("promises.bar" if chosen.promise.kind == "hard" else "promises.what_if_soft")
    values = [o.value for o in options]
    of = {o.value: label(o) for o in options}
    value = st.select_slider(title, values, value=first.value, format_func=lambda v: of[v], key=f"trial-{chosen.promise.code}")
    return next(o for o in options if o.value == value)


def _comparison(chosen: Standing, present: Option, trial: Option, label, visit: Visit) -> Node:
    """The two bars beside each other: expectation, gap, breaks per week, and who knew the promise."""
    t, hard = visit.t, chosen.promise.kind == "hard"
    heads = (t("promises.now_is", bar=label(present)), t("promises.trial", bar=label(trial)))
    rows = [_compare_row(t("promises.row_expectation"), t.number(present.expected), t.number(trial.expected))]
    gaps = [_gap_text(option, visit) for option in (present, trial)]
    rows.append(_compare_row(t("promises.row_gap", mark=t.number(chosen.mark.value)), *gaps))
    hurt = [damage(option.gap.value, option.expected) for option in (present, trial)]
    named = el("span", None, t("promises.row_damage"), " ", hover(t("promises.damage_help")))
    rows.append(_compare_row(named, *[_damage_text(one, visit) for one in hurt]))
    if hard:
        weekly = [week.n for week in chosen.weeks[-13:] if week.n]
        total = sum(weekly) / len(weekly) if weekly else 0.0
        broken = [total * (1 - option.verdict.shown.value) for option in (present, trial)]
        rows.append(
            _compare_row(t("promises.row_breaks"), *[t("promises.of", n=t.whole(b), total=t.whole(total)) for b in broken])
        )
        rows.append(_compare_row(t("promises.row_heard"), *[t.whole(b * chosen.promise.reach) for b in broken]))
    head = el("tr", None, el("td"), *[el("th", {"class": "num", "scope": "col"}, text) for text in heads])
    return el("table", "list", el("thead", None, head), el("tbody", None, *rows))


def _compare_row(name: Node, now: Node, trial: Node) -> Node:
    return el("tr", None, el("td", None, name), el("td", "num", now), el("td", "num", el("b", None, trial)))


def _damage_text(hurt: float, visit: Visit) -> str:
    """The weighted shortfall in words: none, or how many marks it weighs."""
    t = visit.t
    return t("promises.damage_none") if hurt == 0 else t("promises.damage", marks=t.number(hurt))


def _gap_text(option: Option, visit: Visit) -> Node:
    t = visit.t
    shape = "below" if option.gap.high < 0 else "above" if option.gap.low > 0 else "unsure"
    return el("span", shape, glyph(shape), f"{t.signed(option.gap.value)} {signed_span(t, option.gap.low, option.gap.high)}")
