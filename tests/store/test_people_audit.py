"""The audit is written with what it tells of, and a change in its past shows."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import delete, select, update

from store.people.audit import entries, record, verify
from store.people.facts import facts, get_fact, set_fact
from store.people.writing import writing
from store.tables import Audit, Pulse
from tests.store.people_store import NOW, fresh


@pytest.fixture
def engine(tmp_path):
    return fresh(tmp_path)


def three(engine):
    for number in range(3):
        set_fact(engine, "demo", str(number), f"person {number}", NOW + number)


def test_an_untouched_audit_is_whole_and_tells_who_did_what(engine):
    three(engine)
    assert verify(engine) == []
    newest = entries(engine, "fact demo", limit=1)[0]
    assert (newest.who, newest.action, newest.at) == ("person 2", "set", NOW + 2)
    assert newest.detail == '{"after": "2", "before": "1"}'
    assert get_fact(engine, "demo") == "2" and facts(engine)["demo"] == "2"
    assert get_fact(engine, "absent", "default") == "default"


def test_an_empty_audit_is_whole(engine):
    assert verify(engine) == []


@pytest.mark.parametrize("column, value", [("who", "someone else"), ("detail", "{}"), ("at", 5), ("hash", "0" * 64)])
def test_a_change_in_the_past_shows(engine, column, value):
    three(engine)
    with engine.begin() as connection:
        connection.execute(update(Audit).where(Audit.id == 2).values({column: value}))
    assert 2 in [row.id for row in verify(engine)]


@pytest.mark.parametrize("gone, shown", [(1, 2), (2, 3), (3, 0)])
def test_a_row_taken_away_shows_also_at_the_end(engine, gone, shown):
    three(engine)
    with engine.begin() as connection:
        connection.execute(delete(Audit).where(Audit.id == gone))
    assert [row.id for row in verify(engine)] == [shown]


def test_a_failed_write_leaves_neither_the_write_nor_its_audit_row(engine):
    with pytest.raises(RuntimeError), writing(engine, NOW) as connection:
        record(connection, "me", "set", "fact demo", {}, NOW)
        raise RuntimeError("in the middle")
    assert entries(engine) == [] and verify(engine) == []


def test_every_write_tells_the_screens(engine):
    set_fact(engine, "a", "1", "me", NOW)
    set_fact(engine, "a", "2", "me", NOW + 7)
    with engine.connect() as connection:
        assert connection.execute(select(Pulse.version, Pulse.at)).one() == (2, NOW + 7)


def test_writers_at_the_same_time_keep_one_chain(engine):
    writers = [threading.Thread(target=set_fact, args=(engine, f"k{i}", "v", f"w{i}", NOW + i)) for i in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert verify(engine) == [] and len(entries(engine)) == 8
