from store.corridor.imports import begin_import, import_of
from store.corridor.quarantine import drop_with, held, keep, release
from store.corridor.soundness import count_faults
from store.reads.sources import read_sources as sources
from store.writes import save

from .rows import ZONE, batch, row


def put(store, *raws, source="post", import_id=None):
    save(store, batch(refused=[(raw, "bad") for raw in raws], source=source, import_id=import_id), now_ms=5, zone=ZONE)


def test_held_ones_by_source_and_behind_an_id(store):
    put(store, b"a", b"b")
    put(store, b"c", source="chat")
    assert [each.raw for each in held(store)] == [b"a", b"b", b"c"]
    assert [each.raw for each in held(store, "post", limit=1)] == [b"a"]
    assert [each.raw for each in held(store, "post", after=held(store)[0].id)] == [b"b"]


def test_what_is_released_is_counted_where_it_went(store):
    record = begin_import(store, "post", "f", "s", "{}", 1)
    put(store, b"a", b"b", import_id=record.id)
    save(store, batch(row(), import_id=record.id), now_ms=6, zone=ZONE)
    assert release(store, [held(store)[0].id], 7) == 1
    (source,) = sources(store)
    assert (source.received, source.stored, source.quarantined) == (2, 1, 1)
    imported = import_of(store, record.id)
    assert (imported.received, imported.stored, imported.quarantined) == (2, 1, 1)
    assert count_faults(store) == []


def test_what_is_kept_counts_its_attempts(store):
    put(store, b"a", b"b")
    first, second = held(store)
    keep(store, {first.id: "still bad"})
    assert [(each.reason, each.attempts) for each in held(store)] == [("still bad", 2), ("bad", 1)]
    keep(store, {})
    assert second.attempts == 1


def test_payloads_that_hold_a_word_are_deleted(store):
    put(store, b"jan said", b"piet said", b'{"a":"jan"}')
    put(store, b"jan", source="chat")
    assert drop_with(store, "post", [b"jan"], 9) == 2 and drop_with(store, "post", [b"jan"], 9) == 0
    assert [each.raw for each in held(store)] == [b"piet said", b"jan"]
    assert drop_with(store, "", [b"jan"], 9) == 1 and count_faults(store) == []
