"""Voices: what customers said, masked, a page at a time, with how many say so; and what a person can correct in it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from config.wording import clock, percent_span
from metrics.intervals import wilson
from pages.rights import base_rate, corrected, count_voices, enough_customers, read_voice, read_voices
from pages.sheet import Node, el, sheet
from pages.visit import Visit, begin, refreshed, state
from pages.voice_filters import draw, wanted_voices
from pages.voice_forms import correct
from pages.voice_learning import learn
from reports.names import Names
from store.engine import instant
from store.people.corrections import Corrected
from store.reads.voices import (
    LOW,
    PAGE,
    BaseRate,
    Voice,
    VoicePage,
    Wanted,
)

AT_MOST = 1000
LEAST_MARKED = 10


def show() -> None:
    """Draw the page."""
    visit = begin("voices")
    names = Names(visit.t, visit.journey)
    if words := st.session_state.pop("said", ""):
        st.success(words)
    wanted = wanted_voices(visit)
    if not count_voices(visit.store, wanted, 1):
        _nothing(wanted, visit, names)
    elif enough_customers(visit.store, wanted):
        _told(wanted, visit, names)
    else:
        sheet([el("h1", "long", visit.t("voices.private")), el("p", "cap", visit.t("voices.masked"))], "title")
        draw(visit, names)
        sheet(state(visit.t("few.privacy"), visit.t("voices.private_why"), visit.t("voices.private_next")), "private")
    learn(visit)
    newest, sources = refreshed(visit)
    sheet([el("p", "foot", visit.t("voices.foot", time=newest, sources=sources))], "foot")


def _nothing(wanted: Wanted, visit: Visit, names: Names) -> None:
    heading = visit.t("voices.heading", count=visit.t.whole(0)) + _place(wanted, names)
    sheet([el("h1", "long", heading), el("p", "cap", visit.t("voices.masked"))], "title")
    draw(visit, names)
    sheet([el("p", "cap", visit.t("voices.nothing"))], "nothing")


def _told(wanted: Wanted, visit: Visit, names: Names) -> None:
    """The base rate, then the voices themselves: whoever reads one knows first how many there are like it."""
    sheet(_answer(base_rate(visit.store, wanted), count_voices(visit.store, wanted, AT_MOST), wanted, visit, names), "title")
    draw(visit, names)
    found = read_voices(visit.store, wanted, _after())
    known = corrected(visit.store, [voice.id for voice in found.voices])
    chosen = sheet([_voice(voice, known.get(voice.id, []), visit, names) for voice in found.voices], "list")
    asked = chosen or st.query_params.get("voice", "")
    st.query_params.pop("voice", None)
    if asked.isdigit() and may_correct(visit):
        voice = read_voice(visit.store, visit.journey.id, int(asked))
        if voice:
            correct(visit, names, voice)
    _turn(found, visit)


def may_correct(visit: Visit) -> bool:
    """Whether this person may say what a voice means, and whether a wall may quote it."""
    return visit.person.may("manager", "marketing", "privacy")


def _answer(rate: BaseRate, count: int, wanted: Wanted, visit: Visit, names: Names) -> list[Node]:
    """How many of the voices are below 5.5, with Wilson's interval; with few marks only how many voices there are."""
    t = visit.t
    many = t("voices.more_than", n=t.whole(AT_MOST)) if count >= AT_MOST else t.whole(count)
    heading = t("voices.heading_one" if count == 1 else "voices.heading", count=many)
    masked = el("p", "cap", t("voices.masked"))
    if rate.marked < LEAST_MARKED:
        return [el("h1", "long", heading + _place(wanted, names)), masked]
    share = wilson(rate.low, rate.marked)
    shown = t.percent(share.value)
    values = {"share": f"{shown} {percent_span(t, share.low, share.high)}", "low": t.whole(rate.low), "n": t.whole(rate.marked)}
    line = t("voices.base_newest" if rate.capped else "voices.base", **values, heading=heading, newest=t.whole(rate.voices))
    if wanted.lowest is not None:
        line = f"{line} {t('voices.base_any_mood')}"
    title = t("voices.finding", share=shown, line=t.number(LOW)) + _place(wanted, names)
    return [el("h1", "long", title), el("p", "rate", line), masked]


