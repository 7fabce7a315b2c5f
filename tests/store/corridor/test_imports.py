import pytest

from store.corridor.imports import begin_import, finish_import, finished_import, import_of, imports, remembered_mapping
from store.errors import NoSuchImport
from store.writes import save

from .rows import ZONE, batch, row


def begun(store, *, sha="a" * 64, mapping="{}", now=5, source="post"):
    return begin_import(store, source, "f.csv", sha, mapping, now)


def test_an_import_that_was_broken_off_goes_on(store):
    first = begun(store)
    save(store, batch(row("1"), row("2"), refused=[(b"x", "bad")], import_id=first.id), now_ms=6, zone=ZONE)
    again = begun(store, now=9)
    assert (again.id, again.started_at, again.received, again.stored, again.quarantined) == (first.id, 5, 3, 2, 1)


@pytest.mark.parametrize("other", [{"sha": "b" * 64}, {"mapping": '{"x":1}'}, {"source": "chat"}])
def test_another_file_mapping_or_source_is_another_import(store, other):
    assert begun(store).id != begun(store, **other).id


def test_a_finished_one_is_known_again_by_file_and_mapping(store):
    record = begun(store)
    assert finished_import(store, "post", "a" * 64, "{}") is None
    done = finish_import(store, record.id, 9)
    assert done.finished_at == 9 and finished_import(store, "post", "a" * 64, "{}") == done
    assert finished_import(store, "post", "a" * 64, "[]") is None
    assert begun(store).id != record.id


def test_listing_newest_first_and_one_by_number(store):
    a, b = begun(store), begun(store, sha="b" * 64)
    assert [each.id for each in imports(store)] == [b.id, a.id] and imports(store, 1) == [b]
    assert import_of(store, a.id) == a
    with pytest.raises(NoSuchImport):
        import_of(store, 99)


def test_the_last_mapping_that_brought_something_is_remembered(store):
    assert remembered_mapping(store, "post") == ""
    used, unused = begun(store, mapping='{"map":"a"}'), begun(store, sha="b" * 64, mapping='{"map":"b"}')
    save(store, batch(row(), import_id=used.id), now_ms=6, zone=ZONE)
    assert remembered_mapping(store, "post") == '{"map":"a"}' and unused.received == 0
