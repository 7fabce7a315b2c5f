import queue
import threading
from datetime import UTC, datetime

import pytest

from connectors.base import Missing, Transient
from ingest.feeder import Feeder, Tripped
from ingest.status import Status
from store.engine import ms
from store.rows import Missed

from .conftest import event
from .fakes import Scripted, told

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def feed(place):
    """A feeder over a script, with the queue into which it puts."""

    def make(*script, size=100, state=None, **more):
        out = queue.Queue(maxsize=size)
        return Feeder(Scripted([list(script)], **more).source(), place, 7, state, out, lambda: NOW), out

    return make


def items(out):
    found = []
    while not out.empty():
        found.append(out.get_nowait())
    return found


def test_batches_are_prepared_and_put_with_state_and_epoch(feed):
    feeder, out = feed(told(1, 2, state="a"), told(3, bad=1))
    feeder.pass_through()
    first, second = items(out)
    assert [row.external_id for row in first.batch.rows] == ["1", "2"]
    assert (first.batch.source, first.batch.state, first.batch.epoch) == ("fake", "a", 7)
    assert [payload.reason for payload in second.batch.refused] == ["broken"] and second.batch.state is None


def test_what_the_pipeline_refuses_goes_along_to_quarantine(feed):
    late = told()
    late.events = [event("1"), event("2", at=datetime(2030, 1, 1, tzinfo=UTC))]
    feeder, out = feed(late)
    feeder.pass_through()
    (item,) = items(out)
    assert len(item.batch.rows) == 1 and "ahead" in item.batch.refused[0].reason


def test_gaps_and_erasures_in_the_stores_own_terms(feed, place):
    gap = Missing("posts", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC), "outage")
    feeder, out = feed(told(gap=gap, erased=("jan",)))
    feeder.pass_through()
    (item,) = items(out)
    assert item.batch.missed == [Missed("posts", ms(gap.start), ms(gap.end), "outage")]
    assert item.batch.forgotten == [place.pipeline("fake").hash("jan")] and "jan" not in repr(item.batch)


def test_a_heartbeat_is_not_put_but_counts_as_life(feed):
    feeder, out = feed(told(), told())
    feeder.pass_through()
    assert out.empty() and feeder.heartbeat_ms == ms(NOW) and feeder.status == Status("live", "reading")


def test_a_state_or_an_acknowledgement_alone_is_put(feed):
    feeder, out = feed(told(state="a"), told(acknowledge=lambda: None))
    feeder.pass_through()
    assert [(item.batch.state, len(item.acknowledge)) for item in items(out)] == [("a", 0), (None, 1)]


def test_it_begins_behind_what_is_on_disk(feed):
    feeder, out = feed(told(1, state="b"), state="a")
    feeder.pass_through()
    assert feeder.source.connector.states == ["a"]
    feeder.committed(1, "b")
    feeder.pass_through()
    assert feeder.source.connector.states == ["a", "b"] and out.qsize() == 2


def test_it_waits_for_what_is_under_way_before_it_reads_again(feed):
    feeder, _ = feed(told(1, state="b"))
    feeder.pass_through()
    again = threading.Thread(target=feeder.pass_through)
    again.start()
    again.join(0.3)
    assert again.is_alive() and len(feeder.source.connector.states) == 1
    feeder.committed(1, "b")
    again.join(5)
    assert not again.is_alive() and feeder.source.connector.states == [None, "b"]
    feeder.stop.set()


def test_a_full_queue_is_waited_for_and_given_up_when_stopped(feed):
    feeder, out = feed(told(1), told(2), told(3), size=1)
    reading = threading.Thread(target=feeder.pass_through)
    reading.start()
    reading.join(0.4)
    assert reading.is_alive() and out.qsize() == 1
    feeder.stop.set()
    reading.join(5)
    assert not reading.is_alive()


def test_the_breaker_tells_what_it_saw(feed):
    feeder, _ = feed(told(bad=60))
    written = threading.Timer(0.2, lambda: feeder.committed(1, None))
    written.start()
    with pytest.raises(Tripped):
        feeder.pass_through()
    written.join()
    assert feeder.status.key == "breaker"
    assert feeder.status.values == {"why": "60 records in a row could not be read", "last": "broken"}


def test_a_fault_of_the_source_passes(feed):
    feeder, _ = feed(told(1), Transient("away"))
    with pytest.raises(Transient):
        feeder.pass_through()
    assert feeder.alive_at is None


def test_alive_at_is_set_only_while_it_waits_for_the_source(feed):
    seen = []
    feeder, _ = feed(lambda stop: seen.append(feeder.alive_at), told(1))
    feeder.pass_through()
    assert seen[0] is not None and feeder.alive_at is None


def test_an_abandoned_one_changes_nothing_any_more(feed):
    feeder, out = feed(told(1))
    feeder.abandoned = True
    feeder.say(Status("live", "reading"))
    feeder.pass_through()
    assert feeder.status.key == "starting" and out.empty()


@pytest.mark.parametrize(("mode", "state"), [("once", "done"), ("poll", "live")])
def test_how_it_stands_after_reading_to_the_end(feed, mode, state):
    assert feed(told(1), mode=mode)[0].finish().state == state