def _place(wanted: Wanted, names: Names) -> str:
    """Where the voices come from, as the end of a title."""
    parts = [names.stage(wanted.stage)] if wanted.stage is not None else []
    parts += [names.channel(wanted.channel).lower()] if wanted.channel else []
    parts += [f"‘{names.theme(wanted.theme)}’"] if wanted.theme else []
    parts += [names.segment(wanted.segment).lower()] if wanted.segment else []
    parts += [names.t(f"voices.from_{wanted.provenance}").lower()] if wanted.provenance else []
    return f": {', '.join(parts)}" if parts else ""


def _voice(voice: Voice, known: list[Corrected], visit: Visit, names: Names) -> Node:
    """One voice: the customer's own words as a text node, and what was made of them."""
    t = visit.t
    mark = t.number(voice.mark) if voice.mark is not None else "–"
    under = el("div", "small", t("voices.own" if voice.own else "voices.derived")) if voice.mark is not None else None
    act: list[Node] = []
    if may_correct(visit):
        act = [" · ", el("a", {"href": "#", "data-go": str(voice.id), "role": "button"}, t("voices.correct"))]
    words = el("p", {"class": "said-text", "lang": voice.language or None}, voice.text)
    line = el("p", "small", " · ".join(_facts(voice, visit, names)), *act)
    said = _said(known, visit, names)
    note = el("p", "small", said) if said else None
    return el("div", "voice", el("div", None, el("span", "mark", mark), under), el("div", None, words, line, note))


def _facts(voice: Voice, visit: Visit, names: Names) -> list[str]:
    t, when = visit.t, instant(voice.happened_at).astimezone(visit.zone)
    by = t(f"voices.by_{voice.by}") if t.has(f"voices.by_{voice.by}") else voice.by
    if voice.by == "model":
        by = f"{by}, {t('voices.sure', share=t.percent(voice.confidence))}"
    stage = f"{names.stage(voice.stage)} ({by})" if by else names.stage(voice.stage)
    moment = f"{t.short_day(when)} {when.year}, {clock(t, when)}"
    source = [voice.source] if voice.source not in ("", voice.channel) else []
    staff = [t("voices.by_employee")] if voice.provenance == "employee" else []
    return [moment, names.channel(voice.channel), *source, *staff, stage, *(names.theme(theme) for theme in voice.themes)]


def _said(known: list[Corrected], visit: Visit, names: Names) -> str:
    """What people said of this voice, newest last, and what still waits for ingest."""
    t, newest = visit.t, {one.field: one for one in known}
    return " · ".join(filter(None, (_correction(one, t, names) for one in newest.values())))


def _correction(one: Corrected, t, names: Names) -> str:
    stage = one.after.partition("/")[2]
    values: Mapping[str, str] = {"who": one.made_by, "stage": names.stage(stage), "meant": ""}
    if one.field == "sentiment":
        values = {**values, "meant": t(f"voices.{one.after}")}
    key = f"voices.said_{one.field}" if one.applied or one.field == "sentiment" else f"voices.waits_{one.field}"
    return t(key, **values)


def _after() -> tuple[int, int] | None:
    """Where the page starts, from the address (`?after=MS-ID`); None is the newest."""
    at, _, id = st.query_params.get("after", "").partition("-")
    return (int(at), int(id)) if at.isdecimal() and id.isdecimal() and len(at) < 16 and len(id) < 16 else None


def _turn(found: VoicePage, visit: Visit) -> None:
    t, paged = visit.t, _after() is not None
    first, second, _ = st.columns([1, 1, 4])
    if paged and first.button(t("voices.newest"), width="stretch"):
        st.query_params.pop("after", None)
        st.rerun()
    if found.after and (second if paged else first).button(t("voices.older", count=PAGE), width="stretch"):
        st.query_params["after"] = f"{found.after[0]}-{found.after[1]}"
        st.rerun()
