"""Settings: the screens on the wall, the journey, who may do what, how long data are kept, and who changed what."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from config.active import DEMO, REAL, shown_store
from config.language import Texts
from config.settings import settings
from metrics.registry import metric as metric_of
from pages import settings_forms, settings_keeping, settings_mail, settings_walls
from pages.rights import choose_store, entries, verify
from pages.roles import ROLES, UNKNOWN
from pages.sheet import Node, el, sheet
from pages.visit import Visit, begin, freshness

AUDIT_SHOWN = 50


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
    goal = t("settings.goal", metric=metric_of(journey.goal_metric).name(t.code).lower(), target=t.number(journey.goal_target))
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
    shown = el("p", "cap", t("settings.store_now", url=shown_store(visit.url)))
    sheet([el("h2", "section", t("settings.store")), shown, el("p", "cap", t("settings.store_how"))], "store")
    other, label = (REAL, t("settings.open_own")) if visit.demo else (DEMO, t("settings.open_demo"))
    if visit.person.may("manager") and st.button(label, key="switch"):
        choose_store(other)
        st.success(t("home.left") if visit.demo else t("settings.switched"))


def _audit(visit: Visit) -> None:
    t = visit.t
    broken = verify(visit.store)
    state = t("settings.audit_broken", count=t.whole(len(broken))) if broken else t("settings.audit_whole")
    rows = [_entry(row, visit) for row in entries(visit.store, limit=AUDIT_SHOWN)]
    head = el("tr", None, *[el("th", {"scope": "col"}, t(f"settings.audit_{name}")) for name in ("when", "who", "what")])
    table = el("table", "list", el("thead", None, head), el("tbody", None, *rows))
    table = table if rows else el("p", "cap", t("settings.audit_none"))
    sheet([el("h2", "section", t("settings.audit")), el("p", "cap", state), table], "audit")


def _entry(row, visit: Visit) -> Node:
    when = freshness(row.at, visit)
    return el(
        "tr", None, el("td", None, when), el("td", None, row.who or "–"), el("td", None, did(row.action, row.subject, visit.t))
    )


def did(action: str, subject: str, t: Texts) -> str:
    """A row of the audit in words: `approved`, `promise B-01` is "belofte B-01 goedgekeurd"."""
    kind, _, id = subject.partition(" ")
    if subject.startswith("one thing "):
        kind, id = "one_thing", subject.removeprefix("one thing ")
    if not (t.has(f"audit.{action}") and t.has(f"audit.kind_{kind}")):
        return f"{action} · {subject}"  # written by a newer version of Klantblik
    return t(f"audit.{action}", what=f"{t(f'audit.kind_{kind}')} {id}".strip())


# What stands together, in the order in which an office needs it.
PARTS: dict[str, tuple[Callable[[Visit], None], ...]] = {
    "screens": (settings_walls.draw,),
    "week": (settings_mail.draw, settings_forms.draw_departments),
    "people": (_roles, _stage_list),
    "data": (settings_keeping.draw, _store),
    "audit": (_audit,),
}
