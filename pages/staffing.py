"""Staff needed by hour on the journey page: the roster per hour of the week, and in words what it assumes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.opening import answered_hours
from pages.sheet import Node, el, sheet
from pages.visit import Visit, opened
from reports.staffing import Assumed, asked_per_hour, roster


@st.cache_data(ttl=600, max_entries=8, show_spinner=False)
def _asked(url: str, journey: str, hour: int, _visit: Visit) -> np.ndarray:
    return asked_per_hour(opened(url), journey, _visit.zone, _visit.now)


def draw(visit: Visit) -> None:
    """Draw the section; nothing when nobody phones or chats."""
    t, asked = visit.t, _asked(visit.url, visit.journey.id, visit.now_ms // 3_600_000, visit)
    if not asked.any():
        return
    place = st.container()
    table = st.expander(t("staff.table"))
    with table:
        below = st.container()
        assumed = _assumed(visit)
    people = roster(asked, assumed)
    day, hour = (int(i) for i in np.unravel_index(people.argmax(), people.shape))
    title = t("staff.title", most=t.whole(int(people.max())), day=t(f"day.{day + 1}"), hour=hour)
    how = t("staff.how", share=t.percent(assumed.share), seconds=t.whole(assumed.target))
    said = {"handling": t.number(assumed.handling / 60), "shrinkage": t.percent(assumed.shrinkage)}
    with place:
        sheet([el("h2", "section", title), el("p", "cap", how), el("p", "cap", t("staff.assumed", **said))], "staff")
    with below:
        sheet([_table(people, visit)], "staff-table")


def _assumed(visit: Visit) -> Assumed:
    """What the reader assumes of the work; it changes this table only."""
    t, usual = visit.t, Assumed()
    first, second, third, fourth = st.columns(4)
    minutes = first.number_input(t("staff.handling"), 0.5, 120.0, usual.handling / 60, step=0.5, key="staff-handling")
    share = second.number_input(t("staff.share"), 10.0, 99.0, 100 * usual.share, step=5.0, key="staff-share")
    seconds = third.number_input(t("staff.seconds"), 1.0, 3600.0, usual.target, step=5.0, key="staff-seconds")
    away = fourth.number_input(t("staff.shrinkage"), 0.0, 80.0, 100 * usual.shrinkage, step=5.0, key="staff-shrinkage")
    return Assumed(60 * minutes, share / 100, seconds, away / 100)


def _table(people: np.ndarray, visit: Visit) -> Node:
    t, is_open = visit.t, answered_hours(visit.journey)
    head = el(
        "tr", None, el("th", {"scope": "col"}, ""), *[el("th", {"scope": "col", "class": "num"}, str(h)) for h in range(24)]
    )
    rows = []
    for day in range(7):
        cells = [_hour(int(people[day, hour]), bool(is_open[day, hour]), visit) for hour in range(24)]
        rows.append(el("tr", None, el("th", {"scope": "row"}, t(f"day.{day + 1}")), *cells))
    return el("div", "scroll", el("table", "list", el("thead", None, head), el("tbody", None, *rows)))


def _hour(people: int, is_open: bool, visit: Visit) -> Node:
    words = visit.t.whole(people) if people else "–"
    if is_open:
        return el("td", "num", words)
    return el("td", {"class": "num hatched", "title": visit.t("staff.closed")}, words)
