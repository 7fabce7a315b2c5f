"""The label under a page's marks: which of them rest on an assumption, with a hover that says what that means."""

from __future__ import annotations

import streamlit as st

from pages.sheet import el, hover, sheet
from pages.visit import Visit, opened
from reports.assumed import assumed, sentence


@st.cache_data(ttl=300, max_entries=16, show_spinner=False)
def _found(url: str, journey: str, week: int) -> list[str]:
    return assumed(opened(url), journey, week)


def draw(visit: Visit, week: int) -> None:
    """Draw the label for the marks of a week; nothing when none rests on an assumption."""
    said = sentence(_found(visit.url, visit.journey.id, week), visit.t)
    if said:
        sheet([el("p", "foot", said, " ", hover(visit.t("assumed.help")))], "assumed")
