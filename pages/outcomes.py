"""What became of every change, computed once an hour for the page of changes and for the meeting."""

from __future__ import annotations

import streamlit as st

from pages.visit import Visit, opened
from reports.effects import Outcome, last_whole_week, outcome
from store.people.changes import changes

ORDER = ("running", "proposed", "decided", "finished", "dropped")


def outcomes(visit: Visit) -> list[Outcome]:
    """The changes that were registered by the moment shown, with their effects: running ones first, the newest start first."""
    known = changes(visit.store, visit.journey.id)
    version = hash(tuple(known))
    return _outcomes(visit.url, visit.journey.id, visit.now_ms // 3_600_000, visit, version)


@st.cache_data(ttl=300, max_entries=8, show_spinner=False)
def _outcomes(url: str, journey: str, hour: int, _visit: Visit, version: int) -> list[Outcome]:
    known = [change for change in changes(opened(url), journey) if change.registered_at <= _visit.now_ms]
    if not known:
        return []
    card = last_whole_week(opened(url), _visit.journey, _visit.zone, _visit.now)
    found = [outcome(change, card, _visit.zone) for change in known]
    return sorted(found, key=lambda one: (ORDER.index(one.change.state), -one.change.started_at, one.change.code))
