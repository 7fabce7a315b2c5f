"""The manager on Monday at nine: how the week stood, what moved and why, what to do first, and the meeting."""

from __future__ import annotations

import math

import streamlit as st

from config.wording import signed_span, span
from metrics.weekly import Week
from metrics.weeks import monday, shifted, start_ms, week_of, year_before
from pages import assumed, falls, meeting, notes, scorecard, week_export, week_jump, week_turned, week_voices
from pages.address import asked, filter
from pages.glyphs import glyph
from pages.sheet import Node, el, hover, sheet
from pages.visit import Visit, begin, link, opened, refreshed, state
from pages.week_charts import by_day, journey_line, themes_shift, waterfall
from reports import sentences
from reports.customers import sentence
from reports.names import Names
from reports.week import Edition, default_week, edition
from store.people.corrections import count_applied
from store.reads.customers import kept_customers
from store.reads.scorecard import oldest_week, segments

SHOWN_BACK = 53
VIEWS = ("cells", "stages")


def show() -> None:
    """Draw the page."""
    visit = begin("week")
    if words := st.session_state.pop("said", ""):
        st.success(words)
    names, newest = Names(visit.t, visit.journey), default_week(visit.store, visit.journey.id, visit.now)
    assert newest is not None
    week, segment, cells = _choices(visit, newest)
    moved = count_applied(visit.store)
    told = _edition(visit.url, visit.journey.id, week, visit.now_ms // 60_000, segment, moved, visit)
    _answer(told, visit, names)
    _filters(told, visit, names, newest)
    if told.days == 0 or not told.week.contacts:
        sheet(
            state(visit.t("week.nothing", week=week % 100), visit.t("week.nothing_why"), visit.t("week.nothing_next")), "nothing"
        )
        return
    _card(told.week, visit, names, cells, segment)
    falls.draw(visit, names, start_ms(week, visit.zone), start_ms(shifted(week, 1), visit.zone))
    _cause(told, visit, names)
    week_turned.draw(told.week, visit, names)
    week_jump.draw(told.week, visit, names)
    week_voices.draw(told, visit, names)
    meeting.draw(told, visit, names)
    week_export.agenda(told, lambda: week_jump.ranked(told.week, visit), visit)
    assumed.draw(visit, week)
    _foot(told.week, visit)


@st.cache_data(ttl=30, max_entries=48, show_spinner=False)
def _edition(url: str, journey: str, week: int, minute: int, segment: str, moved: int, _visit: Visit) -> Edition:
    return edition(opened(url), _visit.journey, week, _visit.zone, _visit.now, segment)


@st.cache_data(ttl=300, max_entries=16, show_spinner=False)
def _segments(url: str, journey: str, week: int) -> list[str]:
    return segments(opened(url), journey, shifted(week, -SHOWN_BACK), week)


@st.cache_data(ttl=300, max_entries=16, show_spinner=False)
def _oldest(url: str, journey: str) -> int | None:
    return oldest_week(opened(url), journey)


def _choices(visit: Visit, newest: int) -> tuple[int, str, bool]:
    """The week, segment and view that the address asks for; what it cannot mean falls back on the newest week of everyone."""
    week = week_from(asked("week", _weeks(visit, newest), sentences.iso_week(newest)), newest)
    segment = asked("segment", ["", *_segments(visit.url, visit.journey.id, newest)], "")
    return week, segment, asked("view", VIEWS, "cells") == "cells"


def week_from(text: str, newest: int) -> int:
    """The week that `2026-W47` or `202647` names, if it is one and not after this one; else `newest`.

    >>> week_from("2026-W47", 202650), week_from("202699", 202650), week_from("", 202650)
    (202647, 202650, 202650)
    """
    digits = text.upper().replace("-W", "").replace("W", "")
    try:
        week = week_of(monday(int(digits)))
    except ValueError:
        return newest
    return week if week == int(digits) and 190001 <= week <= shifted(newest, 1) else newest


def _answer(told: Edition, visit: Visit, names: Names) -> None:
    left, right = st.columns([1.42, 1], gap="large")
    with left:
        newest = told.week.week == default_week(visit.store, visit.journey.id, visit.now)
        paths = sentence(kept_customers(visit.store)[1], visit.journey.id, visit.t) if newest and visit.live else ""
        sheet(_headline(told, names, paths), "answer")
    with right:
        sheet(
            [el("h2", "minor", sentences.since_when(told.week, visit.t)), el("p", "small", visit.t("week.line_caption"))],
            "line-title",
        )
        journey_line(told.week, notes.by_week(told.notes, visit), names)
        if words := notes.newest(told.notes, visit):
            sheet([el("p", "small", el("b", None, visit.t("week.notes")), f" {words}")], "notes")


def _headline(told: Edition, names: Names, customers: str) -> list[Node]:
    t, week = names.t, told.week
    nodes: list[Node] = [el("p", "eyebrow", sentences.week_line(told, t)), _title(sentences.headline(told, names))]
    if not math.isfinite(week.now.value):
        return nodes
    promises = sum(bool(row.expected) for row in week.rows)
    trio = [
        _number(
            t("week.experience"),
            t.number(week.now.value),
            f"{span(t, week.now.low, week.now.high)} · {t('week.contacts', n=t.whole(week.contacts))}",
        )
    ]
    if week.gap is not None:
        sure = t("week.of_stages", count=t.whole(promises), total=t.whole(len(week.rows)))
        trio.append(
            _number(
                t("week.promise"), t.number(week.now.promise), f"{span(t, week.now.promise_low, week.now.promise_high)} · {sure}"
            )
        )
        words = f"{t(f'shape.{week.shape}_long')} {signed_span(t, week.gap.low, week.gap.high)}"
        trio.append(_number(t("week.difference"), t.signed(week.gap.value), words, week.shape))
    explained = hover(t("week.made_of_help"))
    said = (sentences.comparison(week, t), sentences.parts_of_mark(week, names), customers)
    lines = " ".join(part for part in said if part)
    return [*nodes, el("div", "trio", *trio), el("p", "cap gap-top", lines + " ", explained)]


def _title(sentence: str) -> Node:
    """The headline, its second finding on a line of its own."""
    answer, between, finding = sentence.partition("; ")
    return el("h1", None, answer + between.strip(), el("br") if finding else None, finding or None)


def _number(label: str, value: str, under: str, shape: str = "") -> Node:
    drawn = glyph(shape, 22) if shape else None
    return el("div", None, el("span", None, label), el("b", shape, drawn, value), el("small", shape, under))


def _filters(told: Edition, visit: Visit, names: Names, newest: int) -> None:
    t = visit.t
    columns = st.columns([1.25, 1.2, 1.05, 0.9, 0.8], vertical_alignment="bottom")
    weeks, segments_known = _weeks(visit, newest), ["", *_segments(visit.url, visit.journey.id, newest)]
    first = sentences.iso_week(newest)
    filter(columns[0], "selectbox", t("week.choose"), weeks, key="week", default=first, name=lambda w: _week_name(t, w))
    how = {"key": "view", "default": "cells", "name": lambda v: t(f"week.view_{v}"), "required": True}
    filter(columns[1], "segmented_control", t("week.view"), VIEWS, **how)
    filter(columns[2], "selectbox", t("week.segment"), segments_known, key="segment", default="", name=names.segment)
    with columns[3]:
        notes.form(visit)
    with columns[4]:
        week_export.draw(told, lambda: week_jump.ranked(told.week, visit), visit)


def _weeks(visit: Visit, newest: int) -> list[str]:
    """The weeks to choose from, newest first; the one that is running comes first when it has begun."""
    first = _oldest(visit.url, visit.journey.id) or newest
    running = week_of(visit.now.date())
    last = running if shifted(newest, 1) == running and visit.now.date() > monday(running) else newest
    weeks, week = [], last
    while week >= first and len(weeks) < 160:
        weeks.append(sentences.iso_week(week))
        week = shifted(week, -1)
    default = sentences.iso_week(newest)
    return [default, *[w for w in weeks if w != default]] if weeks else [default]


def _week_name(t, written: str) -> str:
    first = monday(int(written.replace("-W", "")))
    last = first.fromordinal(first.toordinal() + 6)
    days = f"{first.day}–{t.short_day(last)}" if first.month == last.month else f"{t.short_day(first)} – {t.short_day(last)}"
    return f"{t('week.name', week=first.isocalendar().week)} ({days})"


def _card(week: Week, visit: Visit, names: Names, cells: bool, segment: str) -> None:
    t = visit.t
    start, end = start_ms(week.week, visit.zone), start_ms(shifted(week.week, 1), visit.zone)

    def voices(stage: str, channel: str) -> str:
        return link("voices", stage=stage, channel=channel, segment=segment, week=sentences.iso_week(week.week))

    labels = tuple(
        t("week.short", week=w % 100) + (f" {w // 100}" if i else "")
        for i, w in enumerate((shifted(week.week, -1), year_before(week.week)))
    )
    assert start < end
    nodes = [el("h2", "section", sentences.stages_finding(week, names)), scorecard.legend(names)]
    nodes.append(scorecard.table(week, names, voices, labels, cells))  # type: ignore[arg-type]
    nodes.append(el("p", "cap gap-top", sentences.compared_note(week, t) + " ", hover(t("week.compared_help"))))
    sheet(nodes, "card")


def _cause(told: Edition, visit: Visit, names: Names) -> None:
    cause, t = told.cause, visit.t
    if cause is None:
        return
    now, before = t("week.name", week=told.week.week % 100), t("week.name", week=shifted(told.week.week, -1) % 100).lower()
    sheet(
        [
            el("h2", "section", sentences.cause_finding(cause, names)),
            el("p", "cap", t("cause.caption", now=now, before=before) + " ", hover(t("cause.caption_help"))),
        ],
        "cause",
    )
    left, middle, right = st.columns([1.25, 1.05, 0.9], gap="medium")
    channel = names.channel(cause.channel)
    with left:
        sheet([el("h3", None, sentences.split_finding(cause, names)), el("p", "small", t("cause.split_caption"))], "split")
        waterfall(cause, names)
    with middle:
        sheet(_themes_title(told, names), "themes")
        if cause.themes:
            themes_shift(cause.themes, names)
    with right:
        broke = cause.since if cause.demonstrable else None
        note = notes.on_day(told, broke, visit) if broke else ""
        title = t("cause.days_break", day=notes.day_name(broke, t)) if broke else t("cause.days_none")
        sheet([el("h3", None, title), el("p", "small", t("cause.days_caption", channel=channel.lower()))], "days")
        expected = told.week.cell(cause.stage, cause.channel).expected
        by_day(cause.days, expected.interval if expected else None, broke, note, names)
    started = notes.change_on(told, cause.since, visit) if cause.demonstrable else None
    if started:
        words = t("cause.coincide", change=f"{started.what(t.code)} ({started.code})")
        sheet([el("p", "note", el("b", None, t("cause.proof")), " " + words)], "coincide")


def _themes_title(told: Edition, names: Names) -> list[Node]:
    t, cause = names.t, told.cause
    assert cause is not None
    caption = el("p", "small", t("cause.themes_caption", channel=names.channel(cause.channel).lower(), n=t.whole(cause.contacts)))
    if not cause.themes:
        return [el("h3", None, t("cause.themes_none")), caption]
    top = cause.themes[0]
    title = t("cause.themes", theme=names.theme(top.id), before=t.percent(top.before.value), now=t.percent(top.now.value))
    return [el("h3", None, title), caption]


def _foot(week: Week, visit: Visit) -> None:
    t = visit.t
    share = t.percent(week.unplaced / week.contacts, 1) if week.contacts else t.percent(0)
    newest, sources = refreshed(visit)
    sheet([el("p", "foot", t("week.foot", time=newest, sources=sources, unplaced=share))], "foot")
