"""What is edited on the settings page beside screens: the departments that take turns."""

from __future__ import annotations

import streamlit as st

from pages.acting import act, ask_name
from pages.rights import set_departments
from pages.sheet import el, sheet
from pages.visit import Visit, utc_now_ms
from reports.names import Names
from store.people.departments import departments


def draw_departments(visit: Visit) -> None:
    """The departments, one on each line, under the names that the reader knows them by."""
    t, names, known = visit.t, Names(visit.t, visit.journey), departments(visit.store)
    title = t("settings.departments", count=t.whole(len(known)))
    sheet([el("h2", "section", title), el("p", "cap", t("settings.departments_how"))], "departments")
    shown = {names.department(id): id for id in known}
    if not visit.person.may("manager"):
        sheet([el("p", None, ", ".join(shown))], "department-list")
        return
    with st.form("departments"):
        written = st.text_area(t("settings.departments_field"), "\n".join(shown), height=180)
        who = ask_name(visit, "departments")
        if st.form_submit_button(t("settings.departments_save"), type="primary"):
            kept = [shown.get(line.strip(), line.strip()) for line in written.splitlines()]
            saved = t("settings.departments_saved")
            act(visit, "settings", who, lambda: set_departments(visit.store, kept, who, utc_now_ms()), saved)
