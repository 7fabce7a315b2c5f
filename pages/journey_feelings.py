"""Frustration and delight on the journey page: how many are angry and how many glad, beside the mean that hides them."""

from __future__ import annotations

import streamlit as st

from config.wording import share_span
from metrics.evidence import INDICATIVE_N
from metrics.feelings import DELIGHTED, FRUSTRATED, Feelings
from metrics.intervals import Interval
from metrics.privacy import may_show
from pages.mark_range import shared
from pages.sheet import Node, el, hover, sheet
from pages.visit import Visit, link, opened
from reports.feelings import of_week
from reports.sentences import iso_week

# The filter of Voices by mood is wider than these two: it leaves nobody out who is counted here.
ENDS = {"frustrated": ("unhappy", "below"), "delighted": ("happy", "above")}


@st.cache_data(ttl=300, max_entries=32, show_spinner=False)
def _feelings(url: str, journey: str, stage: str, week: int, minute: int, _visit: Visit) -> Feelings:
    return of_week(opened(url), journey, stage, week, _visit.zone, _visit.now_ms)


def draw(stage: str, week: int, visit: Visit) -> None:
    """Draw the section; with too few who said anything, a line that says so."""
    t = visit.t
    found = _feelings(visit.url, visit.journey.id, stage, week, visit.now_ms // 300_000, visit)
    if not found.enough:
        said = t("feelings.few", n=t.whole(found.n), needed=INDICATIVE_N) if may_show(found.n) else t("feelings.hidden")
        sheet([el("h2", "section", t("feelings.few_title")), el("p", "cap", said)], "feelings")
        return
    bounds = {"low": t.number(FRUSTRATED, 2), "high": t.number(DELIGHTED, 2)}
    said = t("feelings.how", week=week % 100, mean=t.number(found.mean), n=t.whole(found.n))
    how = el("p", "cap", said, " ", hover(t("feelings.why", **bounds)))
    heads = [el("th", {"scope": "col"}, t(f"feelings.{name}")) for name in ("what", "share", "value", "read")]
    rows = [_row(name, getattr(found, name), stage, week, visit) for name in ENDS]
    table = el("table", "list marks", el("thead", None, el("tr", None, *heads)), el("tbody", None, *rows))
    sheet([el("h2", "section", finding(found, visit)), how, el("div", "scroll", table)], "feelings")


def finding(found: Feelings, visit: Visit) -> str:
    """The section's answer: the mean and what it hides, or which of the two there is surely more of."""
    t = visit.t
    shares = {"low": t.percent(found.frustrated.value), "high": t.percent(found.delighted.value)}
    return t(f"feelings.title_{found.kind}", mean=t.number(found.mean), **shares)


def _row(name: str, shown: Interval, stage: str, week: int, visit: Visit) -> Node:
    t, (mood, shape) = visit.t, ENDS[name]
    words = share_span(t, shown.value, shown.low, shown.high)
    href = link("voices", stage=stage, mood=mood, week=iso_week(week))
    drawn = el("td", "drawn", shared(shown, shape, words, 220))
    read = el("td", None, el("a", {"href": href, "target": "_self"}, t(f"feelings.{mood}")))
    return el("tr", None, el("th", {"scope": "row"}, t(f"feelings.{name}")), drawn, el("td", None, el("b", None, words)), read)
