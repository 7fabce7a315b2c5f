"""How often employees spoke per stage: their messages and what they named, by an index of their own, apart from customers."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, text

from store.engine import reading, writing
from store.reads.heard import employees_heard
from store.reads.voices import Wanted, count_voices, read_voices
from store.rows import Placed
from store.tables import OneThing
from tests.store.rows import HOUR, NOW, gone, keep, row


@pytest.fixture
def filled(store):
    """Two customers; employees twice on flying, once on booking, once nowhere, once long ago, and one deleted."""
    staff = {"provenance": "employee", "observed": [], "text": "De band staat vaak stil."}
    keep(
        store,
        row("1", text="Mijn koffer is kwijt."),
        row("2", text="Weer te laat."),
        row("3", **staff),
        row("4", **staff),
        row("5", **staff, placed=[Placed("airline", "book", "rule")]),
        row("6", **staff, placed=[Placed("airline", "", "rule")]),
        row("7", **staff, happened_at=NOW - 900 * HOUR),
        row("8", **staff),
    )
    keep(store, gone("8", 2))
    thing = {"guest_role": "", "department": "hr", "what_nl": "x", "what_en": "", "outcome_nl": "", "outcome_en": ""}
    with writing(store) as connection:
        for stage, at in (("fly", NOW - HOUR), ("", NOW - HOUR), ("fly", NOW + HOUR)):
            connection.execute(insert(OneThing).values(at=at, journey="airline", stage=stage, **thing))
    return store


def test_messages_and_named_things_count_per_stage_within_the_span(filled):
    assert employees_heard(filled, "airline", NOW - 24 * HOUR, NOW) == {"fly": 3, "book": 1}
    assert employees_heard(filled, "airline", 0, NOW + 2 * HOUR) == {"fly": 5, "book": 1}
    assert employees_heard(filled, "other", 0, NOW) == {}


def test_an_employees_message_counts_in_no_mark(filled):
    with reading(filled) as connection:
        assert connection.scalar(text("SELECT sum(n) FROM rollup_week WHERE metric = 'contacts' AND segment = ''")) == 2


def test_voices_are_told_apart_by_who_says_it(filled):
    assert {v.provenance for v in read_voices(filled, Wanted("airline", provenance="employee")).voices} == {"employee"}
    assert [count_voices(filled, Wanted("airline", provenance=who)) for who in ("", "customer", "employee")] == [7, 2, 5]


def test_the_few_employees_are_found_by_their_own_index(filled):
    if filled.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads a table of seven rows whole")
    query = "EXPLAIN QUERY PLAN SELECT count(*) FROM contact WHERE contact.provenance = 'employee' AND happened_at >= 5"
    with reading(filled) as connection:
        assert "ix_contact_employee" in str(connection.execute(text(query)).all())
