"""One promise by customer group on the page: for whom it is kept, for whom it is not, and which mark they give."""

from __future__ import annotations

import math

import streamlit as st

from config.wording import percent_span, signed_span, span
from metrics.gap import gap, gap_shape
from pages.glyphs import glyph
from pages.sheet import Node, el, sheet
from pages.visit import Visit, link, opened
from reports.names import Names
from reports.promise_segments import Between, OfSegment, by_segment, widest
from reports.promise_words import SHAPE
from reports.promised import Standing
from reports.sentences import within
from store.people.promises import Promise


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def _groups(url: str, journey: str, code: str, kind: str, minute: int, _promise: Promise, _visit: Visit) -> tuple[OfSegment, ...]:
    return by_segment(opened(url), _visit.journey, _visit.zone, _visit.now, kind, _promise)


def draw(kind: str, chosen: Standing, visit: Visit, names: Names) -> None:
    """Draw the section for a period ('month' or 'days'); nothing where customers are of no known group."""
    promise = chosen.promise
    about = (visit.url, visit.journey.id, promise.code, kind, visit.now_ms // 300_000)
    groups = _groups(*about, promise, visit)
    if not groups:
        return
    t = visit.t
    heads = [el("th", {"scope": "col"}, t(f"groups.{name}")) for name in ("group", _first(promise), "mark", "gap", "voices")]
    rows = [_row(one, promise, names) for one in groups]
    table = el("table", "list", el("thead", None, el("tr", None, *heads)), el("tbody", None, *rows))
    caption = el("p", "cap", t(f"groups.caption_{promise.kind}"))
    sheet([el("h2", "section", finding(groups, promise, names)), caption, el("div", "scroll", table)], "promise-groups")


def finding(groups: tuple[OfSegment, ...], promise: Promise, names: Names) -> str:
    """The section's answer: which group it is kept least for, else which gives the lower mark, else that none differ."""
    t = names.t
    if promise.kind == "hard" and (by := widest(groups)):
        return t("groups.kept_least", **_named(by, names), low=t.percent(by.low.value), high=t.percent(by.high.value))
    if by := widest(groups, marks=True):
        asked = promise.kind == "hard" and any(one.verdict.n for one in groups)
        values = {"low": t.number(by.low.value), "high": t.number(by.high.value)}
        return t("groups.same_lower" if asked else "groups.lower", **_named(by, names), **values)
    return t("groups.same")


def _named(by: Between, names: Names) -> dict[str, str]:
    worst, best = names.segment(by.worst.segment), names.segment(by.best.segment)
    return {"worst": worst, "least": within(worst), "best": within(best)}


def _first(promise: Promise) -> str:
    return "kept" if promise.kind == "hard" else "verdict"


def _row(one: OfSegment, promise: Promise, names: Names) -> Node:
    t, name = names.t, names.segment(one.segment)
    mine = el("span", "small", f" {t('groups.made_to')}") if promise.segment == one.segment else None
    who = el("th", {"scope": "row"}, name, mine)
    href = link("voices", stage=promise.stage, channel=promise.channel, segment=one.segment)
    voices = el("td", None, el("a", {"href": href, "target": "_self"}, t("promises.read")))
    if one.private:
        return el("tr", None, who, el("td", {"colspan": "3", "class": "few"}, t("groups.private")), el("td"))
    return el("tr", None, who, el("td", None, _kept(one, promise, names)), *_mark(one, names), voices)


def _kept(one: OfSegment, promise: Promise, names: Names) -> Node:
    """The share kept with its interval and n; of a soft promise the verdict on the group's gap."""
    t, shown = names.t, one.verdict.shown
    if not one.verdict.n or not math.isfinite(shown.value):
        return el("span", "small", t("groups.not_measured"))
    shape = SHAPE[one.verdict.verdict]
    if promise.kind == "soft":
        return el("span", shape, glyph(shape), t(f"verdict.{one.verdict.verdict}"))
    under = f" {percent_span(t, shown.low, shown.high)} n {t.whole(one.verdict.n)} · {t(f'verdict.{one.verdict.verdict}')}"
    return el("span", shape, glyph(shape), el("b", None, t.percent(shown.value)), el("span", "small", under))


def _mark(one: OfSegment, names: Names) -> list[Node]:
    """The group's mark with interval and n, and its gap with what that group was made to expect."""
    t, mark = names.t, one.mark
    if not math.isfinite(mark.value):
        return [el("td", "few", t("few.title")), el("td")]
    under = f" [{span(t, mark.low, mark.high)}] n {t.whole(one.mark_n)}"
    marked = el("td", None, el("b", None, t.number(mark.value)), el("span", "small", under))
    if one.expected is None:
        return [marked, el("td", None, "–")]
    off = gap(mark, one.expected.interval)
    shape = gap_shape(off)
    return [marked, el("td", shape, glyph(shape), f"{t.signed(off.value)} {signed_span(t, off.low, off.high)}")]
