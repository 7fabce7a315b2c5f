import sqlite3
import threading

import pytest
from sqlalchemy.exc import DatabaseError, InternalError, OperationalError

from ingest import writer as writing
from ingest.status import STOPPED
from ingest.writer import Item, Writer, merged
from store.reads.sources import read_sources as sources
from store.rows import Batch, Refused, Row
from store.stored import stored_rows
from store.writes import begin_epoch, read_state

AT = 1_772_438_400_000


class Sender:
    abandoned = False

    def __init__(self):
        self.heard, self.refused = [], None

    def committed(self, batches, state):
        self.heard.append((batches, state))

    def refuse(self, status):
        self.refused = status


def rows(*ids, source="post"):
    return [Row(source, "", str(id), 1, "upsert", AT, AT, channel="social") for id in ids]


def item(sender, *ids, state=None, epoch=None, bad=0, acknowledge=()):
    batch = Batch("post", rows(*ids), [Refused("", b"x", "bad")] * bad, state=state, epoch=epoch)
    return Item(sender, batch, list(acknowledge))


def ids(place):
    return [row.external_id for _, row in stored_rows(place.engine)]


@pytest.fixture
def writer(place):
    return Writer(place, 8, 500, lambda line: None)


def test_small_batches_of_one_sender_become_one_and_keep_their_order():
    a, b = Sender(), Sender()
    items = [item(a, 1, state="s1"), item(b, 9), item(a, 2, bad=1), item(a, 3, state="s3")]
    first, second = merged(items, 500)
    assert [row.external_id for row in first.batch.rows] == ["1", "2", "3"] and first.batch.state == "s3" and first.batches == 3
    assert len(first.batch.refused) == 1 and [row.external_id for row in second.batch.rows] == ["9"]


def test_not_more_than_the_limit_at_once():
    sender = Sender()
    found = merged([item(sender, *range(n * 10, n * 10 + 10)) for n in range(5)], 25)
    assert [len(each.batch.rows) for each in found] == [20, 20, 10]


def test_what_comes_close_together_is_gathered_and_a_single_one_not_held_up(place):
    writer, sender = Writer(place, 2, 500, lambda line: None), Sender()

    def feed():
        for n in range(40):
            writer.queue.put(item(sender, n))

    feeder = threading.Thread(target=feed)
    feeder.start()
    turns = 0
    while sum(batches for batches, _ in sender.heard) < 40:
        turns += writer.work(1.0, lambda: False) > 0
    feeder.join()
    assert turns < 40 and len(ids(place)) == 40


def test_commits_then_acknowledges_then_tells(place, writer):
    sender, order = Sender(), []
    writer.queue.put(item(sender, 1, 2, state="s", acknowledge=[lambda: order.append(ids(place))]))
    assert writer.work(0, lambda: False) == 1
    assert order == [["1", "2"]] and sender.heard == [(1, "s")] and read_state(place.engine, "post") == "s"


def test_a_newer_runner_took_it_over(place, writer):
    sender = Sender()
    old = begin_epoch(place.engine, "post")
    begin_epoch(place.engine, "post")
    writer.queue.put(item(sender, 1, epoch=old))
    writer.work(0, lambda: False)
    assert ids(place) == [] and sender.refused.key == "taken_over" and sender.heard == []


def test_what_an_abandoned_sender_said_is_not_believed(place, writer):
    sender = Sender()
    sender.abandoned = True
    writer.queue.put(item(sender, 1))
    writer.work(0, lambda: False)
    assert ids(place) == [] and sender.heard == []


def test_a_mistake_in_one_source_stops_that_one_only(place, writer):
    wrong, right = Sender(), Sender()
    broken = item(wrong, 1)
    broken.batch.rows[0].version = None  # type: ignore[assignment]
    writer.queue.put(broken)
    writer.queue.put(item(right, 2))
    writer.work(0, lambda: False)
    assert wrong.refused.state == STOPPED and right.heard == [(1, None)] and ids(place) == ["2"]


def test_what_waits_behind_a_batch_that_could_not_be_stored_does_not_move_the_place_past_it(place, monkeypatch):
    """Else a source that starts again would begin behind messages that no one ever stored."""
    writer, sender, save, acknowledged = Writer(place, 8, 1, lambda line: None), Sender(), writing.save, []

    def falls_once(engine, batch, **more):
        if batch.state == "2":
            raise InternalError("INSERT", (), Exception("odd"))
        return save(engine, batch, **more)

    monkeypatch.setattr(writing, "save", falls_once)
    for n in (1, 2, 3):
        writer.queue.put(item(sender, n, state=str(n), acknowledge=[lambda n=n: acknowledged.append(n)]))
    while writer.work(0.1, lambda: False):
        pass
    assert (ids(place), read_state(place.engine, "post"), acknowledged) == (["1"], "1", [1])
    assert sender.refused.state == STOPPED


def test_waits_while_the_store_is_locked_and_goes_on(place):
    lines, sender = [], Sender()
    with place.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(place.url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(1.0, lambda: other.execute("ROLLBACK"))
    timer.start()
    writer = Writer(place, 8, 500, lines.append)
    writer.queue.put(item(sender, 1))
    writer.work(0, lambda: False)
    timer.join()
    other.close()
    assert ids(place) == ["1"] and sender.heard == [(1, None)] and "locked" in lines[0]


def test_gives_up_waiting_when_the_process_stops(place, monkeypatch):
    def locked(*arguments, **options):
        raise OperationalError("INSERT", (), sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr("ingest.writer.save", locked)
    sender = Sender()
    writer = Writer(place, 8, 500, lambda line: None)
    writer.queue.put(item(sender, 1))
    writer.work(0, lambda: True)
    assert sender.heard == [] and sender.refused is None


def test_a_damaged_store_stops_everything(place, monkeypatch):
    def damaged(*arguments, **options):
        raise DatabaseError("INSERT", (), sqlite3.DatabaseError("database disk image is malformed"))

    monkeypatch.setattr("ingest.writer.save", damaged)
    writer = Writer(place, 8, 500, lambda line: None)
    writer.queue.put(item(Sender(), 1))
    with pytest.raises(DatabaseError):
        writer.work(0, lambda: False)


def test_counts_add_up_over_what_was_merged(place, writer):
    sender = Sender()
    for n in range(3):
        writer.queue.put(item(sender, n, n, bad=1))
    writer.work(0, lambda: False)
    (source,) = sources(place.engine)
    assert (source.received, source.stored, source.duplicates, source.quarantined) == (9, 3, 3, 3)


def test_batches_of_two_imports_are_never_joined():
    def item(import_id, state, ended=False):
        batch = Batch("drop", [], [Refused("", b"x", "why")], state=state, import_id=import_id, import_ended=ended)
        return Item(sender, batch)

    sender = Sender()
    found = merged([item(1, "a"), item(1, "b", ended=True), item(2, "c"), item(2, "d")], 100)
    assert [(each.batch.import_id, each.batch.state, each.batch.import_ended) for each in found] == [
        (1, "b", True),
        (2, "d", False),
    ]
