"""F5 on SQLite: somebody else writes for long; readers read on, webhooks are asked to come back, ingest waits and goes on."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest

from ingest.inbox import deliver
from ingest.opening import now_ms
from ingest.runner import Runner
from ingest.sources import Source
from store import engine as engines
from store.reads.scorecard import newest_day
from store.stored import stored_rows
from store.writes import read_state
from tests.faults.counts import times
from tests.faults.numbered import SIZE, Numbered, assert_whole
from tests.ingest.conftest import chosen, key, place  # noqa: F401 - fixtures
from tests.ingest.fakes import Config, Signed

pytestmark = pytest.mark.faults
HELD_S = times(1, 12, 60)  # longer than SQLite itself waits: 5 s, in a quick run less
PATIENCE_S = 90.0


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(engines, "BUSY_MS", times(200, 5_000, 5_000))


class Held(Numbered):
    """One whose fifth batch waits for the other writer: on a quick machine all would be stored before that one had its turn."""

    def __init__(self, until: int, acknowledged: Path, other_writes: threading.Event) -> None:
        super().__init__(until, acknowledged)
        self.other_writes = other_writes

    def read(self, config, state, stop, clock):
        for batch in super().read(config, state, stop, clock):
            if int(batch.state or 0) > 4 * SIZE:
                self.other_writes.wait(PATIENCE_S)
            yield batch


@pytest.mark.parametrize("turn", range(times(1, 5, 10)))
def test_another_writer_that_holds_the_store_for_long_costs_nothing(turn, impatient, place, tmp_path):  # noqa: F811
    other_writes, stop = threading.Event(), threading.Event()
    source = Held(40 * SIZE, tmp_path / "acknowledged", other_writes)
    runner = Runner(place, [Source("numbered", source, Config())], stop, lambda line: None, events=SIZE, gather_s=0.0)
    thread = threading.Thread(target=runner.run)
    thread.start()
    until(lambda: int(read_state(place.engine, "numbered") or 0) >= 2 * SIZE)
    with sqlite3.connect(tmp_path / "store.db", isolation_level=None, timeout=PATIENCE_S) as other:
        other.execute("BEGIN IMMEDIATE")
        other_writes.set()
        held = time.monotonic()
        far = read_state(place.engine, "numbered")
        while time.monotonic() - held < HELD_S:
            day = newest_day(place.engine, "airline")
            assert read_state(place.engine, "numbered") == far, "nobody writes meanwhile"
            time.sleep(0.05)
        assert day is not None and len(stored_rows(place.engine, limit=1_000)) == int(far)
        hook = Source("hook", Signed(), Config())
        assert deliver(place.engine, hook, {"signature": "secret", "delivery": "d1"}, b"x", now_ms())[0] == 503
        other.execute("ROLLBACK")
    thread.join(PATIENCE_S)
    assert not thread.is_alive() and int(far) < 40 * SIZE, "it was held up, and went on by itself"
    assert assert_whole(place.url, source.acknowledged) == 40 * SIZE
    assert deliver(place.engine, hook, {"signature": "secret", "delivery": "d1"}, b"x", now_ms())[0] == 200


def until(true):
    deadline = time.monotonic() + PATIENCE_S
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert true()
