"""Demand while closed on the journey page: the hours of the week, and per channel who came when nobody answered it."""

from __future__ import annotations

from datetime import time

import streamlit as st

from config.hours import Hours
from config.language import Texts
from config.wording import span
from pages.demand_map import heat
from pages.sheet import Node, el, sheet
from pages.visit import Visit, opened
from reports.demand import Missed, OfChannel, missed_demand
from reports.names import Names

SHOWN = 3


@st.cache_data(ttl=300, max_entries=32, show_spinner=False)
def _missed(url: str, journey: str, stage: str, hour: int, _visit: Visit) -> Missed | None:
    return missed_demand(opened(url), _visit.journey, stage, _visit.zone, _visit.now)


def draw(stage: str, visit: Visit, names: Names) -> bool:
    """Draw the section; false where no channel of the journey has hours, or hardly anybody asks anything in this stage."""
    found = _missed(visit.url, visit.journey.id, stage, visit.now_ms // 3_600_000, visit)
    if found is None or found.wanted < 1:
        return False
    t = visit.t
    sheet([el("h2", "section", finding(found, names)), el("p", "cap", caption(found, t))], "missed")
    heat(found.per_week, found.is_open, t, found.rival)
    sheet([_table(found, names), *_advice(found, names)], "missed-by-channel")
    return True


def finding(found: Missed, names: Names) -> str:
    """The section's answer: which share finds nobody, how many customers a week, and on which channel most of them."""
    t = names.t
    if found.missed < 0.05:
        return t("missed.none")
    worst = max(found.channels, key=lambda one: one.missed.value)
    values = {"share": t.percent(found.missed / found.wanted), "n": _few(found.missed, t)}
    return t("missed.title", **values, channel=names.channel(worst.channel), most=_few(worst.missed.value, t))


def caption(found: Missed, t: Texts) -> str:
    """How the map reads, and what competitors would have caught."""
    how = t("missed.how")
    if found.rival is None:
        return how
    return f"{how} {t('missed.rival', n=_few(found.to_rival, t), missed=_few(found.missed, t))}"


def hours_text(hours: Hours, t: Texts) -> str:
    """Hours as people write them: the days that are alike together, closed days left out.

    >>> from config.hours import parse_hours
    >>> from config.language import texts
    >>> hours_text(parse_hours("mon-fri 08:00-18:00, sat 09:00-17:30", "hours"), texts("nl"))
    'ma–vr 8.00–18.00, za 9.00–17.30'
    """
    out: list[tuple[int, int]] = []
    for day in sorted(hours.days):
        if out and out[-1][1] == day - 1 and hours.days[out[-1][0]] == hours.days[day]:
            out[-1] = (out[-1][0], day)
        else:
            out.append((day, day))
    return ", ".join(f"{_days(first, last, t)} {'–'.join(_clock(at, t) for at in hours.days[first])}" for first, last in out)


def _days(first: int, last: int, t: Texts) -> str:
    named = [t(f"day.{day + 1}")[: 2 if t.code == "nl" else 3] for day in (first, last)]
    return named[0] if first == last else "–".join(named)


def _clock(at: time, t: Texts) -> str:
    return f"{at.hour}{'.' if t.code == 'nl' else ':'}{at.minute:02d}"


def _few(n: float, t: Texts) -> str:
    return t.whole(n) if n >= 9.5 else t.number(n)


def _table(found: Missed, names: Names) -> Node:
    t = names.t
    heads = [el("th", {"scope": "col"}, t(f"missed.{name}")) for name in ("channel", "hours", "wanted", "closed", "part")]
    rows = [_row(one, names) for one in sorted(found.channels, key=lambda one: -one.missed.value)]
    return el("div", "scroll", el("table", "list", el("thead", None, el("tr", None, *heads)), el("tbody", None, *rows)))


def _row(one: OfChannel, names: Names) -> Node:
    t = names.t
    missed = el("span", None, el("b", None, _few(one.missed.value, t)), el("span", "small", f" [{_ends(one, t)}]"))
    part = t.percent(one.missed.value / one.wanted)
    cells = (names.channel(one.channel), hours_text(one.hours, t), f"{_few(one.wanted, t)} (n {t.whole(one.n)})", missed, part)
    return el("tr", None, *[el("td", None, cell) for cell in cells])


def _ends(one: OfChannel, t: Texts) -> str:
    return span(t, one.missed.low, one.missed.high)


def _advice(found: Missed, names: Names) -> list[Node]:
    """The closed hours that surely miss a customer a week or more, most first."""
    t = names.t
    worth = [(hour.missed.value, one.channel, hour) for one in found.channels for hour in one.closed if hour.advise]
    worth = sorted(worth, key=lambda row: (-row[0], row[1], row[2].day, row[2].hour))[:SHOWN]
    items = []
    for n, channel, hour in worth:
        values = {"day": t(f"day.{hour.day + 1}"), "hour": hour.hour, "until": hour.hour + 1, "n": t.number(n)}
        items.append(el("li", None, t("missed.hour", channel=names.channel(channel), **values)))
    return [el("p", "cap gap-top", t("missed.worth")), el("ul", None, *items)] if items else []
