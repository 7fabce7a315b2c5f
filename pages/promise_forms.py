"""People's writes on the promises page: add, edit, retire, and approve what another drafted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import streamlit as st

from metrics.registry import metrics
from metrics.segments import SEGMENTS
from pages.acting import act, ask_name
from pages.both import ask_both
from pages.held_hours import held_promise
from pages.rights import approve, reject, retire, save_draft
from pages.sheet import el, sheet
from pages.visit import Visit, utc_now_ms
from reports.names import Names
from reports.promise_words import bar_of_promise
from store.engine import instant
from store.people.promises import SOFT_MARKS, Promise, register

DAY_FORMAT = "DD-MM-YYYY"
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
CHANNELS = ("", "social", "review", "chat", "phone", "email", "app", "web", "store", "survey")
GROUPS = ("", *SEGMENTS)
PROMISABLE = ("duration", "share")


def edit(visit: Visit, start: Promise) -> None:
    """Open the form of a promise: a new one, or a new version of `start`; what it saves is a draft."""
    title = visit.t("promises.edit" if start.code else "promises.add")
    st.dialog(title, width="large")(_form)(visit, start)


def _form(visit: Visit, start: Promise) -> None:
    t, names = visit.t, Names(visit.t, visit.journey)
    kind = st.segmented_control(
        t("promises.form_kind"),
        ["hard", "soft"],
        default=start.kind,
        required=True,
        format_func=lambda k: t(f"promises.form_{k}"),
        key="form-kind",
    )
    with st.form("promise-form", border=False):
        left, right = st.columns(2)
        words_nl = left.text_input(t("promises.form_text_nl"), start.text_nl, max_chars=200)
        words_en = right.text_input(t("promises.form_text_en"), start.text_en, max_chars=200)
        values = {**_place(visit, names, start), **_measure(visit, kind or "hard", start), **_said(visit, start)}
        who = ask_name(visit, "form")
        if st.form_submit_button(t("promises.save_draft"), type="primary"):
            said = {"text_nl": words_nl.strip(), "text_en": words_en.strip(), "kind": kind or "hard"}
            _save(visit, replace(start, **said, **values), who)


def drafts(visit: Visit, names: Names) -> None:
    """What waits for a second person, with its buttons."""
    t = visit.t
    waiting = [version for version in register(visit.store, visit.journey.id) if version.state == "draft"]
    title = t("promises.drafts", count=t.whole(len(waiting))) if waiting else t("promises.drafts_none")
    sheet([el("h2", "section", title), el("p", "cap", t("promises.drafts_caption"))], "drafts")
    if not waiting:
        return
    who = ask_name(visit, "approve")
    for draft in waiting:
        _draft(draft, visit, names, who)


def retire_button(visit: Visit, code: str) -> None:
    """Stop a promise from now on, on a second click."""
    t = visit.t
    with st.popover(t("promises.retire")):
        who = ask_name(visit, "retire")
        if st.button(t("promises.retire"), key="retire", type="primary"):
            act(visit, "promises", who, lambda: retire(visit.store, code, who, utc_now_ms()), t("promises.retired"))


def _place(visit: Visit, names: Names, start: Promise) -> dict:
    t, stages = visit.t, [stage.id for stage in visit.journey.stages]
    columns = st.columns(4)
    index = stages.index(start.stage) if start.stage in stages else None
    stage = columns[0].selectbox(
        t("promises.stage"), stages, index=index, format_func=names.stage, placeholder=t("promises.choose")
    )
    at = CHANNELS.index(start.channel) if start.channel in CHANNELS else 0
    channel = columns[1].selectbox(
        t("promises.channel"), CHANNELS, index=at, format_func=lambda c: names.channel(c) if c else t("promises.all_channels")
    )
    group = GROUPS.index(start.segment) if start.segment in GROUPS else 0
    segment = columns[2].selectbox(t("promises.form_segment"), GROUPS, index=group, format_func=names.segment)
    reach = columns[3].slider(t("promises.form_reach"), 1, 100, round(100 * start.reach), format="%d%%")
    place = {"stage": stage or "", "channel": channel or "", "segment": segment or ""}
    return {**place, "reach": reach / 100, "journey": visit.journey.id}


def _measure(visit: Visit, kind: str, start: Promise) -> dict:
    t = visit.t
    columns = st.columns(4)
    if kind == "soft":
        index = SOFT_MARKS.index(start.soft_mark) if start.soft_mark in SOFT_MARKS else 1
        mark = columns[0].selectbox(
            t("promises.form_mark"), SOFT_MARKS, index=index, format_func=lambda m: t(f"promises.mark_{m}")
        )
        return {"soft_mark": mark, "metric": "", "threshold": None, "share": None}
    known = [id for id, metric in metrics().items() if metric.kind in PROMISABLE and metric.group != "none"]
    index = known.index(start.metric) if start.metric in known else 0
    metric = columns[0].selectbox(t("promises.form_metric"), known, index=index, format_func=lambda m: metrics()[m].name(t.code))
    unit, count = _unit(start.threshold)
    number = columns[1].number_input(t("promises.form_threshold"), min_value=0.0, value=count, step=1.0)
    units = list(UNITS)
    chosen = columns[2].selectbox(t("promises.form_unit"), units, index=units.index(unit), format_func=lambda u: t(f"unit.{u}s"))
    share = columns[3].number_input(t("promises.form_share"), 1.0, 99.9, 100 * (start.share or 0.95), step=1.0)
    seconds = number * UNITS[chosen or "hour"] if metrics()[metric or known[0]].kind == "duration" else None
    return {"metric": metric or "", "threshold": seconds, "share": share / 100, "soft_mark": None}


def _said(visit: Visit, start: Promise) -> dict:
    t = visit.t
    first = st.columns(3)
    begun = _day(start.valid_from, visit) if start.valid_from and not start.code else visit.now.date()
    from_day = first[0].date_input(t("promises.form_from"), value=begun, format=DAY_FORMAT)
    to_day = first[1].date_input(t("promises.form_to"), value=None, format=DAY_FORMAT)
    emphasis = first[2].selectbox(
        t("promises.form_emphasis"), (1, 2, 3), index=start.emphasis - 1, format_func=lambda e: t(f"promises.emphasis_{e}")
    )
    out: dict[str, Any] = {
        "valid_from": _start(from_day, visit),
        "valid_to": _start(to_day + timedelta(days=1), visit) if to_day else None,
        "emphasis": emphasis,
    }
    campaign = ask_both(t, t("promises.form_campaign"), 120, (start.campaign_nl, start.campaign_en))
    where = ask_both(t, t("promises.form_where"), 120, (start.said_where_nl, start.said_where_en))
    out |= {"campaign_nl": campaign[0], "campaign_en": campaign[1], "said_where_nl": where[0], "said_where_en": where[1]}
    third = st.columns(3)
    out["link"] = third[2].text_input(t("promises.form_link"), start.link, max_chars=300)
    out["owner"] = third[0].text_input(t("promises.form_owner"), start.owner, max_chars=80)
    out["evidence"] = third[1].text_input(t("promises.form_evidence"), start.evidence, max_chars=300)
    return out


def _save(visit: Visit, promise: Promise, who: str) -> None:
    def done(kept: Promise) -> str:
        return visit.t("promises.saved", code=kept.code, version=kept.version)

    act(visit, "promises", who, lambda: save_draft(visit.store, promise, who, utc_now_ms()), done)


def _draft(draft: Promise, visit: Visit, names: Names, who: str) -> None:
    t = visit.t
    words, yes, no = st.columns([4, 1, 1], vertical_alignment="center")
    made = t("promises.made_by", who=draft.made_by, day=t.short_day(instant(draft.at).astimezone(visit.zone)))
    place = f"{names.stage(draft.stage)} · {bar_of_promise(draft, t)} · {made}"
    with words:
        said = el("p", None, el("b", None, f"{draft.code} "), draft.text(t.code))
        sheet([said, el("div", "small", place), *held_promise(draft, visit, names)], f"draft-{draft.code}-{draft.version}")
    key = f"{draft.code}-{draft.version}"
    about = (visit.store, draft.code, draft.version, who, utc_now_ms())
    if yes.button(t("promises.approve"), key=f"approve-{key}", type="primary", width="stretch"):
        act(visit, "promises", who, lambda: approve(*about), t("promises.approved"))
    if no.button(t("promises.reject"), key=f"reject-{key}", width="stretch"):
        act(visit, "promises", who, lambda: reject(*about), t("promises.rejected"))


def _unit(seconds: float | None) -> tuple[str, float]:
    """The largest unit that divides the threshold, and how many of it: 86400 is 24 hours, as people promise it."""
    if not seconds:
        return "hour", 24.0
    for unit in ("day", "hour", "minute", "second"):
        count = seconds / UNITS[unit]
        if count == int(count) and not (unit == "day" and count < 3):
            return unit, float(count)
    return "second", float(seconds)


def _start(day: date, visit: Visit) -> int:
    return round(datetime.combine(day, time(), visit.zone).timestamp() * 1000)


def _day(at_ms: int, visit: Visit) -> date:
    return instant(at_ms).astimezone(visit.zone).date()
