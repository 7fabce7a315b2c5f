"""The first run and the way in: what is set up, what comes next, and the three main screens with their answer of now."""

from __future__ import annotations

import math
import os

import streamlit as st

from config.active import REAL
from config.settings import settings
from config.wording import span
from metrics.verdict import BROKEN, UNPROVEN
from pages import journey_choice, switching
from pages.glyphs import glyph
from pages.promises import standing_now
from pages.rights import choose_store
from pages.sheet import Node, el, sheet
from pages.visit import Visit, begin, link, opened
from reports.names import Names
from reports.sentences import headline
from reports.week import Edition, default_week, edition
from store.people.facts import facts
from store.people.promises import IMPORT, register
from store.people.walls import hung
from store.reads.sources import read_sources


def show() -> None:
    """Draw the page."""
    visit = begin("home", needs_data=False)
    t, names = visit.t, Names(visit.t, visit.journey)
    if words := st.session_state.pop("said", ""):
        st.success(words)
    told = _edition(visit)
    sheet([el("h1", None, headline(told, names) if told else t("home.welcome")), el("p", "cap", t("home.what"))], "welcome")
    sheet([el("div", "ways", *_ways(told, visit))], "ways")
    known = facts(visit.store)
    steps = _steps(known, visit)
    done = sum(finished for finished, *_ in steps)
    sheet(
        [el("h2", None, t("home.steps", done=done, total=len(steps))), el("ul", "steps", *[_step(*step) for step in steps])],
        "steps",
    )
    if visit.demo:
        _leave_demo(visit)
    elif visit.person.may("manager") and not known.get("journey"):
        journey_choice.draw(visit)


def _edition(visit: Visit) -> Edition | None:
    week = None if visit.empty else default_week(visit.store, visit.journey.id, visit.now)
    return _read(visit.url, visit.journey.id, week, visit.now_ms // 60_000, visit) if week else None


@st.cache_data(ttl=60, max_entries=8, show_spinner=False)
def _read(url: str, journey: str, week: int, minute: int, _visit: Visit) -> Edition:
    return edition(opened(url), _visit.journey, week, _visit.zone, _visit.now)


def _ways(told: Edition | None, visit: Visit) -> list[Node]:
    t = visit.t
    week = told.week if told else None
    mark: Node | None = None
    if week and math.isfinite(week.now.value):
        shape = glyph(week.shape, 18) if week.shape else None
        mark = el("p", None, shape, el("span", "big", t.number(week.now.value)), f" [{span(t, week.now.low, week.now.high)}]")
    hanging = hung(visit.store)
    screens = el("p", None, el("span", "big", t.whole(hanging)), " " + t("home.screens_one" if hanging == 1 else "home.screens"))
    return [
        _way(link("wall"), t("nav.wall"), t("home.wall"), screens),
        _way(link("week"), t("nav.week"), t("home.week"), mark),
        _way(link("promises"), t("nav.promises"), t("home.promises"), _kept(visit)),
    ]


def _kept(visit: Visit) -> Node:
    """How many promises are broken, of how many in force; before the first verdict only how many there are."""
    t, found = visit.t, standing_now(visit)
    total, broken = t.whole(len(found.rows)), found.count(BROKEN)
    if len(found.rows) == found.count(UNPROVEN):
        return el("p", None, el("span", "big", total), " " + t("home.promises_now"))
    shape = glyph("below" if broken else "on", 18)
    return el("p", None, shape, el("span", "big", t.whole(broken)), " " + t("home.promises_broken", total=total))


def _way(href: str, title: str, what: str, figure: Node | None) -> Node:
    return el("a", {"class": "way", "href": href, "target": "_self"}, el("b", None, title), figure, el("p", "cap", what))


def _steps(known: dict[str, str], visit: Visit) -> list[tuple[bool, str, str, str]]:
    """The checklist: whether it is done, what, why, and where to do it. Each state is read from the store."""
    t = visit.t
    sources = [source for source in read_sources(visit.store) if source.stored]
    mine = [v for v in register(visit.store, visit.journey.id) if v.made_by != IMPORT]
    approved = [v for v in mine if v.state == "approved"]
    own = not visit.demo
    return [
        (not visit.empty, t("home.step_look"), t("home.step_look_why"), link("week")),
        (own, t("home.step_own"), t("home.step_own_why"), ""),
        (own and bool(known.get("journey")), t("home.step_journey"), t("home.step_journey_why"), ""),
        (own and bool(sources), t("home.step_source"), t("home.step_source_why"), link("sources")),
        (own and bool(approved), t("home.step_promise"), t("home.step_promise_why"), link("promises")),
        (known.get("walls", "") == "1", t("home.step_wall"), _wall_how(visit), link("settings")),
    ]


def _wall_how(visit: Visit) -> str:
    """What to open on the screen's own browser, where its code is confirmed, and what has to be set before it can reach us."""
    web = settings().web
    how = visit.t("home.step_wall_why", port=web.port)
    return f"{how} {visit.t('home.step_wall_shut')}" if web.host in ("127.0.0.1", "localhost", "::1") else how


def _step(done: bool, what: str, why: str, href: str) -> Node:
    title = el("a", {"href": href, "target": "_self"}, what) if href else what
    tick = el("span", {"class": "tick", "aria-hidden": "true"}, "✓" if done else "")
    return el("li", "done" if done else "", tick, el("div", None, el("b", None, title), el("p", "cap", why)))


def _leave_demo(visit: Visit) -> None:
    """One click opens the company's own store; the supervisor restarts both processes on it."""
    t = visit.t
    sheet([el("h2", None, t("home.leave")), el("p", "cap", t("home.leave_why"))], "leave")
    if not visit.person.may("manager"):
        return
    if st.button(t("home.leave_button"), type="primary"):
        choose_store(os.environ.get("KLANTBLIK_REAL_STORE", REAL))
        st.success(t("home.left"))
        switching.draw(t("home.left"), home=True)
