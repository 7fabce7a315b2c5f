from __future__ import annotations

import pytest

from store.bulk import taking_turns
from store.judging import judged, still_stored
from store.prepared import prepared
from store.rows import Row
from tests.store.rows import ZONE, gone, keep, row


def judge(engine, *rows: Row, import_id: int | None = None):
    with taking_turns(engine) as connection:
        return judged(connection, [prepared(each, ZONE) for each in rows], import_id)


@pytest.mark.parametrize(
    ("stored", "event", "wins"),
    [
        (row(version=2), row(version=3), True),
        (row(version=2), row(version=2), False),
        (row(version=2), row(version=1), False),
        (row(version=2), gone(version=2), True),
        (row(version=2), gone(version=1), False),
        (gone(version=2), row(version=2), False),
        (gone(version=2), gone(version=2), False),
        (gone(version=2), row(version=3), True),
        (gone(version=2), gone(version=3), True),
    ],
)
def test_the_highest_version_wins_and_of_one_version_the_delete(store, stored, event, wins):
    keep(store, stored)
    verdict = judge(store, event)
    assert (verdict.stored, verdict.duplicates, len(verdict.winners)) == (int(wins), 1 - wins, int(wins))


def test_streams_and_sources_have_ids_of_their_own(store):
    keep(store, row("1"))
    assert judge(store, row("1", stream="calls"), row("1", source="survey"), row("1")).stored == 2


def test_counts_are_as_if_events_came_one_by_one(store):
    verdict = judge(store, row(version=1), row(version=2), row(version=2), row(version=1), gone(version=2))
    assert (verdict.stored, verdict.duplicates) == (3, 2)
    assert [(winner.version, winner.deleted) for winner in verdict.winners] == [(2, True)]


def test_an_import_brings_only_what_nobody_knew(store):
    keep(store, row("1"))
    found = judge(store, row("1", 2), row("2"), import_id=7)
    assert [(winner.import_id, winner.import_new) for winner in found.winners] == [(7, False), (7, True)]


def test_a_rows_own_import_goes_before_the_batchs(store):
    assert judge(store, row("1", import_id=3), import_id=7).winners[0].import_id == 3


def test_only_the_stored_version_can_be_written_again(store):
    keep(store, row("1", 2), row("2"), gone("3"))
    with taking_turns(store) as connection:
        events = [row("1", 2), row("1", 1), row("2", 3), row("3"), row("4")]
        found = still_stored(connection, [prepared(each, ZONE) for each in events])
    assert [winner.ready.row.external_id for winner in found] == ["1"]
