from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import Reading
from ingest import pipeline, retrying
from ingest.opening import now_ms
from ingest.retrying import retry
from store.corridor.imports import begin_import, import_of
from store.corridor.quarantine import held
from store.corridor.soundness import count_faults
from store.reads.sources import read_sources as sources
from store.recount import recount
from store.rows import Batch, Refused
from store.stored import stored_rows
from store.undo import undo_import
from store.writes import save

from .conftest import event


@pytest.fixture
def refused(place):
    """Three payloads in quarantine: one that a later moment makes good, one that stays bad, one that nobody can read."""
    ahead = event("1", at=datetime.now(UTC) + timedelta(hours=3))
    bad = event("2", readings=[Reading("csat", 9)])
    record = begin_import(place.engine, "post", "f", "s", "{}", 1)
    _, payloads = place.pipeline("post").prepare([ahead, bad], now_ms(), record.id)
    batch = Batch("post", [], [*payloads, Refused("", b"2,b,morgen", "time")], import_id=record.id)
    save(place.engine, batch, now_ms=now_ms(), zone=place.zone)
    return record.id


@pytest.fixture
def later(monkeypatch):
    moment = now_ms() + 4 * 3_600_000
    for module in (retrying, pipeline):
        monkeypatch.setattr(module, "now_ms", lambda: moment, raising=False)


def test_what_can_be_stored_by_now_leaves_quarantine(place, refused, later):
    done = retry(place)
    assert (done.tried, done.stored, done.refused, done.unreadable) == (3, 1, 1, 1)
    assert [row.external_id for _, row in stored_rows(place.engine)] == ["1"]
    assert [(payload.attempts, "csat" in payload.reason) for payload in held(place.engine)] == [(2, True), (1, False)]
    (source,) = sources(place.engine)
    assert (source.received, source.stored, source.quarantined) == (3, 1, 2)
    assert count_faults(place.engine) == [] and recount(place.engine, place.zone) == []


def test_what_is_stored_belongs_to_its_import(place, refused, later):
    retry(place)
    record = import_of(place.engine, refused)
    assert (record.received, record.stored, record.quarantined) == (3, 1, 2)
    assert undo_import(place.engine, refused, now_ms=1, zone=place.zone).removed == 1


def test_a_crash_between_storing_and_releasing_loses_and_doubles_nothing(place, refused, later, monkeypatch):
    class Killed(Exception):
        pass

    def die(*arguments):
        raise Killed

    released = retrying.release
    monkeypatch.setattr(retrying, "release", die)
    with pytest.raises(Killed):
        retry(place)
    monkeypatch.setattr(retrying, "release", released)
    assert retry(place).stored == 1 and len(stored_rows(place.engine)) == 1
    assert count_faults(place.engine) == [] and recount(place.engine, place.zone) == []


def test_too_early_is_still_too_early(place, refused):
    done = retry(place, "post")
    assert (done.stored, done.refused) == (0, 2) and stored_rows(place.engine) == []


def test_of_another_source_nothing_is_tried(place, refused):
    assert retry(place, "chat").tried == 0


def test_it_can_be_stopped(place, refused, monkeypatch):
    monkeypatch.setattr(retrying, "CHUNK", 1)
    assert retry(place, heard=lambda done: done < 2).tried == 2
