"""How long data are kept, on the settings page: counts as they are, and per source how long customers' words stay."""

from __future__ import annotations

import streamlit as st

from config.language import Texts
from pages.acting import act, ask_name
from pages.rights import set_keep_days
from pages.sheet import Node, el, sheet
from pages.visit import Visit, utc_now_ms
from store.people.keeping import LONGEST, SHORTEST, keep_days
from store.reads.sources import Source, read_sources

COUNTS = ("minute", "hour", "day")
OFFERED = (30, 90, 180, 365, 730, LONGEST)
FOR_EVER = 0


def draw(visit: Visit) -> None:
    """Draw the section."""
    t, sources, chosen = visit.t, read_sources(visit.store), keep_days(visit.store)
    rows = [_source(one, chosen.get(one.source, FOR_EVER), t) for one in sources]
    rows += [_row(t(f"settings.kept_{name}"), "", t(f"settings.kept_{name}_for")) for name in COUNTS]
    heads = [el("th", {"scope": "col"}, t(f"settings.kept_head_{name}")) for name in ("what", "stored", "how_long")]
    table = el("table", "list", el("thead", None, el("tr", None, *heads)), el("tbody", None, *rows))
    caption = [el("p", "cap", t("settings.kept_how")), el("p", "cap", t("settings.kept_law"))]
    sheet([el("h2", "section", _title(sources, chosen, t)), *caption, table], "kept")
    if sources:
        _form(sources, chosen, visit)


def days_told(days: int, t: Texts) -> str:
    """A number of days as people say it: years and months where it is whole ones, else days; none is: until it is deleted."""
    if days == FOR_EVER:
        return t("settings.kept_text_for")
    years, months = days // 365, days // 30
    if years and days == 365 * years + years // 4:  # with its leap days
        return t("settings.kept_year" if years == 1 else "settings.kept_years", count=years)
    if months and days == 30 * months:
        return t("settings.kept_month" if months == 1 else "settings.kept_months", count=months)
    return t("settings.kept_days", count=days)


def _title(sources: list[Source], chosen: dict[str, int], t: Texts) -> str:
    """How many sources have no term yet: what is left to choose comes first."""
    open_ = [one for one in sources if one.source not in chosen]
    if not sources:
        return t("settings.kept")
    return t("settings.kept_open", count=t.whole(len(open_)), of=t.whole(len(sources))) if open_ else t("settings.kept_all")


def _source(one: Source, days: int, t: Texts) -> Node:
    return _row(t("settings.kept_of", source=one.source), t.whole(one.stored), days_told(days, t))


def _row(*cells: str) -> Node:
    return el("tr", None, *[el("td", None, cell) for cell in cells])


def _form(sources: list[Source], chosen: dict[str, int], visit: Visit) -> None:
    t, names = visit.t, [one.source for one in sources]
    with st.form("keeping", border=False):
        which, term, _ = st.columns([1.3, 1.3, 1])
        source = which.selectbox(t("settings.kept_source"), names)
        offered = sorted({FOR_EVER, *OFFERED, *chosen.values()})
        days = term.selectbox(
            t("settings.kept_term"),
            offered,
            index=offered.index(365),
            format_func=lambda value: days_told(value, t),
            help=t("settings.kept_term_help", low=SHORTEST, high=LONGEST),
        )
        who = ask_name(visit, "keeping")
        if st.form_submit_button(t("settings.kept_save"), type="primary"):
            about = (visit.store, source, days or None, who, utc_now_ms())
            act(visit, "settings", who, lambda: set_keep_days(*about), _said(source, days, t))


def _said(source: str, days: int, t: Texts) -> str:
    return t("settings.kept_saved", source=source, term=days_told(days, t)) if days else t("settings.kept_freed", source=source)
