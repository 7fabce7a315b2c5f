"""Marketing's page: what we promise, whether it is kept, what another bar would do, and which promises a new text holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from config.language import Texts
from metrics.segments import SEGMENTS
from metrics.verdict import BROKEN, KEPT, OVER, UNPROVEN
from metrics.weeks import week_of
from pages import assumed, promise_campaigns, promise_copy, promise_register, promise_segments
from pages.address import asked, filter
from pages.promise_detail import draw as draw_detail
from pages.promise_forms import drafts, edit
from pages.sheet import Node, el, sheet
from pages.visit import Visit, begin, link, opened, refreshed, state
from reports import promise_words as words
from reports.jump import find_jump
from reports.names import Names
from reports.promised import DAYS, MONTH, Register, Standing, advised, judged
from reports.week import default_week, weekly
from store.people.promises import Promise
from store.reads.scorecard import oldest_week

PERIODS = (MONTH, DAYS)
VERDICTS = (BROKEN, UNPROVEN, KEPT, OVER)


def show() -> None:
    """Draw the page."""
    visit = begin("promises")
    names = Names(visit.t, visit.journey)
    kind = asked("period", PERIODS, _period(visit))
    found = _judged(visit.url, visit.journey.id, visit.now_ms // 60_000, kind, visit)
    _said(visit)
    _answer(found, visit)
    found = advised(
        found, _leading(visit.url, visit.journey.id, visit.now_ms // 3_600_000, visit)
    )  # the answer waits for none of it
    rows = _filtered(found, visit, names)
    if not found.rows:
        sheet(state(visit.t("promises.none"), visit.t("promises.none_why"), visit.t("promises.none_next")), "no-promises")
    else:
        chosen = _chosen(found)
        _register(found, rows, visit, names, chosen.promise.code)
        draw_detail(found, chosen, visit, names)
        promise_segments.draw(found.period.kind, chosen, visit, names)
    promise_campaigns.draw(visit, names)
    if visit.person.may("marketing", "manager"):
        drafts(visit, names)
        promise_copy.draw(visit, names)
    if week := default_week(visit.store, visit.journey.id, visit.now):
        assumed.draw(visit, week)
    newest, sources = refreshed(visit)
    sheet([el("p", "foot", visit.t("promises.foot", time=newest, sources=sources))], "foot")


def standing_now(visit: Visit) -> Register:
    """Every promise in force with its verdict, over the period that this page opens with."""
    return _judged(visit.url, visit.journey.id, visit.now_ms // 60_000, _period(visit), visit)


@st.cache_data(ttl=60, max_entries=16, show_spinner=False)
def _judged(url: str, journey: str, minute: int, kind: str, _visit: Visit) -> Register:
    return judged(opened(url), _visit.journey, _visit.zone, _visit.now, kind)


@st.cache_data(ttl=3600, max_entries=8, show_spinner=False)
def _leading(url: str, journey: str, hour: int, _visit: Visit) -> tuple[str, ...]:
    """The stages in which an improvement is worth most: a promise there is raised rather than lowered."""
    week = default_week(opened(url), journey, _visit.now)
    if week is None:
        return ()
    card = weekly(opened(url), _visit.journey, week, _visit.zone, _visit.now)
    return find_jump(opened(url), _visit.journey, card, _visit.now_ms).leading


def _said(visit: Visit) -> None:
    """What the last write came to, once."""
    words_said = st.session_state.pop("said", "")
    if words_said:
        st.success(words_said)


def _answer(found: Register, visit: Visit) -> None:
    t = visit.t
    nodes: list[Node] = [el("p", "eyebrow", words.period_line(found, t)), el("h1", "long", words.headline(found, t))]
    sheet(nodes, "answer")


def _period(visit: Visit) -> str:
    """The month that is over, or the last 28 days while the store holds nothing of that month."""
    oldest = oldest_week(visit.store, visit.journey.id)
    return MONTH if oldest is None or oldest <= week_of(visit.now.date().replace(day=1) - timedelta(days=1)) else DAYS


def _filtered(found: Register, visit: Visit, names: Names) -> list[Standing]:
    t = visit.t
    columns = st.columns([1.75, 0.95, 0.95, 0.95, 1.05, 0.95], vertical_alignment="bottom")
    month = words.period_name(found, t) if found.period.kind == MONTH else t(f"month.{(visit.now.month - 2) % 12 + 1}")

    def name(kind: str) -> str:
        return t("promises.month", month=month) if kind == MONTH else t("promises.last_days")

    filter(
        columns[0],
        "segmented_control",
        t("promises.period"),
        PERIODS,
        key="period",
        default=_period(visit),
        name=name,
        required=True,
    )
    channels = sorted({row.promise.channel for row in found.rows if row.promise.channel})
    stage = _choose(columns[1], "stage", [s.id for s in visit.journey.stages], t("promises.all_stages"), names.stage, t)
    channel = _choose(columns[2], "channel", channels, t("promises.all_channels"), names.channel, t)
    verdict = _choose(columns[3], "verdict", list(VERDICTS), t("promises.all_verdicts"), lambda v: t(f"verdict.{v}"), t)
    segments = [name for name in SEGMENTS if any(row.promise.segment == name for row in found.rows)]
    segment = _choose(columns[4], "segment", segments, t("promises.all_segments"), names.segment, t) if segments else ""
    if visit.person.may("marketing", "manager") and columns[5].button(t("promises.add"), type="primary", width="stretch"):
        edit(visit, Promise(kind="hard"))
    fits = [row for row in found.rows if verdict in ("", row.verdict.verdict)]
    fits = [row for row in fits if segment in ("", row.promise.segment)]
    return [row for row in fits if stage in ("", row.promise.stage) and channel in ("", row.promise.channel)]


def _choose(column, key: str, options: list[str], every: str, name: Callable[[str], str], t: Texts) -> str:
    """A filter that lives in the address; '' is all."""
    choices = ["", *options]
    return filter(column, "selectbox", t(f"promises.{key}"), choices, key=key, default="", name=lambda v: name(v) if v else every)


def _chosen(found: Register) -> Standing:
    """The promise in detail: the one in the address, else the first (the plainest broken one)."""
    codes = [row.promise.code for row in found.rows]
    code = asked("promise", codes, codes[0])
    return next(row for row in found.rows if row.promise.code == code)


def _register(found: Register, rows: list[Standing], visit: Visit, names: Names, chosen: str) -> None:
    t = visit.t
    nodes: list[Node] = [el("h2", "section", words.finding(found, t)), promise_register.caption(found, names)]
    if rows:

        def go(code: str) -> str:
            return link("promises", promise=code, period=found.period.kind)

        nodes += promise_register.tables(rows, names, go, chosen)
    else:
        nodes.append(el("p", "cap gap-top", t("promises.nothing_fits")))
    went = sheet(nodes, "register")
    if went and went != chosen:
        st.session_state["promise"] = went
        st.query_params["promise"] = went
        st.rerun()
