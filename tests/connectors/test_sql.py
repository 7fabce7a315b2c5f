"""SQL: ties and pages lose no row, late commits are read again, and faults never show the address."""

from __future__ import annotations

import json
import sqlite3
import threading
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from connectors.base import ConfigFault
from connectors.sql import PAGE, Config, Sql

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def crm(tmp_path):
    database = sqlite3.connect(tmp_path / "crm.db")
    database.execute(
        "create table contacts (id int primary key, created_at text, updated_at timestamp, deleted int, text text, score real)"
    )
    yield database
    database.close()


def put(crm, id, at, text="Te laat", deleted=0, score=None):
    stamp = f"{at:%Y-%m-%d %H:%M:%S.%f}"
    crm.execute("insert or replace into contacts values (?, ?, ?, ?, ?, ?)", (id, NOW.isoformat(), stamp, deleted, text, score))
    crm.commit()


def config(tmp_path, **more):
    return Config(url=f"sqlite:///{tmp_path}/crm.db", table="contacts", **more)


def read(tmp_path, state=None, **more):
    found = list(Sql().read(config(tmp_path, **more), state, threading.Event(), lambda: NOW))
    states = [batch.state for batch in found if batch.state]
    return [event for batch in found for event in batch.events], states[-1] if states else state


def test_rows_of_one_moment_over_several_pages(crm, tmp_path):
    rows = [(n, NOW.isoformat(), "2026-03-02 09:00:00.000000", 0, "Te laat", None) for n in range(2 * PAGE + 7)]
    crm.executemany("insert into contacts values (?, ?, ?, ?, ?, ?)", rows)
    crm.commit()
    events, _ = read(tmp_path)
    assert len({event.external_id for event in events}) == 2 * PAGE + 7


def test_a_row_that_committed_late_is_read_again_within_the_overlap(crm, tmp_path):
    put(crm, 1, NOW)
    _, state = read(tmp_path)
    put(crm, 2, NOW - timedelta(seconds=30))
    put(crm, 3, NOW - timedelta(seconds=90))
    assert {event.external_id for event in read(tmp_path, state)[0]} == {"1", "2"}
    assert {event.external_id for event in read(tmp_path, state, overlap_s=120)[0]} == {"1", "2", "3"}


def test_edits_and_soft_deletes_are_newer_versions(crm, tmp_path):
    put(crm, 1, NOW, "eerst")
    first, state = read(tmp_path)
    put(crm, 1, NOW + timedelta(seconds=1), "daarna", score=4)
    second, state = read(tmp_path, state, fields={"at": "created_at", "version": "updated_at", "metrics": {"csat": "score"}})
    put(crm, 1, NOW + timedelta(seconds=2), deleted=1)
    third, _ = read(tmp_path, state)
    assert first[-1].version < second[-1].version < third[-1].version and third[-1].op == "delete"
    assert second[-1].said.text == "daarna" and second[-1].said.readings[0].value == 4


def test_a_number_may_be_what_rises(crm, tmp_path):
    crm.execute("create table tickets (id text, seq int, at text, text text)")
    crm.executemany("insert into tickets values (?, ?, ?, ?)", [(f"t{n}", n // 3, NOW.isoformat(), "x") for n in range(20)])
    crm.commit()
    settings = Config(url=f"sqlite:///{tmp_path}/crm.db", table="tickets", updated="seq", fields={"version": "seq"})
    found = list(Sql().read(settings, None, threading.Event(), lambda: NOW))
    assert len(found[0].events) == 20 and json.loads(found[0].state)["updated"] == 6
    assert not next(iter(Sql().read(settings, found[0].state, threading.Event(), lambda: NOW))).events


def test_a_bad_row_is_one_bad_record(crm, tmp_path):
    put(crm, 1, NOW)
    crm.execute("insert into contacts values (2, 'gisteren', '2026-03-02 09:00:00', 0, 'x', null)")
    crm.commit()
    (batch,) = Sql().read(config(tmp_path), None, threading.Event(), lambda: NOW)
    assert len(batch.events) == 1 and len(batch.bad) == 1 and "gisteren" in batch.bad[0].why


def test_faults_say_what_to_mend_and_never_the_address(crm, tmp_path):
    for settings in (config(tmp_path, updated="changed"), Config(url=f"sqlite:///{tmp_path}/crm.db", table="nergens")):
        with pytest.raises(ConfigFault) as fault:
            list(Sql().read(settings, None, threading.Event(), lambda: NOW))
        assert str(tmp_path) not in str(fault.value)
    away = Config(url="postgresql+psycopg://reader:s3cret-word@127.0.0.1:1/x", table="t", deadline_s=5)
    found = Sql().check(away)
    assert found.code == "unreachable" and "s3cret" not in found.hint_en + repr(away)
    with pytest.raises(ValidationError) as refused:
        Config(url="geen adres", table="t")
    assert "postgresql+psycopg" in str(refused.value)
