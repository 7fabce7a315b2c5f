"""Annotations on the time axis: the form that adds one, and the words that charts put beside a moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

import streamlit as st

from config.language import Texts
from metrics.weeks import day_from, week_of
from pages.rights import annotate
from pages.visit import Visit, utc_now_ms
from reports.names import Names
from reports.week import Edition
from store.engine import instant
from store.people.annotations import KINDS, Annotation
from store.people.changes import Change
from store.people.errors import PeopleError

NAMED = 4


def by_week(found: Sequence[Annotation], visit: Visit) -> list[tuple[int, int, str]]:
    """The notes as (first week, last week, words), for a chart of weeks; a moment is its own week."""
    return [(_week(n.from_at, visit), _week(n.to_at or n.from_at, visit), _words(n, visit)) for n in found]


def newest(found: Sequence[Annotation], visit: Visit) -> str:
    """The newest notes in words, for the line under a chart that has no room for each; '' without any."""
    shown = sorted(found, key=lambda note: note.from_at)[-NAMED:]
    return " · ".join(_words(note, visit) for note in shown)


def on_day(told: Edition, day: int | None, visit: Visit) -> str:
    """What was noted or started on a local day, in a few words; '' when nothing was."""
    started = change_on(told, day, visit)
    if started:
        return f"{day_name(day, visit.t)}: {started.what(visit.t.code).lower()}"
    found = [note for note in told.notes if day and _day(note.from_at, visit) == day_from(day)]
    return found[0].text(visit.t.code) if found else (day_name(day, visit.t) if day else "")


def change_on(told: Edition, day: int | None, visit: Visit) -> Change | None:
    """The change in the cause's stage that started on a local day, or the day before; None without one."""
    if day is None or told.cause is None:
        return None
    near = {day_from(day), day_from(day) - timedelta(days=1)}
    stage = told.cause.stage
    return next((c for c in told.changes if c.stage == stage and c.started_at and _day(c.started_at, visit) in near), None)


def day_name(day: int | None, t: Texts) -> str:
    """A local day in words, without its year."""
    return f"{day_from(day).day} {t(f'month.{day_from(day).month}')}" if day else ""


def form(visit: Visit) -> None:
    """A button that opens the form for a note; what it saves stands on every chart."""
    t = visit.t
    if not visit.person.may("manager", "marketing"):
        return
    with st.popover(t("week.note"), width="stretch"), st.form("note", border=False, clear_on_submit=True):
        st.text(t("week.note_title"))
        kind = st.selectbox(t("week.note_kind"), KINDS, format_func=lambda k: t(f"note.{k}"))
        stages = ["", *(stage.id for stage in visit.journey.stages)]
        stage = st.selectbox(t("promises.stage"), stages, format_func=_stage_namer(visit))
        words_nl = st.text_input(t("week.note_text_nl"), max_chars=120)
        words_en = st.text_input(t("week.note_text_en"), max_chars=120)
        first = st.date_input(t("week.note_from"), value=visit.now.date(), format="DD-MM-YYYY")
        last = st.date_input(t("week.note_to"), value=None, format="DD-MM-YYYY")
        if st.form_submit_button(t("week.note_save"), type="primary"):
            words = (words_nl.strip(), words_en.strip())
            _save(visit, Annotation(kind or "event", *words, visit.journey.id, *_moments(first, last, visit), stage or ""))


def _stage_namer(visit: Visit) -> Callable[[str], str]:
    names = Names(visit.t, visit.journey)
    return lambda id: names.stage(id) if id else visit.t("promises.all_stages")


def _moments(first: date, last: date | None, visit: Visit) -> tuple[int, int | None]:
    return _start(first, visit), _start(last + timedelta(days=1), visit) if last else None


def _save(visit: Visit, note: Annotation) -> None:
    try:
        annotate(visit.store, note, visit.person.name or "-", utc_now_ms())
    except PeopleError as refused:
        st.error(visit.t(refused.key, **refused.values))
        return
    st.cache_data.clear()
    st.success(visit.t("week.note_saved"))


def _start(day: date, visit: Visit) -> int:
    return round(datetime.combine(day, time(), visit.zone).timestamp() * 1000)


def _day(at_ms: int, visit: Visit) -> date:
    return instant(at_ms).astimezone(visit.zone).date()


def _week(at_ms: int, visit: Visit) -> int:
    return week_of(_day(at_ms, visit))


def _words(note: Annotation, visit: Visit) -> str:
    first = _day(note.from_at, visit)
    return f"{visit.t.short_day(first)}: {note.text(visit.t.code)}"
