"""The week's choice: the stages that may hold the largest jump towards the goal, beside what other rules would choose."""

from __future__ import annotations

import math

import streamlit as st

from metrics.priority import quadrant
from metrics.registry import metric
from metrics.weekly import Week
from metrics.weeks import shifted, start_ms
from pages.acting import act, ask_name
from pages.address import asked, filter
from pages.rights import set_boss_stage
from pages.sheet import Node, el, hover, sheet
from pages.visit import Visit, opened, utc_now_ms
from pages.week_charts import jump_chart
from reports import sentences
from reports.jump import Jump, find_jump
from reports.names import Names
from store.people.choices import boss_stage

MODES = ("within", "ambition")


@st.cache_data(ttl=600, max_entries=16, show_spinner=False)
def _ranked(url: str, journey: str, week: int, ambition: bool, _card: Week, _visit: Visit) -> Jump:
    end = start_ms(shifted(week, 1), _visit.zone)
    return find_jump(opened(url), _visit.journey, _card, min(end, _visit.now_ms), ambition)


def ranked(week: Week, visit: Visit, ambition: bool = False) -> Jump:
    """The ranking of a week, kept for ten minutes."""
    return _ranked(visit.url, visit.journey.id, week.week, ambition, week, visit)


def draw(week: Week, visit: Visit, names: Names) -> None:
    """Draw the section."""
    t = visit.t
    ambition = asked("jump", MODES, "within") == "ambition"
    jump = ranked(week, visit, ambition)
    sheet([el("h2", "section", sentences.jump_finding(jump, names))], "jump")
    if jump.ranked is None:
        sheet([el("p", "cap", t("jump.refused_why"))], "jump-refused")
        return
    left, right = st.columns([1.9, 1], gap="large")
    with left:
        room = t("jump.room_ambition" if ambition else "jump.room_reach")
        goal = goal_name(visit)
        said = t("jump.caption", goal=goal, room=room, n=t.whole(jump.n))
        sheet([el("p", "cap", said + " ", hover(t("jump.caption_help")))], "jump-caption")
        jump_chart(jump, names)
        how = {"required": True, "label_visibility": "collapsed", "name": lambda m: t(f"jump.{m}")}
        sheet([_places(jump, week, names)], "places")
        filter(st, "segmented_control", t("jump.mode"), MODES, key="jump", default="within", **how)
    with right:
        sheet(_others(jump, names), "others")
        _ask_the_boss(visit, names)


def _ask_the_boss(visit: Visit, names: Names) -> None:
    """The form that sets down what the boss would choose; empty takes it away."""
    t = visit.t
    if not visit.person.may("manager", "marketing"):
        return
    stages = ["", *[stage.id for stage in visit.journey.stages]]
    before = boss_stage(visit.store, visit.journey.id)
    at = stages.index(before) if before in stages else 0
    with st.popover(t("jump.boss_set")), st.form("boss", border=False):
        stage = st.selectbox(
            t("jump.boss_stage"), stages, index=at, format_func=lambda id: names.stage(id) if id else t("jump.boss_none")
        )
        who = ask_name(visit, "boss")
        if st.form_submit_button(t("jump.boss_save"), type="primary"):
            journey, chosen = visit.journey.id, stage or ""
            act(visit, "jump", who, lambda: set_boss_stage(visit.store, journey, chosen, who, utc_now_ms()), t("jump.boss_saved"))


def _places(jump: Jump, week: Week, names: Names) -> Node:
    """Per stage the word of its quadrant, importance against gap; marked as unsure when the gap may be 0."""
    t = names.t
    rows = []
    for stage, importance in zip(jump.stages, jump.ranked.importance if jump.ranked else (), strict=True):
        gap = week.row(stage).gap
        if gap is None or not math.isfinite(importance) or not math.isfinite(gap.value):
            rows.append(_place(names.stage(stage), t("jump.place_unknown"), "–"))
            continue
        place, unsure = quadrant(float(importance), len(jump.stages), gap)
        word = t(f"jump.place_{place}") + (f" ({t('jump.place_unsure')})" if unsure else "")
        rows.append(_place(names.stage(stage), word, t.percent(float(importance))))
    why = hover(t("jump.places_help"))
    heads = (t("jump.place_stage"), el("span", None, t("jump.place_word"), " ", why), t("jump.importance"))
    head = el("tr", None, *[el("th", {"scope": "col", "class": "num" if i == 2 else ""}, one) for i, one in enumerate(heads)])
    return el("table", "list", el("thead", None, head), el("tbody", None, *rows))


def _place(stage: str, word: str, importance: str) -> Node:
    return el("tr", None, el("td", None, stage), el("td", None, word), el("td", "num", importance))


def goal_name(visit: Visit) -> str:
    """What the journey's goal is called."""
    return metric(visit.journey.goal_metric).name(visit.t.code).lower()


def _others(jump: Jump, names: Names) -> list[Node]:
    t = names.t
    gains = dict(zip(jump.stages, jump.ranked.gain, strict=True)) if jump.ranked else {}
    ours = f" {t('or')} ".join(names.stage(stage) for stage in jump.leading)
    won = f" {t('or')} ".join(t.signed(float(gains[stage]), 2) for stage in jump.leading)
    rows = [_choice(el("b", None, t("jump.ours")), ours, el("b", None, won))]
    rows += [
        _choice(el("b", None, t(f"jump.{c.rule}")), sentences.choice_words(c, names), t.signed(c.gain, 2)) for c in jump.others
    ]
    return [
        el("h3", None, t("jump.others")),
        el("p", "small", t("jump.others_caption")),
        el("table", "others", el("tbody", None, *rows)),
        el("p", "cap gap-top", t("jump.proof")),
    ]


def _choice(rule: Node, stage: str, gain: Node) -> Node:
    return el("tr", None, el("td", None, rule, el("div", "small", stage)), el("td", "num", gain))
