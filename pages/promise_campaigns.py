"""A campaign before, during and after on the promises page: did the gap open when it started, and what broke?"""

from __future__ import annotations

import math
from datetime import date

import streamlit as st

from config.language import Texts
from config.wording import mark_text, percent_span, signed_span, span
from metrics.evidence import TOO_FEW
from metrics.gap import gap_shape
from metrics.intervals import Interval
from pages import notes
from pages.address import filter
from pages.glyphs import glyph
from pages.sheet import Node, el, sheet
from pages.visit import Visit, opened
from reports.campaigns import Campaign, Phase, campaigns, change, demonstrable
from reports.names import Names
from store.engine import instant

PHASES = ("before", "during", "after")


@st.cache_data(ttl=300, max_entries=8, show_spinner=False)
def _campaigns(url: str, journey: str, minute: int, _visit: Visit) -> list[Campaign]:
    return campaigns(opened(url), _visit.journey, _visit.zone, _visit.now)


def draw(visit: Visit, names: Names) -> None:
    """Draw the section: one campaign in three columns, and the form that announces the next."""
    t, found = visit.t, _campaigns(visit.url, visit.journey.id, visit.now_ms // 300_000, visit)
    if not found:
        sheet([el("h2", "section", t("campaign.none")), el("p", "cap", t("campaign.none_next"))], "campaign")
        notes.form(visit)
        return
    place = st.container()
    choose, add, _ = st.columns([1.6, 1, 2], vertical_alignment="bottom")
    of = {str(one.note.id): one for one in found}
    with choose:
        picked = filter(
            st,
            "selectbox",
            t("campaign.choose"),
            list(of),
            key="campaign",
            default=_first(found),
            name=lambda id: _called(of[id], t),
        )
    with add:
        notes.form(visit)
    one = of[picked]
    with place:
        sheet([el("h2", "section", finding(one, visit)), el("p", "cap", what_happened(one, names, visit))], "campaign")
    sheet([_table(one, visit), el("p", "cap gap-top", t("campaign.how"))], "campaign-phases")


def finding(one: Campaign, visit: Visit) -> str:
    """The section's answer: what became of the expectation and of the experience, or when the campaign begins."""
    t, name = visit.t, _called(one, visit.t)
    if one.during is None or one.before is None:
        return t("campaign.to_come", name=name, day=t.short_day(_day(one.note.from_at, visit)))
    return t("campaign.title", name=name, expected=_expected(one.before, one.during, t), mark=_moved(one, t))


def what_happened(one: Campaign, names: Names, visit: Visit) -> str:
    """The rest in plain words: where and how long, the promises that broke, how much was asked, and what came after."""
    t = visit.t
    first, last = (_day(at, visit) for at in (one.note.from_at, (one.note.to_at or 0) - 1))
    where = names.stage(one.stage) if one.stage else t("campaign.whole")
    parts = [t("campaign.when", stage=where, first=t.short_day(first), last=t.short_day(last))]
    if one.during is None:
        return " ".join([*parts, t("campaign.stand")])
    if (by := change(one.before, one.during, "broken")) and one.before:
        key = ("more" if by.value > 0 else "fewer") if demonstrable(by) else "same"
        values = {"before": t.percent(one.before.broken.value), "during": t.percent(one.during.broken.value)}
        parts.append(t(f"campaign.broken_{key}", **values))
    if (by := change(one.before, one.during, "contacts")) and one.before and one.before.contacts.value:
        key = ("more" if by.value > 0 else "fewer") if demonstrable(by) else "same"
        parts.append(t(f"campaign.asked_{key}", by=t.percent(abs(by.value) / one.before.contacts.value)))
    if one.after is None:
        return " ".join([*parts, t("campaign.running")])
    if one.before and one.after.gap and one.before.gap:
        values = {"before": t.signed(one.before.gap.value), "after": t.signed(one.after.gap.value)}
        parts.append(t("campaign.afterwards", **values))
    return " ".join(parts)


def _first(found: list[Campaign]) -> str:
    """The newest one that has begun, else the next."""
    return str(next((one for one in found if one.during), found[-1]).note.id)


def _called(one: Campaign, t: Texts) -> str:
    return one.note.text(t.code)


def _expected(before: Phase, during: Phase, t: Texts) -> str:
    if before.expected is None or during.expected is None:
        return ""
    first, second = (t.number(phase.expected.value) for phase in (before, during) if phase.expected)
    if first == second:
        return t("campaign.expected_same", mark=first)
    rose = during.expected.value > before.expected.value
    return t("campaign.expected_rose" if rose else "campaign.expected_fell", first=first, second=second)


def _moved(one: Campaign, t: Texts) -> str:
    by = change(one.before, one.during, "mark")
    if by is None:
        return t("campaign.mark_few")
    if not demonstrable(by):
        return t("campaign.mark_same")
    return t("campaign.mark_rose" if by.value > 0 else "campaign.mark_fell", by=t.number(abs(by.value)))


def _table(one: Campaign, visit: Visit) -> Node:
    t = visit.t
    heads = [el("th", {"scope": "col"}, "")]
    heads += [el("th", {"scope": "col"}, t(f"campaign.{name}"), el("div", "small", _days(phase, t)))
              for name, phase in zip(PHASES, one.phases, strict=True)]  # fmt: skip
    cells = {"experience": _mark, "expected": _expectation, "gap": _gap, "contacts": _contacts, "broken": _broken}
    rows = []
    for name, cell in cells.items():
        own = [cell(phase, t) if phase else el("span", "few", "–") for phase in one.phases]
        title = el("th", {"scope": "row"}, t(f"campaign.row_{name}"))
        rows.append(el("tr", None, title, *[el("td", None, part) for part in own]))
    return el("div", "scroll", el("table", "list", el("thead", None, el("tr", None, *heads)), el("tbody", None, *rows)))


def _days(phase: Phase | None, t: Texts) -> str:
    if phase is None:
        return t("campaign.not_yet")
    return f"{t.short_day(phase.first)} – {t.short_day(phase.last)}"


def _mark(phase: Phase, t: Texts) -> Node:
    if phase.status == TOO_FEW:
        return el("span", "few", t("few.title"))
    under = f" [{span(t, phase.mark.low, phase.mark.high)}] n {t.whole(phase.n)}"
    return el("span", None, el("b", None, mark_text(t, phase.mark.value, phase.status)), el("span", "small", under))


def _expectation(phase: Phase, t: Texts) -> Node:
    if phase.expected is None:
        return el("span", "few", "–")
    shown = phase.expected.interval
    under = f" [{span(t, shown.low, shown.high)}]"
    return el("span", None, el("b", None, t.number(shown.value)), el("span", "small", under))


def _gap(phase: Phase, t: Texts) -> Node:
    if phase.gap is None:
        return el("span", "few", "–")
    shape = gap_shape(phase.gap)
    under = f" {signed_span(t, phase.gap.low, phase.gap.high)}"
    return el("span", shape, glyph(shape), el("b", None, t.signed(phase.gap.value)), el("span", "small", under))


def _contacts(phase: Phase, t: Texts) -> Node:
    shown: Interval = phase.contacts
    under = f" [{t.whole(shown.low)}–{t.whole(shown.high)}] n {t.whole(phase.asked)}"
    return el("span", None, el("b", None, t.whole(shown.value)), el("span", "small", under))


def _broken(phase: Phase, t: Texts) -> Node:
    shown: Interval = phase.broken
    if not math.isfinite(shown.value):
        return el("span", "few", t("campaign.nothing_promised"))
    under = f" {percent_span(t, shown.low, shown.high)} n {t.whole(phase.cases)}"
    return el("span", None, el("b", None, t.percent(shown.value)), el("span", "small", under))


def _day(at_ms: int, visit: Visit) -> date:
    return instant(at_ms).astimezone(visit.zone).date()
