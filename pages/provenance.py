"""Beside the coverage map: per stage, which part of what we know comes from customers and which from employees."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from config.language import Texts
from metrics.privacy import may_show
from pages.sheet import Node, el, sheet
from pages.visit import Visit, opened
from reports.names import Names
from reports.provenance import Evidence, evidence_by_stage, whole


@st.cache_data(ttl=3600, max_entries=8, show_spinner=False)
def _evidence(url: str, journey: str, hour: int, _visit: Visit) -> dict[str, Evidence]:
    return evidence_by_stage(opened(url), _visit.journey, _visit.now)


def draw(visit: Visit, names: Names) -> None:
    """Draw the section; a line when only customers spoke, nothing when nobody did."""
    t, found = visit.t, _evidence(visit.url, visit.journey.id, visit.now_ms // 3_600_000, visit)
    total = whole(found)
    if not total.employees:
        if total.customers:
            sheet([el("p", "cap", t("provenance.all"))], "provenance")
        return
    nodes = [el("h2", "section", finding(found, names)), el("p", "cap", t("provenance.how")), _table(found, names)]
    sheet(nodes, "provenance")


def finding(found: Mapping[str, Evidence], names: Names) -> str:
    """The section's answer: the stages that only employees speak of, else which part of all we know comes from customers."""
    t, total = names.t, whole(found)
    inside = [names.stage(stage) for stage, one in found.items() if one.employees and not one.customers]
    if inside:
        return t("provenance.inside", stages=", ".join(inside))
    return t("provenance.title", share=_part(total.share or 0.0, t), n=t.whole(total.employees))


def _table(found: Mapping[str, Evidence], names: Names) -> Node:
    t = names.t
    heads = [el("th", {"scope": "col"}, t(f"provenance.{name}")) for name in ("stage", "customers", "employees", "share")]
    rows = [_row(stage, one, names) for stage, one in found.items()]
    return el("div", "scroll", el("table", "list", el("thead", None, el("tr", None, *heads)), el("tbody", None, *rows)))


def _row(stage: str, one: Evidence, names: Names) -> Node:
    t, shown = names.t, not one.customers or may_show(one.customers)
    customers = t.whole(one.customers) if shown else t("provenance.few")
    share = "–" if one.share is None or not shown else _part(one.share, t)
    return el(
        "tr",
        None,
        el("th", {"scope": "row"}, names.stage(stage)),
        *[el("td", None, cell) for cell in (customers, t.whole(one.employees), share)],
    )


def _part(share: float, t: Texts) -> str:
    """A share in per cent that says 100% only when it is all of it."""
    return t("provenance.nearly") if 0.995 <= share < 1 else t.percent(share)
