"""The questions to ask customers next, each with where it came from, and as files that survey tools read."""

from __future__ import annotations

import streamlit as st

from metrics.weekly import Week
from pages.sheet import el, sheet
from pages.visit import Visit
from reports.names import Names
from reports.survey import as_csv, as_surveyjs, questions
from store.people.promises import active_promises


def draw(card: Week, visit: Visit, names: Names) -> None:
    """Draw the questions and their files."""
    t = visit.t
    asked = questions(card, active_promises(visit.store, visit.journey.id, visit.now_ms), names)
    items = [el("li", None, f"{q.text} ", el("span", "small", f"({q.traced})")) for q in asked]
    sheet([el("h2", "section", t("survey.title", count=len(asked))), el("ol", None, *items)], "survey")
    left, right, _ = st.columns([1, 1, 3])
    left.download_button(t("survey.csv"), as_csv(asked).encode("utf-8-sig"), "klantblik-survey.csv", "text/csv", width="stretch")
    form = as_surveyjs(asked, visit.company or "Klantblik").encode()
    right.download_button(t("survey.json"), form, "klantblik-survey.json", "application/json", width="stretch")
