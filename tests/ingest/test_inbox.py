import pytest

from connectors.base import BadRecord, ConfigFault, Transient
from ingest import inbox
from ingest.sources import Source
from store.corridor.faults import DatabaseFault
from store.corridor.inbox import backlog, waiting

from .fakes import Config, Scripted, Signed

pytestmark = pytest.mark.faults

NOW = 1_772_438_400_000
RIGHT = {"Signature": "secret", "Delivery": "d1", "Cookie": "private", "Content-Type": "text/plain"}


@pytest.fixture(autouse=True)
def one_source(monkeypatch):
    monkeypatch.setattr(inbox, "receivers", lambda: {"hook": Source("hook", Signed(), Config())})


def accept(place, body=b"hello", source="hook", **headers):
    return inbox.accept(place.engine, source, {**RIGHT, **headers}, body, NOW)


def test_a_delivery_is_on_disk_before_it_is_answered(place):
    assert accept(place) == (200, "received")
    (kept,) = waiting(place.engine, "hook")
    assert (kept.body, kept.delivery_id, kept.received_at) == (b"hello", "d1", NOW)
    assert kept.headers == {"signature": "secret", "delivery": "d1", "content-type": "text/plain"}


def test_a_replay_is_answered_and_not_kept_again(place):
    accept(place)
    assert accept(place) == (200, "received before") and backlog(place.engine) == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [({"source": "other"}, 404), ({"Signature": "forged"}, 401), ({"body": b"x" * (inbox.LARGEST + 1)}, 413)],
)
def test_what_is_refused_is_not_kept(place, change, status):
    found, text = accept(place, **change)
    assert found == status and backlog(place.engine) == 0 and "forged" not in text


@pytest.mark.parametrize(
    ("fault", "status"), [(BadRecord(b"", "no id"), 400), (ConfigFault("no secret"), 503), (Transient("odd"), 400)]
)
def test_what_a_receiver_cannot_do(place, monkeypatch, fault, status):
    def fail(self, *arguments):
        raise fault

    monkeypatch.setattr(Signed, "authenticate", fail)
    assert accept(place)[0] == status and backlog(place.engine) == 0


def test_a_store_that_takes_no_writes_is_an_excuse_and_no_loss(place, monkeypatch):
    def locked(*arguments):
        raise DatabaseFault("locked")

    monkeypatch.setattr(inbox, "put", locked)
    assert accept(place)[0] == 503


def test_too_much_that_waits_is_refused(place, monkeypatch):
    monkeypatch.setattr(inbox, "LONGEST_QUEUE", 1)
    assert [accept(place, Delivery=f"d{number}")[0] for number in range(3)] == [200, 503, 503]


def test_a_vendors_question_is_answered(place):
    assert accept(place, b"challenge 42") == (200, "42") and backlog(place.engine) == 0
    assert inbox.answer("hook", {"challenge": "7"}, {}) == "7"
    assert inbox.answer("hook", {}, {}) is None and inbox.answer("other", {"challenge": "7"}, {}) is None


def test_the_receivers_are_the_push_sources_that_are_set_up(monkeypatch):
    monkeypatch.undo()
    given = [Source("a", Signed(), Config()), Source("b", Signed(), fault="no secret"), Scripted([[]]).source("c")]
    monkeypatch.setattr(inbox, "configured", lambda settings: given)
    inbox.receivers.cache_clear()
    assert list(inbox.receivers()) == ["a"]
    inbox.receivers.cache_clear()
