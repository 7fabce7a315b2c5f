"""Settings: the screens on the wall, the journey, who may do what, how long data are kept, and who changed what."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from config.active import DEMO, REAL, shown_store
from config.language import Texts
from config.settings import settings
from metrics.registry import metric as metric_of
from pages import settings_audit, settings_forms, settings_keeping, settings_mail, settings_walls, switching
from pages.rights import choose_store
from pages.roles import ROLES, UNKNOWN
from pages.sheet import Node, el, sheet
from pages.visit import Visit, begin
from reports.sentences import within


def show() -> None:
    """Draw the page."""
    visit = begin("settings", needs_data=False)
    if words := st.session_state.pop("said", ""):
        st.success(words)
    sheet([el("h1", None, visit.t("nav.settings"))], "title")
    parts = [part for part in PARTS if part != "screens" or visit.person.may("manager")]
    for part, tab in zip(parts, st.tabs([visit.t(f"settings.part_{part}") for part in parts]), strict=True):
        with tab:
            for section in PARTS[part]:
                section(visit)


def _stage_list(visit: Visit) -> None:
    t, journey = visit.t, visit.journey
    metric = within(metric_of(journey.goal_metric).name(t.code))
    goal = t("settings.goal", metric=metric, target=t.number(journey.goal_target))
    rows = [_stage(stage.name[t.code], "◆ " + t("week.truth") if stage.moment_of_truth else "") for stage in journey.stages]
    title = el("h2", "section", t("settings.journey", name=journey.name[t.code]))
    table = el("table", "list", el("tbody", None, *rows))
    sheet([title, el("p", "cap", goal), el("p", "cap", t("settings.journey_how")), table], "journey")


def _stage(name: str, truth: str) -> Node:
    return el("tr", None, el("td", None, name), el("td", None, truth))


def _roles(visit: Visit) -> None:
    t = visit.t
    me = t("settings.me_here") if not visit.person.signed_in else t("settings.me", name=visit.person.name)
    names = [(el("b", None, t(f"settings.role_name_{role}")), t(f"settings.role_{role}")) for role in ROLES]
    rows = [el("tr", None, el("td", None, name), el("td", None, may)) for name, may in names]
    table = el("table", "list", el("tbody", None, *rows))
    told = t("role.unknown", claim=settings().sign_in.claim, values=", ".join(sorted(UNKNOWN)))
    unknown = [el("p", "note", told)] if UNKNOWN and visit.person.may() else []
    sheet([el("h2", "section", t("settings.roles")), el("p", "cap", me), *unknown, table], "roles")


def _store(visit: Visit) -> None:
    t = visit.t
    address = shown_store(visit.url)
    shown = el("p", "cap", el("span", {"title": address}, t("settings.store_now", what=place(address, visit.demo, t))))
    sheet([el("h2", "section", t("settings.store")), shown, el("p", "cap", t("settings.store_how"))], "store")
    other, label = (REAL, t("settings.open_own")) if visit.demo else (DEMO, t("settings.open_demo"))
    if visit.person.may("manager") and st.button(label, key="switch"):
        choose_store(other)
        words = t("home.left") if visit.demo else t("settings.switched")
        st.success(words)
        switching.draw(words, home=False)


def place(address: str, demo: bool, t: Texts) -> str:
    """Where the data are, as people say it: the file's name, or the database and its server; never the whole address.

    `address` is a store's URL without a password (config.active.shown_store).
    """
    what, rest = t("settings.store_demo" if demo else "settings.store_own"), address.partition("://")[2]
    if address.startswith("sqlite"):
        return t("settings.store_file", what=what, file=rest.rpartition("/")[2])
    server, _, database = rest.rpartition("@")[2].partition("/")
    return t("settings.store_server", what=what, database=database.partition("?")[0], server=server or "localhost")


# What stands together, in the order in which an office needs it.
PARTS: dict[str, tuple[Callable[[Visit], None], ...]] = {
    "screens": (settings_walls.draw,),
    "week": (settings_mail.draw, settings_forms.draw_departments),
    "people": (_roles, _stage_list),
    "data": (settings_keeping.draw, _store),
    "audit": (settings_audit.draw,),
}
