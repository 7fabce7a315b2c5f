"""Settings: the screens on the wall, the journey, who may do what, how long data are kept, and who changed what."""

from __future__ import annotations

import streamlit as st

from config.active import DEMO, REAL, shown_store
from config.language import Texts
from config.settings import settings
from metrics.registry import metric as metric_of
from pages import settings_forms, settings_mail
from pages.acting import act, ask_name
from pages.rights import change_wall, choose_store, confirm, entries, revoke, screens, verify
from pages.roles import ROLES, UNKNOWN
from pages.sheet import Node, el, sheet
from pages.visit import Visit, begin, freshness, utc_now_ms
from store.people.walls import Screen

KEPT = ("minute", "hour", "day", "text")
AUDIT_SHOWN = 50
LANGUAGES = ("", "nl", "en")
NEAREST_M, FARTHEST_M = 1.0, 20.0


def show() -> None:
    """Draw the page."""
    visit = begin("settings", needs_data=False)
    if words := st.session_state.pop("said", ""):
        st.success(words)
    sheet([el("h1", None, visit.t("nav.settings"))], "title")
    if visit.person.may("manager"):
        _walls(visit)
    settings_mail.draw(visit)
    settings_forms.draw_departments(visit)
    _stage_list(visit)
    _roles(visit)
    _kept(visit)
    _store(visit)
    _audit(visit)


def _walls(visit: Visit) -> None:
    t = visit.t
    known = [screen for screen in screens(visit.store) if screen.allowed]
    title = t("settings.walls_count", count=t.whole(len(known))) if known else t("settings.walls_none")
    sheet([el("h2", "section", title), el("p", "cap", t("settings.walls_how"))], "walls")
    for screen in known:
        _screen(screen, visit)
    with st.form("enrol", clear_on_submit=True):
        code, name, language, distance = st.columns([1, 2, 1, 1])
        typed = code.text_input(t("settings.code"), max_chars=12)
        called = name.text_input(t("settings.wall_name"), max_chars=60)
        chosen = language.selectbox(t("settings.wall_language"), LANGUAGES, format_func=lambda c: _language(c, visit))
        metres = distance.number_input(t("settings.distance"), NEAREST_M, FARTHEST_M, settings().wall.distance_m, step=0.5)
        who = ask_name(visit, "enrol")
        if st.form_submit_button(t("settings.enrol"), type="primary"):
            values = {"language": chosen or "", "distance_m": metres}
            about = (visit.store, typed, who, called, utc_now_ms())
            act(visit, "settings", who, lambda: confirm(*about, **values), t("settings.enrolled"))


def _screen(screen: Screen, visit: Visit) -> None:
    t = visit.t
    words, language, distance, away = st.columns([3, 1.2, 1, 1], vertical_alignment="bottom")
    seen = freshness(screen.seen_at, visit) if screen.seen_at else t("never")
    with words:
        line = t("settings.wall_line", who=screen.confirmed_by, seen=seen)
        sheet([el("p", None, el("b", None, screen.name)), el("div", "small", line)], f"wall-{screen.id}")
    at = LANGUAGES.index(screen.language) if screen.language in LANGUAGES else 0
    spoken = language.selectbox(
        t("settings.wall_language"), LANGUAGES, index=at, format_func=lambda c: _language(c, visit), key=f"language-{screen.id}"
    )
    metres = distance.number_input(
        t("settings.distance"), NEAREST_M, FARTHEST_M, screen.distance_m, step=0.5, key=f"distance-{screen.id}"
    )
    who = visit.person.name or str(st.session_state.get("who", "")) or "-"
    if (spoken, metres) != (screen.language, screen.distance_m):
        values = {"language": spoken or "", "distance_m": metres}
        about = (visit.store, screen.id, who, utc_now_ms())
        act(visit, "settings", who, lambda: change_wall(*about, **values), t("settings.wall_changed"))
    if away.button(t("settings.revoke"), key=f"revoke-{screen.id}", width="stretch"):
        act(visit, "settings", who, lambda: revoke(visit.store, screen.id, who, utc_now_ms()), t("settings.revoked"))


def _language(code: str, visit: Visit) -> str:
    return visit.t(f"settings.language_{code or 'both'}")


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


def _kept(visit: Visit) -> None:
    t = visit.t
    pairs = [(t(f"settings.kept_{name}"), t(f"settings.kept_{name}_for")) for name in KEPT]
    table = el("table", "list", el("tbody", None, *[el("tr", None, el("td", None, a), el("td", None, b)) for a, b in pairs]))
    sheet([el("h2", "section", t("settings.kept")), el("p", "cap", t("settings.kept_how")), table], "kept")


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
