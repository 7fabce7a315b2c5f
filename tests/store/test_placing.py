from __future__ import annotations

from store.placing import place
from store.recount import recount
from store.rows import Placed
from store.stored import stored_rows
from store.writes import rewrite
from tests.store.rows import NOW, ZONE, all_of, gone, keep, one_of, row


def placed(engine, external_id: str = "1") -> list[tuple]:
    joined = "placement JOIN contact ON contact.id = contact_id"
    query = f'SELECT journey, stage, "by" FROM {joined} WHERE external_id = :id ORDER BY journey'
    return all_of(engine, query, id=external_id)


def by_hand(engine, stage: str, journey: str = "airline", external_id: str = "1") -> bool:
    contact_id = one_of(engine, "SELECT id FROM contact WHERE external_id = :id", id=external_id)
    return place(engine, contact_id, journey, stage, now_ms=NOW, zone=ZONE)


def test_a_person_moves_a_contact_and_its_rollups(store):
    keep(store, row(themes=("delay",)))
    assert by_hand(store, "service")
    assert placed(store) == [("airline", "service", "person")]
    assert all_of(store, "SELECT DISTINCT stage FROM rollup_week") == [("service",)]
    assert all_of(store, "SELECT DISTINCT stage FROM rollup_theme") == [("service",)]
    assert recount(store, ZONE) == []


def test_a_machine_does_not_move_it_after_that(store):
    keep(store, row())
    by_hand(store, "service")
    keep(store, row(version=2, placed=[Placed("airline", "book", "model"), Placed("seven", "use", "model")]))
    assert placed(store) == [("airline", "service", "person"), ("seven", "use", "model")]
    assert recount(store, ZONE) == []


def test_another_person_may(store):
    keep(store, row())
    by_hand(store, "service")
    by_hand(store, "")
    assert placed(store) == [("airline", "", "person")]


def test_it_outlives_a_delete_and_a_restore(store):
    keep(store, row())
    by_hand(store, "service")
    keep(store, gone(version=2))
    assert not by_hand(store, "book")
    keep(store, row(version=3))
    assert placed(store) == [("airline", "service", "person")]
    assert recount(store, ZONE) == []


def test_a_journey_that_no_machine_knew_gets_its_observations_too(store):
    keep(store, row())
    by_hand(store, "use", journey="seven")
    assert all_of(store, "SELECT journey, n FROM rollup_week WHERE metric = 'contacts' ORDER BY 1") == [
        ("airline", 1),
        ("seven", 1),
    ]


def test_what_was_read_before_a_correction_does_not_undo_it(store):
    """A rescore reads rows, thinks, and writes them back: a person may have been faster."""
    keep(store, row())
    by_hand(store, "book")
    stale = [found for _, found in stored_rows(store)]
    by_hand(store, "service")
    assert rewrite(store, stale, now_ms=NOW, zone=ZONE) == 1
    assert placed(store) == [("airline", "service", "person")]


def test_a_contact_that_is_gone_cannot_be_placed(store):
    assert not place(store, 99, "airline", "fly", now_ms=NOW, zone=ZONE)


def test_the_screens_are_told(store):
    keep(store, row())
    before = one_of(store, "SELECT version FROM pulse")
    by_hand(store, "service")
    assert one_of(store, "SELECT version FROM pulse") == before + 1
