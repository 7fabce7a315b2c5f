from sqlalchemy import select

from store.corridor.sources import current_epoch, held, report
from store.reads.sources import read_sources as sources
from store.tables import Pulse
from store.writes import begin_epoch, save

from .rows import ZONE, batch, row


def pulse(store):
    with store.connect() as connection:
        return connection.scalar(select(Pulse.version)) or 0


def test_a_state_is_kept_beside_the_counts(store):
    save(store, batch(row(), refused=[(b"x", "bad")]), now_ms=5, zone=ZONE)
    report(store, "post", 10, status="live", detail="{}", live=True, cadence_s=30.0, connector="imap", heartbeat_at=10)
    (found,) = sources(store)
    assert (found.source, found.status, found.live, found.received, found.stored, found.quarantined) == (
        "post",
        "live",
        True,
        2,
        1,
        1,
    )
    assert found.since_at == 10 and held(store) == {"post": 1}


def test_screens_hear_of_a_change_and_not_of_a_heartbeat(store):
    report(store, "post", 10, status="live", detail="a", heartbeat_at=10)
    before = pulse(store)
    report(store, "post", 11, status="live", detail="a", heartbeat_at=11)
    assert pulse(store) == before and sources(store)[0].since_at == 10
    report(store, "post", 12, status="live", detail="b")
    assert pulse(store) == before + 1 and sources(store)[0].since_at == 10
    report(store, "post", 13, status="sign_in", detail="b")
    assert pulse(store) == before + 2 and sources(store)[0].since_at == 13


def test_a_heartbeat_alone_keeps_the_state(store):
    report(store, "post", 10, status="live")
    report(store, "post", 20, heartbeat_at=20)
    assert (sources(store)[0].status, sources(store)[0].heartbeat_at) == ("live", 20)


def test_epochs(store):
    assert current_epoch(store, "post") == 0
    begin_epoch(store, "post")
    assert current_epoch(store, "post") == begin_epoch(store, "post") - 1
