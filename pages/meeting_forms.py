"""What people write down in the meeting: the one thing with who takes it up until when, what came of it, and the next date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import streamlit as st

from pages.acting import act, ask_name
from pages.both import ask_both
from pages.rights import close_thing, name_one_thing, save_meeting
from pages.visit import Visit, utc_now_ms
from reports.names import Names
from store.engine import instant
from store.people.meetings import Meeting, OneThing

DAY_FORMAT = "DD-MM-YYYY"
NINE = time(9)


def draw(visit: Visit, names: Names, guests: list[str], open_thing: OneThing | None, planned: Meeting | None) -> None:
    """The buttons under the meeting; `guests` are the departments, the one whose turn it is first."""
    if not visit.person.may("manager", "marketing"):
        return
    first, second, third = st.columns(3)
    with first.popover(visit.t("meeting.record"), width="stretch"):
        _record(visit, names, guests)
    if open_thing is not None:
        with third.popover(visit.t("meeting.close"), width="stretch"):
            _close(visit, open_thing)
    with second.popover(visit.t("meeting.plan"), width="stretch"):
        _plan(visit, planned)


def _record(visit: Visit, names: Names, guests: list[str]) -> None:
    t, stages = visit.t, [stage.id for stage in visit.journey.stages]
    with st.form("thing", border=False):
        st.text(t("meeting.record_title"))
        department = st.selectbox(t("meeting.department"), guests, format_func=names.department)
        role = st.text_input(t("meeting.role"), max_chars=60)
        what_nl, what_en = ask_both(t, t("meeting.what"), 160)
        stage = st.selectbox(t("meeting.stage"), stages, format_func=names.stage)
        owner = st.text_input(t("meeting.owner"), max_chars=80)
        until = st.date_input(t("meeting.until"), value=visit.now.date() + timedelta(days=14), format=DAY_FORMAT)
        who = ask_name(visit, "thing")
        if st.form_submit_button(t("meeting.save"), type="primary"):
            words = (role.strip(), department or "", what_nl, what_en)
            thing = OneThing(utc_now_ms(), *words, journey=visit.journey.id, stage=stage or "")
            due = _ms(until + timedelta(days=1), visit) - 1
            act(visit, "meeting", who, lambda: _named(visit, thing, owner.strip(), due, who), str)


def _named(visit: Visit, thing: OneThing, owner: str, due_at: int, who: str) -> str:
    _, change = name_one_thing(visit.store, thing, owner, due_at, who, utc_now_ms())
    return visit.t("meeting.recorded", code=change.code)


def _close(visit: Visit, thing: OneThing) -> None:
    t = visit.t
    with st.form("close-thing", border=False):
        st.text(Names(t, visit.journey).written(thing.what_nl, thing.what_en))
        came_nl, came_en = ask_both(t, t("meeting.close"), 160)
        who = ask_name(visit, "close-thing")
        if st.form_submit_button(t("meeting.save"), type="primary"):
            closed = replace(thing, outcome_nl=came_nl, outcome_en=came_en)
            act(visit, "meeting", who, lambda: close_thing(visit.store, closed, who, utc_now_ms()), t("meeting.closed"))


def _plan(visit: Visit, planned: Meeting | None) -> None:
    """The meeting to come, or the one that was: `planned` is filled in when there is one."""
    t = visit.t
    at = instant(planned.at).astimezone(visit.zone) if planned else None
    day = at.date() if at else visit.now.date() + timedelta(days=7 - visit.now.weekday())
    with st.form("meeting", border=False):
        left, right = st.columns(2)
        on = left.date_input(t("meeting.day"), value=day, format=DAY_FORMAT)
        hour = right.time_input(t("meeting.hour"), value=at.time() if at else NINE)
        held = st.checkbox(t("meeting.held"), value=False)
        before = (planned.notes_nl, planned.notes_en) if planned else ("", "")
        notes_nl, notes_en = ask_both(t, t("meeting.notes"), 1000, before, area=True)
        who = ask_name(visit, "meeting")
        if st.form_submit_button(t("meeting.save"), type="primary"):
            moment = round(datetime.combine(on, hour, visit.zone).timestamp() * 1000)
            meeting = Meeting(moment, held, notes_nl, notes_en, planned.id if planned else 0)
            act(visit, "meeting", who, lambda: save_meeting(visit.store, meeting, who, utc_now_ms()), t("meeting.planned"))


def _ms(day: date, visit: Visit) -> int:
    return round(datetime.combine(day, time(), visit.zone).timestamp() * 1000)
