"""F3 and F6: a disk that is full, and a database file that is damaged."""

import shutil
import threading
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import event as events
from sqlalchemy import text

from ingest.doctor import RESTORE, examine
from ingest.inbox import deliver
from ingest.opening import now_ms
from ingest.sources import Source
from ingest.writer import Item, Writer
from store.corridor.faults import DatabaseFault
from store.corridor.inbox import backlog
from store.engine import open_store
from store.errors import StoreError
from store.recount import recount
from store.rows import Batch
from store.stored import stored_rows
from store.writes import read_state, save
from tests.faults.counts import chance, times

from .conftest import event
from .fakes import Config, Signed

pytestmark = pytest.mark.faults
FULL_TIMES, DAMAGES = times(1, 3, 50), times(12, 40, 1_000)
LONG = "Mijn koffer is nog steeds niet aangekomen en niemand belt terug. " * 30


@contextmanager
def full_disk(engine):
    """SQLite answers SQLITE_FULL, as on a disk without room, once the file would grow."""

    def limit(dbapi, _record):
        pages = dbapi.execute("PRAGMA page_count").fetchone()[0]
        dbapi.execute(f"PRAGMA max_page_count = {pages}").close()

    events.listen(engine, "connect", limit)
    engine.dispose()
    try:
        yield
    finally:
        events.remove(engine, "connect", limit)
        engine.dispose()


class Sender:
    abandoned = False

    def __init__(self):
        self.heard = []

    def committed(self, batches, state):
        self.heard.append(state)

    def refuse(self, status):
        self.heard.append(status)


def batch_of(place, first, count, state=None):
    rows, _ = place.pipeline("post").prepare([event(str(n), LONG) for n in range(first, first + count)], now_ms())
    return Batch("post", rows, state=state)


@pytest.mark.parametrize("turn", range(FULL_TIMES))
def test_a_full_disk_loses_nothing_and_goes_on_by_itself(place, turn):
    save(place.engine, batch_of(place, 0, 3, "3"), now_ms=now_ms(), zone=place.zone)
    hook, sender, said, stop = Source("hook", Signed(), Config()), Sender(), [], threading.Event()
    writer = Writer(place, 4, 500, said.append)
    waiting = batch_of(place, 3, 400, "403")
    thread = threading.Thread(target=lambda: writer.work(0.1, stop.is_set))
    with full_disk(place.engine):
        writer.queue.put(Item(sender, waiting))
        thread.start()
        deadline = time.monotonic() + 10
        while not said and time.monotonic() < deadline:
            time.sleep(0.01)
        answer = deliver(place.engine, hook, {"signature": "secret", "delivery": "d1"}, b"x" * 4_000_000, now_ms())
        assert answer[0] == 503 and "full" in said[0] and sender.heard == []
        assert read_state(place.engine, "post") == "3" and len(stored_rows(place.engine)) == 3
    thread.join(20)
    assert sender.heard == ["403"] and len(stored_rows(place.engine)) == 403 and backlog(place.engine) == 0
    assert recount(place.engine, place.zone) == []


def totals(engine):
    with engine.connect() as connection:
        return connection.execute(text("SELECT sum(n), sum(m1), sum(w) FROM rollup_day")).one()


def test_damage_is_noticed_or_changes_no_number(place, tmp_path):
    """One byte changed, or the end cut off: the doctor names it and the way back, or every total is what it was."""
    save(place.engine, batch_of(place, 0, 150), now_ms=now_ms(), zone=place.zone)
    right = totals(place.engine)
    place.close()
    dice, file, whole = chance(), tmp_path / "spoilt.db", (tmp_path / "store.db").read_bytes()
    noticed = 0
    for n in range(DAMAGES):
        at = dice.randrange(100, len(whole))
        file.write_bytes(whole[:at] if n % 4 == 0 else whole[:at] + bytes([whole[at] ^ dice.randint(1, 255)]) + whole[at + 1 :])
        engine = open_store(f"sqlite:///{file}")
        try:
            found = [finding for finding in examine(engine, place.zone, True) if finding.faults]
            noticed += bool(found)
            assert found or totals(engine) == right, f"damage {n} at byte {at}"
            assert all(RESTORE in finding.faults for finding in found if finding.check == "file")
        except (DatabaseFault, StoreError):
            noticed += 1
        finally:
            engine.dispose()
            for end in ("-wal", "-shm"):
                file.with_name(file.name + end).unlink(missing_ok=True)
    assert noticed >= DAMAGES // 4, "every file that was cut off, at least"
    shutil.rmtree(tmp_path, ignore_errors=True)
