"""The second schema: a store of the first keeps its words, its kinds get names that a form knows, and checks get their moment."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import text

from store import migrations
from store.engine import open_store, prepare, reading, writing
from store.people.changes import Change, changes
from store.people.meetings import meetings, one_things
from store.people.promises import register

REAL = migrations.HERE
CHANGE = """INSERT INTO change (code, what_nl, what_en, why, kind, journey, stage, channel, metric, direction, state,
 registered_at, started_at, ramp_days, finished_at, due_at, proposed_by, owner, customer_check, override_reason, small)
 VALUES (:code, 'x', '', :why, :kind, 'airline', 'fly', '', '', 'up', 'decided', 5, 0, 0, 0, 0, '', '', :check, '', false)"""
AUDIT = """INSERT INTO audit (at, who, action, subject, detail, previous_hash, hash)
 VALUES (:at, 'me', :action, 'change V-001', '', '', '')"""


@pytest.fixture
def first(store_url, tmp_path, monkeypatch):
    """A store of the first schema, as an earlier program made it."""
    folder = tmp_path / "migrations"
    shutil.copytree(REAL, folder, ignore=shutil.ignore_patterns("__pycache__", "000[2-9]*"))
    monkeypatch.setattr(migrations, "HERE", folder)
    engine = open_store(store_url, writer=True)
    prepare(engine)
    monkeypatch.setattr(migrations, "HERE", REAL)
    yield engine
    engine.dispose()


PROMISE = """INSERT INTO promise_version (promise_id, version, state, text_nl, text_en, journey, stage, channel, segment, kind,
 metric, soft_mark, valid_from, reach, emphasis, campaign, said_where, link, owner, evidence, made_by, approved_by, at)
 VALUES (1, 1, 'approved', 'x', '', 'airline', 'fly', '', '', 'soft',
 '', 8, 5, 1, 2, 'Altijd bereikbaar', 'abri', '', '', '', '', '', 5)"""


def filled(engine):
    rows = [
        ("V-001", "small", "vier klanten"),
        ("V-002", "system", "zes klanten"),
        ("V-003", "communication", ""),
        ("V-004", "product", ""),
    ]
    with writing(engine) as connection:
        for code, kind, check in rows:
            connection.execute(text(CHANGE), {"code": code, "why": "omdat", "kind": kind, "check": check})
        for at, action in ((7, "register"), (8, "decided"), (9, "running")):
            connection.execute(text(AUDIT), {"at": at, "action": action})
        connection.execute(text("INSERT INTO meeting (at, held, notes) VALUES (4, true, 'besloten')"))
        named = "INSERT INTO one_thing (at, guest_role, department, what_nl, what_en, journey, stage, outcome)"
        connection.execute(text(f"{named} VALUES (4, '', 'hr', 'y', '', 'airline', 'fly', 'gedaan')"))


def test_what_was_written_stays_and_says_its_language(first):
    filled(first)
    prepare(first)
    kept = {change.code: change for change in changes(first, "airline")}
    assert {c.why_nl for c in kept.values()} == {"omdat"} and {c.why_en for c in kept.values()} == {""}
    assert (kept["V-001"].customer_check_nl, kept["V-001"].customer_check_en) == ("vier klanten", "")
    assert [(m.notes_nl, m.notes_en) for m in meetings(first)] == [("besloten", "")]
    assert [(t.outcome_nl, t.outcome_en) for t in one_things(first, "airline", 9)] == [("gedaan", "")]


def test_a_promise_keeps_its_campaign_and_place_in_dutch(first):
    with writing(first) as connection:
        connection.execute(text("INSERT INTO promise (code, created_at) VALUES ('B-01', 5)"))
        connection.execute(text(PROMISE))
    prepare(first)
    kept = register(first, "airline")[0]
    assert (kept.campaign_nl, kept.campaign_en, kept.said_where_nl) == ("Altijd bereikbaar", "", "abri")
    assert kept.campaign("en") == "Altijd bereikbaar" and kept.said_where("en") == "abri"  # never translated


def test_a_check_has_the_moment_of_its_decision_or_none(first):
    filled(first)
    prepare(first)
    assert {c.code: c.checked_at for c in changes(first, "airline")} == {"V-001": 8, "V-002": 0, "V-003": 0, "V-004": 0}


def test_a_small_thing_gets_a_kind_and_stays_small(first):
    filled(first)
    prepare(first)
    assert [(c.kind, c.small) for c in changes(first, "airline")] == [
        ("process", True), ("software", False), ("message", False), ("product", False),
    ]  # fmt: skip


def test_the_columns_take_what_an_older_insert_leaves_out(first):
    prepare(first)
    with writing(first) as connection:
        connection.execute(text("INSERT INTO meeting (at, held, notes_nl) VALUES (4, false, '')"))
    with reading(first) as connection:
        assert connection.execute(text("SELECT notes_en FROM meeting")).scalar_one() == ""
    assert Change().checked_at == 0
