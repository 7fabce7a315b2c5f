from __future__ import annotations

import pytest

from store.erasing import erase
from store.recount import recount
from tests.store.rows import NOW, ZONE, all_of, cases_in, gone, keep, one_of, row

SECRET = "Anna Geheim woont hier"


def test_an_erased_authors_contacts_keep_nothing_of_a_person(store):
    keep(store, row("1", author_key="anna", text=SECRET, url="u", thread_key="t", case_key="c", themes=("x",), segments=("y",)))
    keep(store, row("2", author_key="bram", text="blijft"))
    assert erase(store, "helpdesk", ["anna"], now_ms=NOW, zone=ZONE) == 1
    said = "text, author_key, thread_key, case_key, url, themes, segments, sentiment, deleted_at"
    assert all_of(store, f"SELECT {said} FROM contact WHERE external_id = '1'") == [("", None, None, None, "", "", "", None, NOW)]
    assert (cases_in(store), recount(store, ZONE)) == (1, [])


def test_an_erased_author_is_not_stored_again(store):
    keep(store, forgotten=["anna"])
    saved = keep(store, row("1", author_key="anna"), row("2", author_key="bram"))
    assert (saved.stored, saved.duplicates, cases_in(store)) == (1, 1, 1)


def test_a_later_edit_does_not_bring_an_erased_contact_back(store):
    keep(store, row("1", author_key="anna", text=SECRET))
    keep(store, forgotten=["anna"])
    keep(store, row("1", 2, author_key="anna", text=SECRET), row("1", 1, author_key="anna", text=SECRET))
    assert all_of(store, "SELECT version, text FROM contact") == [(1, "")]


def test_the_batch_that_brings_an_erasure_cannot_bring_the_author(store):
    keep(store, row("1", author_key="anna", text=SECRET), forgotten=["anna"])
    assert one_of(store, "SELECT count(*) FROM contact") == 0


def test_a_delete_of_an_erased_contact_is_still_a_delete(store):
    keep(store, row("1", author_key="anna"), forgotten=[])
    keep(store, forgotten=["anna"])
    assert keep(store, gone("1", 7)).stored == 1
    assert one_of(store, "SELECT version FROM contact") == 7


def test_an_erasure_is_of_one_source_or_of_all(store):
    keep(store, row("1", author_key="anna"), row("2", author_key="anna", source="survey"))
    assert erase(store, "survey", ["anna"], now_ms=NOW, zone=ZONE) == 1
    assert keep(store, row("3", author_key="anna")).stored == 1
    assert erase(store, "", ["anna"], now_ms=NOW, zone=ZONE) == 2
    assert keep(store, row("4", author_key="anna"), row("5", author_key="anna", source="chat")).stored == 0


def test_who_is_erased_twice_is_remembered_once(store):
    for reason in ("asked", "upstream"):
        erase(store, "helpdesk", ["anna", "anna"], now_ms=NOW, zone=ZONE, reason=reason)
    assert all_of(store, "SELECT source, author_key, at, reason FROM erasure") == [("helpdesk", "anna", NOW, "asked")]


def test_a_case_goes_on_without_the_erased(store):
    keep(store, row("1", author_key="anna", case_key="k"), row("2", author_key="bram", case_key="k"))
    keep(store, forgotten=["anna"])
    assert (cases_in(store), recount(store, ZONE)) == (1, [])


@pytest.mark.parametrize("way", ["erase", "delete", "edit"])
def test_the_file_itself_forgets(sqlite_store, tmp_path, way):
    keep(sqlite_store, *(row(str(i), author_key="anna", text=f"{SECRET} {i}") for i in range(200)))
    if way == "erase":
        keep(sqlite_store, forgotten=["anna"])
    else:
        keep(sqlite_store, *(gone(str(i), 2) if way == "delete" else row(str(i), 2, text="anders") for i in range(200)))
    with sqlite_store.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    found = {file.name: file.read_bytes().count(SECRET.encode()) for file in tmp_path.glob("store.db*")}
    assert set(found.values()) == {0}
