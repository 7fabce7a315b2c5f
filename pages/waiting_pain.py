"""Waiting pain on the journey page: who waited longer than was promised, on which channel, and how long the last tenth waits."""

from __future__ import annotations

import math

import streamlit as st

from config.wording import duration, share_span
from metrics.registry import metric
from pages.mark_range import shared
from pages.sheet import Node, el, sheet
from pages.visit import Visit, opened
from pages.voice_link import to_voices
from reports.names import Names
from reports.stage import Depth
from reports.waiting import Pain, pains
from store.people.promises import active_promises


@st.cache_data(ttl=300, max_entries=32, show_spinner=False)
def _pains(url: str, journey: str, stage: str, minute: int, _found: Depth, _visit: Visit) -> list[Pain]:
    promises = active_promises(opened(url), journey, _visit.now_ms)
    return pains(opened(url), journey, stage, _found.facts, promises, _visit.now)


def draw(found: Depth, visit: Visit, names: Names) -> None:
    """Draw the section; nothing when nobody waits in this stage."""
    t = visit.t
    shown = _pains(visit.url, visit.journey.id, found.stage, visit.now_ms // 300_000, found, visit)
    if not shown:
        return
    worst = shown[0]
    title = t("pain.title" if worst.promised else "pain.title_norm", share=t.percent(worst.longer.value))
    where = f" ({names.channel(worst.channel).lower()})"
    heads = [t("journey.column_fact"), t("pain.bar"), t("pain.share"), t("pain.longer"), t("pain.tenth")]
    head = el("thead", None, el("tr", None, *[el("th", {"scope": "col"}, name) for name in heads]))
    table = el("table", "list marks", head, el("tbody", None, *[_row(pain, found.stage, visit, names) for pain in shown]))
    sheet([el("h2", "section", title + where), el("p", "cap", t("pain.how")), el("div", "scroll", table)], "pain")


def _row(pain: Pain, stage: str, visit: Visit, names: Names) -> Node:
    t = visit.t
    bar = f"{duration(t, pain.bar)} ({t('pain.promised' if pain.promised else 'pain.norm')})"
    longer = share_span(t, pain.longer.value, pain.longer.low, pain.longer.high)
    tenth = duration(t, pain.tenth) if math.isfinite(pain.tenth) else t("journey.not_reached")
    head = el("th", {"scope": "row"}, metric(pain.metric).name(t.code), el("div", "small", names.channel(pain.channel)))
    drawn = shared(pain.longer, "below" if pain.promised else "", longer, 220)
    said = el(
        "td",
        None,
        el("b", None, to_voices(longer, visit, stage=stage, channel=pain.channel)),
        el("div", "small", f"n {t.whole(pain.n)}"),
    )
    return el("tr", None, head, el("td", None, bar), el("td", "drawn", drawn), said, el("td", None, tenth))
