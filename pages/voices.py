"""Voices: what customers said, masked, a page at a time, and what a person can correct in it."""

from __future__ import annotations

import streamlit as st

from metrics.weeks import shifted, start_ms, week_of
from pages.address import asked, filter
from pages.sheet import Node, el, sheet
from pages.visit import Visit, begin, refreshed
from pages.voice_forms import correct, learn
from reports.names import Names
from reports.sentences import capital, iso_week
from store.engine import instant
from store.reads.voices import PAGE, Voice, VoicePage, Wanted, count_voices, read_voice, read_voices

MOODS = {"": (None, None), "unhappy": (1.0, 5.49), "between": (5.5, 7.49), "happy": (7.5, 10.0)}
CHANNELS = ("social", "review", "chat", "phone", "email", "app", "web", "store", "survey")
AT_MOST = 1000
UNPLACED = "-"


def show() -> None:
    """Draw the page."""
    visit = begin("voices", "manager", "marketing", "privacy")
    names = Names(visit.t, visit.journey)
    title = st.container()
    wanted = _wanted(visit, names)
    found = read_voices(visit.store, wanted, _after())
    count = count_voices(visit.store, wanted, AT_MOST)
    with title:
        _title(count, wanted, visit, names)
    if not found.voices:
        sheet([el("p", "cap", visit.t("voices.nothing"))], "nothing")
    chosen = sheet([_voice(voice, visit, names) for voice in found.voices], "list")
    if chosen and visit.person.may("manager", "privacy"):
        voice = read_voice(visit.store, visit.journey.id, int(chosen))
        if voice:
            correct(visit, names, voice)
    _turn(found, visit)
    learn(visit)
    newest, sources = refreshed(visit)
    sheet([el("p", "foot", visit.t("voices.foot", time=newest, sources=sources))], "foot")


def _wanted(visit: Visit, names: Names) -> Wanted:
    """The filters, drawn, as what to read."""
    t = visit.t
    columns = st.columns([1, 1, 1, 1, 1.2], vertical_alignment="bottom")
    stages = ["", *[stage.id for stage in visit.journey.stages], UNPLACED]
    themes = ["", *[theme.id for theme in visit.journey.themes]]
    weeks = ["", *_weeks(visit)]

    def stage_name(id: str) -> str:
        return t("promises.all_stages") if not id else capital(t("not_placed")) if id == UNPLACED else names.stage(id)

    stage = filter(columns[0], "selectbox", t("promises.stage"), stages, key="stage", default="", name=stage_name)
    channel = _any(columns[1], "channel", CHANNELS, t("promises.all_channels"), names.channel, visit)
    mood = _any(columns[2], "mood", list(MOODS)[1:], t("voices.any_mood"), lambda m: t(f"voices.{m}"), visit)
    week = _any(columns[3], "week", weeks[1:], t("voices.any_week"), lambda w: t("voices.week_name", week=w), visit)
    words = columns[4].text_input(
        t("voices.words"), st.query_params.get("words", ""), key="words", max_chars=80, on_change=_keep_words
    )
    theme = asked("theme", themes, "")
    if len(themes) > 1:
        theme = _any(columns[0], "theme", themes[1:], t("voices.any_theme"), names.theme, visit)
    low, high = MOODS[mood]
    start = int(week.replace("-W", "")) if week else 0
    return Wanted(
        visit.journey.id,
        stage={"": None, UNPLACED: ""}.get(stage, stage),
        channel=channel,
        theme=theme,
        segment=st.query_params.get("segment", ""),
        words=words.strip(),
        from_at=start_ms(start, visit.zone) if start else None,
        to_at=min(start_ms(shifted(start, 1), visit.zone), visit.now_ms) if start else visit.now_ms + 1,
        lowest=low,
        highest=high,
    )


def _any(column, key: str, options, every: str, name, visit: Visit) -> str:
    label = visit.t(f"voices.{key}")
    return filter(column, "selectbox", label, ["", *options], key=key, default="", name=lambda v: name(v) if v else every)


def _weeks(visit: Visit) -> list[str]:
    """The last year's weeks, newest first."""
    now = week_of(visit.now.date())
    return [iso_week(shifted(now, -back)) for back in range(53)]


def _keep_words() -> None:
    words = st.session_state.get("words", "").strip()
    if words:
        st.query_params["words"] = words
    else:
        st.query_params.pop("words", None)


def _title(count: int, wanted: Wanted, visit: Visit, names: Names) -> None:
    t = visit.t
    place = [names.stage(wanted.stage)] if wanted.stage else []
    place += [names.channel(wanted.channel).lower()] if wanted.channel else []
    many = t("voices.more_than", n=t.whole(AT_MOST)) if count >= AT_MOST else t.whole(count)
    heading = t("voices.heading_one" if count == 1 else "voices.heading", count=many)
    sheet([el("h1", "long", heading + (f": {', '.join(place)}" if place else "")), el("p", "cap", t("voices.masked"))], "title")


def _voice(voice: Voice, visit: Visit, names: Names) -> Node:
    """One voice: the customer's own words as a text node, and what was made of them."""
    t = visit.t
    when = instant(voice.happened_at).astimezone(visit.zone)
    mark = t.number(voice.mark) if voice.mark is not None else "–"
    under = el("div", "small", t("voices.own" if voice.own else "voices.derived")) if voice.mark is not None else None
    by = t(f"voices.by_{voice.by}") if t.has(f"voices.by_{voice.by}") else voice.by
    facts = [f"{t.short_day(when)} {when.year}, {when:%H:%M}", names.channel(voice.channel), f"{names.stage(voice.stage)} ({by})"]
    facts += [names.theme(theme) for theme in voice.themes]
    act: list[Node] = []
    if visit.person.may("manager", "privacy"):
        act = [" · ", el("a", {"href": "#", "data-go": str(voice.id), "role": "button"}, t("voices.correct"))]
    words = el("p", {"class": "said-text", "lang": voice.language or None}, voice.text)
    line = el("p", "small", " · ".join(facts), *act)
    return el("div", "voice", el("div", None, el("span", "mark", mark), under), el("div", None, words, line))


def _after() -> tuple[int, int] | None:
    """Where the page starts, from the address (`?after=MS-ID`); None is the newest."""
    at, _, id = st.query_params.get("after", "").partition("-")
    return (int(at), int(id)) if at.isdigit() and id.isdigit() else None


def _turn(found: VoicePage, visit: Visit) -> None:
    t = visit.t
    back, on, _ = st.columns([1, 1, 4])
    if _after() and back.button(t("voices.newest"), width="stretch"):
        st.query_params.pop("after", None)
        st.rerun()
    if found.after and on.button(t("voices.older", count=PAGE), width="stretch"):
        st.query_params["after"] = f"{found.after[0]}-{found.after[1]}"
        st.rerun()
