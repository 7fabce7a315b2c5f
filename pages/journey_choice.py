"""Which journey a company begins with: the shipped ones side by side, each by its stages; chosen once, edited later."""

from __future__ import annotations

import streamlit as st

from config.journey import Journey, journey_ids, load_journey
from pages.acting import act, ask_name
from pages.rights import choose_journey
from pages.sheet import el, sheet
from pages.visit import Visit, utc_now_ms
from store.people.journeys import current_journey, journeys


def draw(visit: Visit) -> None:
    """Draw the choice, with the journey in use chosen already."""
    t, found = visit.t, _known(visit)
    sheet([el("h2", "section", t("home.journey")), el("p", "cap", t("home.journey_why"))], "journeys")
    ids = list(found)
    at = ids.index(visit.journey.id) if visit.journey.id in found else 0
    chosen = st.radio(
        t("home.journey"),
        ids,
        at,
        format_func=lambda id: found[id].name[t.code],
        captions=[_stages(found[id], t.code) for id in ids],
        key="journey-choice",
        label_visibility="collapsed",
    )
    who = ask_name(visit, "journey")
    if st.button(t("home.journey_take"), type="primary"):
        act(visit, "home", who, lambda: choose_journey(visit.store, found[chosen], who, utc_now_ms()), t("home.journey_taken"))


def _known(visit: Visit) -> dict[str, Journey]:
    """The journeys by id: what the store holds as it holds it, then what is shipped."""
    held = {id: current_journey(visit.store, id) for id in journeys(visit.store)}
    return {**{id: load_journey(id) for id in journey_ids()}, **held}


def _stages(journey: Journey, code: str) -> str:
    return " → ".join(stage.name[code] for stage in journey.stages)
