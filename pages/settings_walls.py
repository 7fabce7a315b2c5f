"""The screens on the wall, on the settings page: what each shows, in words, and the form that changes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from config.settings import settings
from pages.acting import act, ask_name
from pages.rights import change_wall, confirm, revoke, screens, set_house_quotes
from pages.settings_playlist import PRESETS, address, edited, is_standard, told
from pages.sheet import Node, el, sheet
from pages.visit import Visit, freshness, utc_now_ms
from store.people.facts import facts
from store.people.walls import FARTHEST_M, NEAREST_M, QUOTES, SCREEN_QUOTES, Screen, house_quotes

LANGUAGES = ("", "nl", "en")
AS_IT_IS = "stored"
OPEN = "screen_in_form"


def draw(visit: Visit) -> None:
    """Draw the section."""
    t = visit.t
    known = [screen for screen in screens(visit.store) if screen.allowed]
    title = (
        t("settings.walls_count", count=t.whole(len(known)))
        if len(known) > 1
        else t(f"settings.walls_{'one' if known else 'none'}")
    )
    sheet([el("h2", "section", title), el("p", "cap", t("settings.walls_how"))], "walls")
    for screen in known:
        _screen(screen, visit)
    with st.expander(t("settings.enrol_open"), expanded=not known):
        _enrol(visit)
    _house(visit)


def _screen(screen: Screen, visit: Visit) -> None:
    t = visit.t
    with st.container(border=True):
        words, change = st.columns([5, 1], vertical_alignment="top")
        with words:
            lines = [el("li", None, line) for line in told(screen.playlist, t)]
            name = el("p", "flush", el("b", None, screen.name), " ", el("span", "small", _about(screen, visit)))
            sheet([name, el("ol", "small", *lines)], f"wall-{screen.id}")
        shown = st.session_state.get(OPEN) == screen.id
        label = t("settings.wall_close" if shown else "settings.wall_change")
        change.button(label, key=f"change-{screen.id}", width="stretch", on_click=_turn, args=(0 if shown else screen.id,))
        if shown:
            _form(screen, visit)


def _house(visit: Visit) -> None:
    """Whether walls quote customers at all: the rule of the house, which a screen may only make more careful."""
    t, chosen = visit.t, settings().wall.quotes
    now = house_quotes(chosen, facts(visit.store))
    sheet([el("h2", "section", t(f"settings.quotes_are_{now}")), el("p", "cap", t("settings.quotes_how"))], "quotes")
    if chosen:
        sheet([el("p", "small", t("settings.quotes_fixed", value=chosen))], "quotes-fixed")
        return
    with st.form("quotes", border=False):
        picked = st.radio(
            t("settings.quotes_rule"), QUOTES, index=QUOTES.index(now), format_func=lambda rule: t(f"settings.quotes_{rule}")
        )
        who = ask_name(visit, "quotes")
        if st.form_submit_button(t("settings.quotes_save")):
            about = (visit.store, picked, who, utc_now_ms())
            act(visit, "settings", who, lambda: set_house_quotes(*about), t("settings.quotes_saved"))


def _turn(id: int) -> None:
    st.session_state[OPEN] = id


def _about(screen: Screen, visit: Visit) -> str:
    t = visit.t
    seen = t("settings.wall_seen", when=freshness(screen.seen_at, visit)) if screen.seen_at else t("settings.wall_unseen")
    hangs = [_language(screen.language, visit), _metres(screen.distance_m, visit)]
    hangs += [t(f"settings.quotes_short_{screen.quotes}")] if screen.quotes else []
    return " · ".join((*hangs, t("settings.wall_line", who=screen.confirmed_by), seen))


def _form(screen: Screen, visit: Visit) -> None:
    """The form of one screen: a playlist to begin with, the table, what else is set per screen, and taking its right away."""
    t = visit.t
    preset = st.selectbox(
        t("settings.wall_preset"),
        (AS_IT_IS, *PRESETS),
        format_func=lambda name: t(f"playlist.preset_{name}"),
        key=f"preset-{screen.id}",
        width=420,
    )
    begun = PRESETS.get(preset, list(screen.playlist))
    with st.form(f"wall-{screen.id}", border=False):
        playlist = edited(begun, f"slides-{screen.id}-{preset}", t)
        st.caption(t("playlist.how"))
        first, second, third, fourth = st.columns([1.5, 1, 1, 1.5])
        name = first.text_input(t("settings.wall_name"), screen.name, max_chars=60)
        language, metres = _hung(second, third, visit, screen)
        quotes = fourth.selectbox(
            t("settings.quotes_here"),
            SCREEN_QUOTES,
            index=SCREEN_QUOTES.index(screen.quotes) if screen.quotes in SCREEN_QUOTES else 0,
            format_func=lambda rule: t(f"settings.quotes_{rule or 'house'}"),
            help=t("settings.quotes_here_help"),
        )
        who = ask_name(visit, f"wall-{screen.id}")
        save, away, look = st.columns([1.4, 1.4, 3], vertical_alignment="center")
        saved = save.form_submit_button(t("settings.wall_save"), type="primary", width="stretch")
        taken = away.form_submit_button(t("settings.revoke"), width="stretch")
        with look:
            sheet([el("p", "flush", _preview(screen, visit))], f"look-{screen.id}")
    if saved:
        kept = None if is_standard(playlist) else playlist
        _save(screen, visit, who, {"name": name, "language": language, "distance_m": metres, "quotes": quotes, "playlist": kept})
    if taken:
        about = (visit.store, screen.id, who, utc_now_ms())
        act(visit, "settings", who, lambda: revoke(*about), t("settings.revoked"))


def _save(screen: Screen, visit: Visit, who: str, values: Mapping[str, Any]) -> None:
    def done(_: Screen) -> str:
        _turn(0)
        return visit.t("settings.wall_changed", name=values["name"])

    about = (visit.store, screen.id, who, utc_now_ms())
    act(visit, "settings", who, lambda: change_wall(*about, **values), done)


def _hung(spoken: Any, far: Any, visit: Visit, screen: Screen | None = None) -> tuple[str, float]:
    """The language and the distance (m) at which a screen hangs."""
    t = visit.t
    at = LANGUAGES.index(screen.language) if screen and screen.language in LANGUAGES else 0
    language = spoken.selectbox(t("settings.wall_language"), LANGUAGES, index=at, format_func=lambda c: _language(c, visit))
    now = screen.distance_m if screen else settings().wall.distance_m
    choice = sorted({now, *(half / 2 for half in range(round(2 * NEAREST_M), round(2 * FARTHEST_M) + 1))})
    label, about = t("settings.distance"), t("settings.distance_help")
    metres = far.selectbox(label, choice, index=choice.index(now), format_func=lambda m: _metres(m, visit), help=about)
    return language or "", metres or now


def _enrol(visit: Visit) -> None:
    t = visit.t
    with st.form("enrol", clear_on_submit=True, border=False):
        code, name, language, distance = st.columns([1, 2, 1, 1])
        typed = code.text_input(t("settings.code"), max_chars=12)
        called = name.text_input(t("settings.wall_name"), max_chars=60)
        spoken, metres = _hung(language, distance, visit)
        who = ask_name(visit, "enrol")
        if st.form_submit_button(t("settings.enrol"), type="primary"):
            about = (visit.store, typed, who, called, utc_now_ms())
            values = {"language": spoken, "distance_m": metres}
            act(visit, "settings", who, lambda: confirm(*about, **values), t("settings.enrolled"))


def _preview(screen: Screen, visit: Visit) -> Node:
    asked = {"slides": address(screen.playlist), "distance": f"{screen.distance_m:g}", "lang": screen.language or visit.t.code}
    href = "/wall?" + urlencode(asked, safe=":,")
    return el("a", {"href": href, "target": "_blank"}, visit.t("settings.wall_look"))


def _language(code: str, visit: Visit) -> str:
    return visit.t(f"settings.language_{code or 'both'}")


def _metres(value: float, visit: Visit) -> str:
    return f"{visit.t.number(value, 0 if value.is_integer() else 1)} m"
