"""The journey itself, edited on screen: names and order, a stage more or less; each edit a version with who, when and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from config.journey import Journey, Stage
from config.journey_edit import merged, with_stage
from config.language import Texts
from pages.acting import act, ask_name
from pages.rights import edit_journey
from pages.sheet import el, sheet
from pages.visit import Visit, utc_now_ms

WAYS = ("words", "add", "merge")
TEXTS = ("name_nl", "name_en", "question_nl", "question_en")


def draw(visit: Visit) -> None:
    """Draw the section for who may edit it."""
    if not visit.person.may("manager"):
        return
    t = visit.t
    with st.expander(t("journey.redraw")):
        sheet([el("p", "cap", t("journey.redraw_how"))], "redraw")
        way = st.segmented_control(
            t("journey.redraw_way"), WAYS, default=WAYS[0], format_func=lambda one: t(f"journey.redraw_{one}"), key="redraw-way"
        )
        with st.form("journey-form", border=False):
            edited = {"add": _added, "merge": _merged}.get(way or "", _reworded)(visit.journey, t)
            why = st.text_input(t("journey.edit_why"), max_chars=160, key="redraw-why")
            who = ask_name(visit, "redraw")
            if st.form_submit_button(t("journey.edit_save"), type="primary"):
                about = (visit.store, edited, why, who, utc_now_ms())
                act(visit, "journey", who, lambda: edit_journey(*about), t("journey.redraw_saved"))


def _reworded(journey: Journey, t: Texts) -> Journey:
    """Names, questions, moments of truth and the order, in a table; and the goal's mark."""
    number = st.column_config.NumberColumn
    columns: dict[str, Any] = {"place": number(t("journey.column_place"), min_value=1, max_value=99, step=1, width="small")}
    columns |= {name: st.column_config.TextColumn(t(f"journey.column_{name}"), max_chars=120) for name in TEXTS}
    columns["truth"] = st.column_config.CheckboxColumn(t("journey.column_truth"))
    rows = pd.DataFrame([_row(i, stage) for i, stage in enumerate(journey.stages, start=1)])
    table = st.data_editor(rows, column_config=columns, hide_index=True, key="redraw-table", width="stretch")
    target = st.number_input(t("journey.goal_target"), 1.0, 10.0, journey.goal_target, step=0.1, width=220)
    return reworded(journey, table.to_dict("records"), float(target))


def _row(place: int, stage: Stage) -> dict[str, Any]:
    row = {"place": place, "name_nl": stage.name["nl"], "name_en": stage.name["en"], "truth": stage.moment_of_truth}
    return row | {f"question_{code}": stage.question.get(code, "") for code in ("nl", "en")}


def reworded(journey: Journey, rows: list[dict[str, Any]], target: float) -> Journey:
    """The journey with the words, order and goal of the table's rows, which stand in the order of its stages."""
    found = []
    for stage, row in zip(journey.stages, rows, strict=True):
        said = {name: str(row[name] or "").strip() for name in TEXTS}
        question = {code: said[f"question_{code}"] for code in ("nl", "en")}
        name = {code: said[f"name_{code}"] for code in ("nl", "en")}
        changed = replace(
            stage, name=name, question=question if any(question.values()) else {}, moment_of_truth=bool(row["truth"])
        )
        found.append((row["place"] if row["place"] == row["place"] else 99, changed))
    ordered = tuple(stage for _, stage in sorted(found, key=lambda one: one[0]))
    return replace(journey, stages=ordered, goal_target=target)


def _added(journey: Journey, t: Texts) -> Journey:
    left, right = st.columns(2)
    name = {"nl": left.text_input(t("journey.column_name_nl"), max_chars=80, key="add-nl").strip()}
    name["en"] = right.text_input(t("journey.column_name_en"), max_chars=80, key="add-en").strip()
    help = t("journey.add_words_how")
    words = {"nl": left.text_area(t("journey.add_words_nl"), max_chars=600, help=help, key="words-nl")}
    words["en"] = right.text_area(t("journey.add_words_en"), max_chars=600, help=help, key="words-en")
    ids = ["", *[stage.id for stage in journey.stages]]
    after = st.selectbox(
        t("journey.add_after"), ids, len(ids) - 1, format_func=lambda id: _named(journey, id, t), key="add-after"
    )
    return with_stage(journey, name, words, after or "")


def _merged(journey: Journey, t: Texts) -> Journey:
    ids = [stage.id for stage in journey.stages]
    left, right = st.columns(2)
    gone = left.selectbox(
        t("journey.merge_gone"), ids, len(ids) - 1, format_func=lambda id: _named(journey, id, t), key="merge-gone"
    )
    into = right.selectbox(
        t("journey.merge_into"), ids, len(ids) - 2, format_func=lambda id: _named(journey, id, t), key="merge-into"
    )
    return merged(journey, gone, into) if gone and into and gone != into else journey


def _named(journey: Journey, id: str, t: Texts) -> str:
    return journey.stage(id).name[t.code] if id else t("journey.add_first")
