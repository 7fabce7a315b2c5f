"""F3, F5 and F6 on PostgreSQL: restarted and crashed during ingest, out of room, a page of its files damaged."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from config.settings import read_settings
from ingest.doctor import RESTORE, examine
from ingest.inbox import deliver
from ingest.opening import now_ms, open_place
from ingest.runner import Runner
from ingest.sources import Source
from ingest.writer import Item, Writer
from store.corridor.faults import DatabaseFault, is_damage
from store.corridor.inbox import backlog
from store.engine import open_store
from store.recount import recount
from store.rows import Batch
from store.stored import stored_rows
from store.writes import read_state, save
from tests.faults.counts import chance, times
from tests.ingest.conftest import event, key  # noqa: F401 - a fixture
from tests.ingest.fakes import Config, Signed
from tests.ingest.kills import Redelivering, verdict
from tests.ingest.test_broken_disks import Sender
from tests.postgres import Unavailable, own_server, required

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
PATIENCE_S = 30.0
LONG = "Mijn koffer is nog steeds niet aangekomen en niemand belt terug. " * 30


@pytest.fixture
def own():
    """A PostgreSQL server of this test's own, as safe as in the field: nothing is turned off for speed."""
    try:
        with own_server(()) as server:
            yield server
    except Unavailable as reason:
        if required():
            pytest.fail(str(reason))
        pytest.skip(str(reason))


def opened(url):
    return open_place(url, read_settings(environ={}))


def until(true):
    deadline = time.monotonic() + PATIENCE_S
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert true(), "it did not come back"


def lines(file: Path) -> int:
    return file.read_text().count("\n") if file.exists() else 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restarted", "crashed"])
def test_a_server_that_goes_away_during_ingest_costs_nothing_and_is_found_again(own, tmp_path, how):
    """A source delivers without end while its store is stopped or crashes again and again; each time it goes on by itself."""
    acknowledged, stop, said, dice = tmp_path / "acknowledged", threading.Event(), [], chance()
    place = opened(own.url)
    source = Source("redelivering", Redelivering(acknowledged, None, False), Config())
    thread = threading.Thread(target=Runner(place, [source], stop, said.append).run)
    thread.start()
    try:
        for _ in range(times(1, 5, 50)):
            before = lines(acknowledged)
            until(lambda before=before: lines(acknowledged) > before)
            time.sleep(dice.uniform(0.0, 0.3))
            own.stop(how)
            time.sleep(dice.uniform(0.0, 0.5))
            before = lines(acknowledged)
            own.start()
            until(lambda before=before: lines(acknowledged) > before)
    finally:
        stop.set()
        thread.join(PATIENCE_S)
    place.close()
    assert not thread.is_alive() and any("does not take writes" in line for line in said)
    found = verdict(own.url, acknowledged)
    assert len(acknowledged.read_text().split()) > 20
    assert (found["lost"], found["doubled"], found["wrong"], found["differences"], found["faults"]) == (0, 0, 0, 0, []), found


@contextmanager
def refused_by_the_server(own):
    """Every contact is refused as a full disk refuses it (53100), until the trigger is gone."""
    with psycopg.connect(own.address, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"
        )
        for table in ("contact", "inbox"):
            connection.execute(f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} EXECUTE FUNCTION full_disk()".encode())
        yield
        connection.execute("DROP FUNCTION full_disk CASCADE")


def test_a_full_disk_as_postgresql_says_it_loses_nothing_and_goes_on_by_itself(own):
    _fills_up(opened(own.url), refused_by_the_server(own))


def test_a_small_disk_that_is_really_full_loses_nothing_and_goes_on_by_itself(own):
    """The database lies on a disk of 16 MB, which another file fills up."""
    small = own.home / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", small], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here: needs root and the right to mount")
    try:
        (small / "base").mkdir()
        os.chown(small / "base", own.owner["user"], own.owner["group"])
        with psycopg.connect(own.address, autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{small}/base'".encode())
            connection.execute("CREATE DATABASE full_up TABLESPACE small")
        _fills_up(opened(own.url.replace("/postgres?", "/full_up?")), filled(small / "other"))
    finally:
        own.stop()
        subprocess.run(["umount", small], check=True)


@contextmanager
def filled(file: Path):
    with file.open("wb") as other:
        try:
            while True:
                other.write(b"x" * 65_536)
                other.flush()
        except OSError:
            pass
    yield
    file.unlink()


def _fills_up(place, full):
    save(place.engine, batch_of(place, 0, 3, "3"), now_ms=now_ms(), zone=place.zone)
    hook, sender, said, stop = Source("hook", Signed(), Config()), Sender(), [], threading.Event()
    writer = Writer(place, 4, 500, said.append)
    thread = threading.Thread(target=lambda: writer.work(0.1, stop.is_set))
    waiting = batch_of(place, 3, 400, "403")
    with full:
        writer.queue.put(Item(sender, waiting))
        thread.start()
        until(lambda: said)
        answer = deliver(place.engine, hook, {"signature": "secret", "delivery": "d1"}, os.urandom(4_000_000), now_ms())
        assert answer[0] == 503 and "No space left" in said[0] and sender.heard == []
        assert read_state(place.engine, "post") == "3" and len(stored_rows(place.engine)) == 3
    thread.join(PATIENCE_S)
    assert sender.heard == ["403"] and len(stored_rows(place.engine, limit=1_000)) == 403 and backlog(place.engine) == 0
    assert recount(place.engine, place.zone) == []
    place.close()


def batch_of(place, first, count, state=None):
    rows, _ = place.pipeline("post").prepare([event(str(n), LONG) for n in range(first, first + count)], now_ms())
    return Batch("post", rows, state=state)


DAMAGED = ("contact", "observation", "rollup_day", "rollup_week")


@pytest.mark.parametrize("turn", range(times(1, 3, 25)))
def test_a_damaged_page_is_noticed_and_changes_no_number(own, turn):
    """One byte of a table's file changed while the server was down: the doctor names it and the way back."""
    place, dice = opened(own.url), chance()
    save(place.engine, batch_of(place, 0, 150), now_ms=now_ms(), zone=place.zone)
    with psycopg.connect(own.address, autocommit=True) as connection:
        table = dice.choice(DAMAGED)
        found = connection.execute("SELECT pg_relation_filepath(%s::regclass)", [table]).fetchone()
    place.close()
    own.stop()
    assert found
    file = own.home / "data" / found[0]
    raw = bytearray(file.read_bytes())
    raw[dice.randrange(len(raw))] ^= dice.randint(1, 255)
    file.write_bytes(raw)
    own.start()
    engine = open_store(own.url)
    (said,) = [finding for finding in examine(engine, place.zone, True) if finding.faults]
    assert said.check == "file" and said.faults[-1] == RESTORE and "invalid page" in said.faults[0], (table, said)
    with pytest.raises(DatabaseFault) as fault, engine.connect() as connection:
        connection.execute(text(f"SELECT sum(length(r::text)) FROM {table} r"))
    assert is_damage(fault.value)
    engine.dispose()
