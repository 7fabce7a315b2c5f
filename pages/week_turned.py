"""Before and after a promise changed, on the week page: did the experience follow, or only the expectation?"""

from __future__ import annotations

import streamlit as st

from config.wording import mark_text, signed_span, span
from metrics.evidence import TOO_FEW
from metrics.weekly import Week
from metrics.weeks import monday, shifted
from pages.sheet import Node, el, sheet
from pages.visit import Visit, link, opened
from reports.names import Names
from reports.turned import Side, Turn, turns

COLUMNS = ("promise", "expected", "experience", "gap", "change")


@st.cache_data(ttl=300, max_entries=16, show_spinner=False)
def _turns(url: str, journey: str, week: int, hour: int, _visit: Visit) -> list[Turn]:
    end = monday(shifted(week, 1))
    then = _visit.now.replace(year=end.year, month=end.month, day=end.day, hour=0, minute=0, second=0, microsecond=0)
    return turns(opened(url), _visit.journey, _visit.zone, min(then, _visit.now))


def draw(week: Week, visit: Visit, names: Names) -> None:
    """Draw the section; nothing when no promise changed in the twelve weeks before."""
    found = _turns(visit.url, visit.journey.id, week.week, visit.now_ms // 3_600_000, visit)
    if not found:
        return
    t = visit.t
    heads = [el("th", {"scope": "col"}, t(f"turned.{name}")) for name in COLUMNS]
    rows = el("tbody", None, *[_row(one, names) for one in found])
    table = el("table", "list stacks", el("thead", None, el("tr", None, *heads)), rows)
    caption = el("p", "cap", t("turned.caption"))
    sheet([el("h2", "section", finding(found[0], names)), caption, el("div", "scroll", table)], "turned")


def finding(one: Turn, names: Names) -> str:
    """The newest change in one sentence: which promise, when, and whether the experience moved with it."""
    t = names.t
    values = {"promise": one.promise.text(t.code), "day": t.short_day(one.day), "stage": names.stage(one.promise.stage)}
    if one.change is None:
        return t("turned.too_few", **values)
    if not one.demonstrable:
        return t("turned.same", **values)
    return t("turned.rose" if one.change.value > 0 else "turned.fell", by=t.number(abs(one.change.value)), **values)


def _row(one: Turn, names: Names) -> Node:
    t, promise = names.t, one.promise
    code = el("a", {"href": link("promises", promise=promise.code, period="days"), "target": "_self"}, promise.code)
    since = t("turned.since", day=t.short_day(one.day), weeks=t.whole(one.weeks), stage=names.stage(promise.stage))
    said = el("td", None, el("b", None, code, f" {promise.text(t.code)}"), el("div", "small", since))
    expected = " → ".join(t.number(s.expected.value) if s.expected else "–" for s in (one.before, one.after))
    marks = _arrow(_mark(one.before, names), _mark(one.after, names))
    gaps = " → ".join(t.signed(s.gap.value) if s.gap else "–" for s in (one.before, one.after))
    told: list[list[Node]] = [[expected], marks, [gaps], [_change(one, names)]]
    labelled = zip(COLUMNS[1:], told, strict=True)  # a phone has no room for the head: there each cell says what it is
    return el("tr", None, said, *[el("td", {"data-label": t(f"turned.{name}")}, *nodes) for name, nodes in labelled])


def _arrow(first: Node, second: Node) -> list[Node]:
    return [first, " → ", second]


def _mark(side: Side, names: Names) -> Node:
    t = names.t
    if side.status == TOO_FEW:
        return el("span", "few", t("few.title"))
    under = f" [{span(t, side.mark.low, side.mark.high)}] n {t.whole(side.n)}"
    return el("span", None, el("b", None, mark_text(t, side.mark.value, side.status)), el("span", "small", under))


def _change(one: Turn, names: Names) -> str:
    t = names.t
    if one.change is None:
        return t("few.title")
    shown = f"{t.signed(one.change.value)} {signed_span(t, one.change.low, one.change.high)}"
    return shown if one.demonstrable else f"{t('turned.no_difference')} {signed_span(t, one.change.low, one.change.high)}"
