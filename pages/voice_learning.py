"""What corrections taught: how many there are, what came of the last training, and the button for the next."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.acting import act, ask_name
from pages.rights import ask_training, count_corrections, jobs
from pages.sheet import Node, el, sheet
from pages.visit import Visit, freshness, utc_now_ms
from store.corridor.jobs import OPEN, Job
from store.people import corrections

TASKS = ("sentiment", "stage")


def learn(visit: Visit) -> None:
    """Draw the section; nothing before the first correction."""
    t, count = visit.t, count_corrections(visit.store)
    if not count or not visit.person.may("manager", "privacy"):
        return
    last = next(iter(jobs(visit.store, 1, (corrections.TRAIN,))), None)
    title = t("voices.learn_one" if count == 1 else "voices.learn", count=t.whole(count))
    sheet([el("h2", "section", title), el("p", "cap", t("voices.learn_why")), *_outcome(last, visit)], "learn")
    busy = last is not None and last.state in OPEN
    with st.popover(t("voices.learn_now"), disabled=busy):
        who = ask_name(visit, "learn")
        if st.button(t("voices.learn_now"), key="learn", type="primary"):
            act(visit, "voices", who, lambda: ask_training(visit.store, who, utc_now_ms()), t("voices.learning"))


def _outcome(last: Job | None, visit: Visit) -> list[Node]:
    t = visit.t
    if last is None:
        return []
    if last.state != "done":
        return [el("p", None, t(f"jobs.is_{last.state}"), f" · {freshness(last.created_at, visit)}")]
    when = el("p", "small gap-top", t("voices.learned_at", when=freshness(last.finished_at, visit)))
    items = [el("li", None, figures_text(task, last.result[task], visit)) for task in TASKS if task in last.result]
    return [when, el("ul", None, *items)]


def figures_text(task: str, figures: dict[str, Any], visit: Visit) -> str:
    """What came of learning one task, in words: macro-F1 (0-1) before and after, and whether the new model reads from now on."""
    t = visit.t
    values = {name: t.number(float(figures[name]), 2) for name in ("before", "after")}
    values |= {"n": t.whole(figures["labels"]), "held": t.whole(figures["held_out"])}
    named = t(f"voices.task_{task}")
    if figures["kept"]:
        return t("voices.learned_better", task=named, **values)
    few = figures["held_before"] is None and figures["before"] == figures["after"]
    return t("voices.learned_few" if few else "voices.learned_same", task=named, **values)
