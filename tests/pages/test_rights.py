"""Who may read and write what: every guarded function and every page, for every role; a lock holds without its page."""

from __future__ import annotations

import ast
import inspect
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from config.settings import settings
from config.sign_in import ROLES
from pages import rights, roles, visit
from tests.config.test_sign_in import COMPLETE
from tests.pages.screens import said

FOLDER = Path(rights.__file__).parent
LISTENERS, WRITERS = {"manager", "marketing", "privacy"}, {"manager", "marketing"}
WATCHERS, MANAGER = {"manager", "privacy"}, {"manager"}
# Written out here, apart from pages/rights.py, so that a role that gains a right by a slip is seen.
MAY = {
    **dict.fromkeys(("read_voices", "read_voice", "base_rate", "count_voices", "enough_customers", "corrected"), LISTENERS),
    **dict.fromkeys(("correct_stage", "correct_sentiment", "approve_quote", "refuse_quote", "report_leak"), LISTENERS),
    **dict.fromkeys(("count_corrections", "read_gaps", "read_imports", "read_quarantine", "count_quarantine", "jobs"), LISTENERS),
    **dict.fromkeys(("save_draft", "approve", "reject", "retire", "register_change", "advance", "annotate", "ask"), WRITERS),
    **dict.fromkeys(("record_check", "set_boss_stage", "spoke_with", "leave_panel"), WRITERS),
    **dict.fromkeys(("name_one_thing", "close_thing", "save_meeting", "save_touchpoint"), WRITERS),
    **dict.fromkeys(("screens", "confirm", "change_wall", "revoke", "set_house_quotes", "cancel", "choose_store"), MANAGER),
    **dict.fromkeys(("choose_journey", "edit_journey", "set_departments", "set_mailing"), MANAGER),
    **dict.fromkeys(("entries", "verify", "set_keep_days", "ask_training"), WATCHERS),
}
OPENED_BY = {
    "home": set(ROLES),
    "week": set(ROLES),
    "promises": set(ROLES),
    "journey": {"viewer", "manager", "marketing"},
    "changes": {"viewer", "manager", "marketing"},
    "voices": LISTENERS,
    "sources": LISTENERS,
    "settings": WATCHERS,
}


def guarded_functions() -> dict[str, object]:
    return {name: found for name, found in vars(rights).items() if hasattr(found, "allowed") and not name.startswith("_")}


@pytest.fixture
def as_role(monkeypatch):
    """Sign in as somebody with this role ('' is none) at a provider that is configured."""

    def sign_in(role: str) -> None:
        for name, value in COMPLETE.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        claims = {"is_logged_in": True, "email": f"{role}@b.nl", "roles": [role] if role else [], "iat": time.time()}
        monkeypatch.setattr(roles.st, "user", claims)

    return sign_in


def refused_or_reached(name: str) -> tuple[str, bool]:
    """What a person reads who makes a page call the real function, and whether it got as far as using what it was given."""
    wanted = [p for p in inspect.signature(getattr(rights, name)).parameters.values() if p.default is p.empty]
    wanted = [p for p in wanted if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    given = ", ".join("Store()" if p.kind is not p.KEYWORD_ONLY else f"{p.name}=Store()" for p in wanted)
    at = AppTest.from_string(f"from tests.pages.test_rights import Store\nfrom pages.rights import {name}\n{name}({given})")
    at.query_params["lang"] = "en"
    at.run()
    return said(at), bool(at.exception)


def test_every_lock_is_written_down_here():
    assert {name: set(found.allowed) for name, found in guarded_functions().items()} == MAY


@pytest.mark.parametrize("role", ["", *ROLES])
@pytest.mark.parametrize("name", sorted(MAY))
def test_a_lock_opens_for_its_roles_only(name, role, as_role):
    as_role(role)
    words, reached = refused_or_reached(name)
    allowed = role == "admin" or role in MAY[name]
    assert reached == allowed
    assert ("Your role does not open" in words or "you have no role" in words) != allowed


class Store:
    """What must not be touched: any use of it is an error that the page would show."""

    def __getattr__(self, name: str):
        raise AssertionError(f"the store was reached: {name}")


@pytest.mark.parametrize("role", ["", *ROLES])
@pytest.mark.parametrize("page", sorted(OPENED_BY))
def test_a_page_opens_for_its_roles_and_reads_nothing_for_others(page, role, as_role, store, monkeypatch):
    as_role(role)
    monkeypatch.setenv("KLANTBLIK_STORE_URL", store("empty"))
    reached = []
    real = visit._visit
    monkeypatch.setattr(visit, "_visit", lambda *given: reached.append(1) or real(*given))
    at = AppTest.from_string(f"from pages import {page}\n{page}.show()", default_timeout=60).run()
    assert not at.exception
    allowed = role == "admin" or role in OPENED_BY[page]
    assert bool(reached) == allowed and (allowed or "refused" in str(at.main))


def test_nobody_without_a_role_gets_the_store_at_all(as_role, store):
    as_role("")
    at = AppTest.from_string(
        f"import streamlit as st\nfrom pages.visit import opened\nst.text(str(opened({store('demo')!r})))"
    ).run()
    assert not at.text and not at.exception


def test_no_page_goes_round_a_lock():
    behind = {name.lstrip("_") for name in MAY} - {"change_wall"} | {"change"}
    modules = {
        "store.reads.voices",
        "store.reads.sources",
        "store.people.corrections",
        "store.people.audit",
        "store.people.journey_edits",
        "store.people.walls",
    }
    modules |= {
        "store.people.promises",
        "store.people.changes",
        "store.people.annotations",
        "store.corridor.jobs",
        "config.active",
    }
    found = []
    for file in FOLDER.glob("*.py"):
        if file.name == "rights.py":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf8"))):
            if isinstance(node, ast.ImportFrom) and node.module in modules:
                found += [f"{file.name} {alias.name}" for alias in node.names if alias.name in behind]
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in behind:
                found += (
                    [f"{file.name} {node.value.id}.{node.attr}"] if node.value.id in {m.split(".")[-1] for m in modules} else []
                )
    assert found == []


def test_the_menu_and_the_pages_go_by_one_table():
    assert {name: set(allowed) for name, allowed in roles.OPENS.items()} == OPENED_BY
