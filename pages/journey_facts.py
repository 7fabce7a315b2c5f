"""What customers met on their way through a stage: every wait and share per channel, behind a heading that says the worst."""

from __future__ import annotations

import math

import streamlit as st

from config.wording import duration, share_span
from metrics.registry import metric as metric_of
from pages.sheet import Node, el, sheet
from pages.visit import Visit
from pages.voice_link import to_voices
from reports.names import Names
from reports.stage import Depth, Fact

COLUMNS = ("fact", "channel", "value", "n")


def draw(found: Depth, visit: Visit, names: Names) -> None:
    """Draw the section; nothing when no source tells of waits or outcomes."""
    t = visit.t
    if not found.facts:
        return
    head = el("tr", None, *[el("th", {"scope": "col"}, t(f"journey.column_{name}")) for name in COLUMNS])
    rows = [_row(fact, found.stage, visit, names) for fact in found.facts]
    with st.expander(t("journey.facts_all", count=len(rows))):
        table = el("table", "list", el("thead", None, head), el("tbody", None, *rows))
        sheet([el("p", "cap", t("journey.facts_how")), el("div", "scroll", table)], "facts")


def fact_text(fact: Fact, visit: Visit) -> str:
    """A figure in words: a share with its interval, or the median wait with the time within which nine in ten were done."""
    t = visit.t
    if metric_of(fact.metric).kind == "share":
        return share_span(t, fact.shown.value, fact.shown.low, fact.shown.high)
    if not math.isfinite(fact.shown.value):
        return t("journey.not_reached")
    upper = duration(t, fact.upper) if math.isfinite(fact.upper) else t("journey.not_reached")
    return t("journey.half_within", half=duration(t, fact.shown.value), most=upper)


def _row(fact: Fact, stage: str, visit: Visit, names: Names) -> Node:
    t = visit.t
    figure = to_voices(fact_text(fact, visit), visit, stage=stage, channel=fact.channel)
    cells = (metric_of(fact.metric).name(t.code), names.channel(fact.channel), figure, t.whole(fact.n))
    return el("tr", None, *[el("td", None, cell) for cell in cells])
