from __future__ import annotations

import pytest
from sqlalchemy import insert

from store import undo
from store.engine import writing
from store.errors import NoSuchImport
from store.recount import recount
from store.rows import Refused
from store.tables import ImportBatch
from store.undo import Undone, undo_import
from tests.store.rows import NOW, ZONE, all_of, cases_in, gone, keep, one_of, row


def begin(engine, import_id: int = 1) -> None:
    values = {"id": import_id, "source": "helpdesk", "started_at": NOW}
    with writing(engine) as connection:
        connection.execute(insert(ImportBatch).values(**values))


def undone(engine, import_id: int = 1) -> Undone:
    return undo_import(engine, import_id, now_ms=NOW, zone=ZONE)


def test_what_an_import_brought_goes_as_if_it_had_never_come(store):
    keep(store, row("live", themes=("a",)))
    before = [all_of(store, f"SELECT * FROM {table}") for table in ("contact", "rollup_minute", "rollup_week", "rollup_theme")]
    begin(store)
    keep(store, *(row(str(i), themes=("a", "b"), segments=("new",)) for i in range(5)), import_id=1)
    assert undone(store) == Undone(5, 0, 0)
    assert [
        all_of(store, f"SELECT * FROM {table}") for table in ("contact", "rollup_minute", "rollup_week", "rollup_theme")
    ] == before
    assert one_of(store, "SELECT undone_at FROM import_batch") == NOW


def test_an_import_counts_its_own(store):
    begin(store)
    keep(store, row("1"), row("1"), refused=[Refused("s", b"?", "why")], import_id=1)
    keep(store, row("2"), import_id=1)
    assert all_of(store, "SELECT received, stored, duplicates, quarantined FROM import_batch") == [(4, 2, 1, 1)]


def test_what_was_there_before_is_kept_and_counted(store):
    keep(store, row("1", text="eerst"))
    begin(store)
    keep(store, row("1", 2, text="import"), row("2"), import_id=1)
    assert undone(store) == Undone(1, 1, 0)
    assert all_of(store, "SELECT external_id, text FROM contact") == [("1", "import")]


def test_what_was_changed_later_is_no_longer_the_imports(store):
    begin(store)
    keep(store, row("1"), row("2"), import_id=1)
    keep(store, row("1", 2, text="live"))
    assert undone(store) == Undone(1, 0, 0)
    assert all_of(store, "SELECT text FROM contact") == [("live",)]


def test_an_edit_within_the_same_import_is_still_its_own(store):
    begin(store)
    keep(store, row("1"), import_id=1)
    keep(store, row("1", 2), gone("2"), import_id=1)
    assert undone(store) == Undone(2, 0, 0)


def test_quarantined_payloads_go_with_it(store):
    begin(store)
    keep(store, refused=[Refused("s", b"1", "why")], import_id=1)
    keep(store, refused=[Refused("s", b"2", "why")])
    assert undone(store).released == 1
    assert all_of(store, "SELECT reason FROM quarantine") == [("why",)]


def test_the_same_file_can_come_again_after_an_undo(store):
    for import_id in (1, 2):
        begin(store, import_id)
        assert keep(store, row("1"), import_id=import_id).stored == 1
        undone(store, import_id)
    assert cases_in(store) == 0


def test_ids_are_never_used_again(store):
    """A correction that points at a contact must not come to point at another."""
    begin(store)
    keep(store, row("1"), import_id=1)
    first = one_of(store, "SELECT id FROM contact")
    undone(store)
    keep(store, row("2"))
    assert one_of(store, "SELECT id FROM contact") > first


def test_a_large_import_goes_in_pieces_and_each_is_exact(store, monkeypatch):
    monkeypatch.setattr(undo, "CHUNK", 3)
    begin(store)
    keep(store, *(row(str(i), case_key=f"case {i % 2}") for i in range(8)), import_id=1)
    real, seen = undo._remove_some, []

    def remove_some(*arguments):
        removed = real(*arguments)
        seen.append(removed)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return removed

    monkeypatch.setattr(undo, "_remove_some", remove_some)
    with pytest.raises(KeyboardInterrupt):
        undone(store)
    assert (one_of(store, "SELECT count(*) FROM contact"), recount(store, ZONE)) == (5, [])
    monkeypatch.setattr(undo, "_remove_some", real)
    assert undone(store).removed == 5
    assert cases_in(store) == 0


def test_an_unknown_import_is_refused(store):
    with pytest.raises(NoSuchImport, match="found 9, expected the number of an import"):
        undone(store, 9)
