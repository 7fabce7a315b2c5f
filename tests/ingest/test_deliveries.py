import threading

from connectors.base import ConfigFault
from ingest.deliveries import Deliveries, readable
from ingest.sources import Source
from store.corridor.inbox import backlog, put

from .fakes import Config, Scripted, Signed


def reading(place, receiver=None):
    source = Deliveries(receiver or Signed(), "hook", place.engine)
    stop = threading.Event()
    return source.read(Config(), None, stop, lambda: None), stop


def lay(place, *bodies):
    for number, body in enumerate(bodies):
        put(place.engine, "hook", f"d{number}", {"a": "b"}, body, number)


def test_what_waits_is_read_once_and_settled_when_it_is_on_disk(place):
    lay(place, b"1", b"2")
    batches, _ = reading(place)
    first = next(batches)
    assert [event.external_id for event in first.events] == ["1", "2"]
    assert next(batches).events == [] and backlog(place.engine) == 2
    first.acknowledge()
    assert backlog(place.engine) == 0


def test_what_was_never_settled_is_read_again_by_the_next_process(place):
    lay(place, b"1")
    assert next(reading(place)[0]).events[0].external_id == next(reading(place)[0]).events[0].external_id == "1"


def test_a_delivery_that_cannot_be_read_does_not_hold_up_the_rest(place):
    class Picky(Signed):
        def events(self, config, headers, body):
            if body == b"2":
                raise ConfigFault("no such form")
            return super().events(config, headers, body)

    lay(place, b"broken", b"2", b"3")
    batch = next(reading(place, Picky())[0])
    assert [event.external_id for event in batch.events] == ["3"]
    assert [(record.raw, record.why) for record in batch.bad] == [(b"broken", "not understood"), (b"2", "no such form")]


def test_stops_when_asked(place):
    batches, stop = reading(place)
    next(batches)
    stop.set()
    assert list(batches) == []


def test_only_a_push_source_is_read_from_the_inbox(place):
    stream = Scripted([[]]).source()
    assert readable(stream, place.engine) is stream
    push = readable(Source("hook", Signed(), Config()), place.engine)
    assert isinstance(push.connector, Deliveries) and push.connector.check(push.config).code == "ok"
    broken = Source("hook", Signed(), fault="no secret")
    assert readable(broken, place.engine) is broken
