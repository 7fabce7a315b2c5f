"""F2: killed at a named place of the write path: what is stored is the old state or the new, and doing it again finishes it."""

from __future__ import annotations

import pytest

from config.settings import read_settings
from ingest import importing, rescoring
from ingest.feeder import Feeder
from ingest.importing import Request, import_file
from ingest.opening import now_ms, open_place
from ingest.pipeline import Pipeline
from ingest.rescoring import rescore
from store import evidence, writes
from store.corridor.imports import imports
from store.corridor.soundness import count_faults, file_faults
from store.recount import recount
from store.rows import Batch
from store.stored import stored_rows
from store.undo import undo_import
from store.writes import save
from tests.faults.counts import times
from tests.faults.dying import at_commit, died, dying
from tests.faults.numbered import SIZE, Numbered, assert_whole, read_all
from tests.ingest.conftest import event, key  # noqa: F401 - a fixture

pytestmark = pytest.mark.faults

UNTIL = 5 * SIZE
ROWS = times(1_300, 5_300, 5_300)
TURNS = range(1, 1 + times(1, 2, 5))
STORING = {
    "after the fetch": (Pipeline, "prepare"),
    "before the contacts": (evidence, "_insert_contacts"),
    "before the placements": (evidence, "_place_all"),
    "after the rows": (writes, "count"),
    "after the counts": (writes, "move_cursor"),
    "after the cursor": (writes, "beat"),
    "after the commit": (Numbered, "acknowledge"),
    "after the acknowledgement": (Feeder, "committed"),
}


def opened(url):
    return open_place(url, read_settings(environ={}))


@pytest.mark.parametrize("nth", TURNS)
@pytest.mark.parametrize("point", STORING)
def test_reading_a_source(store_url, tmp_path, point, nth):
    source = Numbered(UNTIL, tmp_path / "acknowledged")
    dying(lambda: read_all(store_url, source), STORING[point], nth=nth)
    far = assert_whole(store_url, source.acknowledged)
    assert far % SIZE == 0 and far <= nth * SIZE  # what is fetched ahead of it is not on disk yet
    read_all(store_url, source)
    assert assert_whole(store_url, source.acknowledged) == UNTIL


@pytest.mark.parametrize("nth", range(1, 1 + times(4, 12, 30)))
def test_before_each_commit_while_reading_a_source(store_url, tmp_path, nth):
    source = Numbered(UNTIL, tmp_path / "acknowledged")
    opened(store_url).close()
    if died(lambda: read_all(store_url, source, lambda engine: at_commit(engine, nth))):
        assert assert_whole(store_url, source.acknowledged) <= UNTIL
        read_all(store_url, source)
    assert assert_whole(store_url, source.acknowledged) == UNTIL


IMPORTING = {
    "before it is noted": (importing, "begin_import"),
    "between the parts": (importing, "save"),
    "in a part": (writes, "count"),
    "before it is closed": (importing, "finish_import"),
}


@pytest.mark.parametrize("nth", TURNS)
@pytest.mark.parametrize("point", IMPORTING)
def test_an_import(store_url, tmp_path, point, nth):
    file = tmp_path / "berichten.csv"
    file.write_text("id,text,at\n" + "".join(f"{n},Vlucht {n} was vertraagd,2026-01-01 09:00\n" for n in range(ROWS)))
    request = Request(file, "post", mapping="text=text,happened_at=at,external_id=id")
    nth = nth if point in ("between the parts", "in a part") else 1
    dying(lambda: import_file(opened(store_url), request), IMPORTING[point], nth=nth)
    place = opened(store_url)
    before = len(stored_rows(place.engine, limit=10_000))
    assert before in (0, *range(100, ROWS, 1_000), ROWS) and recount(place.engine, place.zone) == []
    done = import_file(place, request)
    assert (done.record.received, done.record.stored, done.record.duplicates) == (ROWS, ROWS, 0)
    assert len(stored_rows(place.engine, limit=10_000)) == ROWS
    assert recount(place.engine, place.zone) == [] == count_faults(place.engine)
    place.close()


def test_an_undo(store_url, tmp_path):
    file = tmp_path / "berichten.csv"
    file.write_text("id,text,at\n" + "".join(f"{n},Vlucht {n} was vertraagd,2026-01-01 09:00\n" for n in range(300)))
    place = opened(store_url)
    import_file(place, Request(file, "post", mapping="text=text,happened_at=at,external_id=id"))
    (made,) = imports(place.engine)
    place.close()

    def undo(nth=0):
        own = opened(store_url)
        if nth:
            at_commit(own.engine, nth)
        undo_import(own.engine, made.id, now_ms=now_ms(), zone=own.zone)
        own.close()

    for nth in range(1, 4):
        died(lambda nth=nth: undo(nth))
        place = opened(store_url)
        assert len(stored_rows(place.engine, limit=1_000)) in (0, 300)
        assert recount(place.engine, place.zone) == [] == file_faults(place.engine)
        place.close()
    undo()
    place = opened(store_url)
    assert stored_rows(place.engine) == [] and recount(place.engine, place.zone) == []
    place.close()


RESCORING = {
    "between the chunks": (rescoring, "rewrite"),
    "before the placements": (evidence, "_place_all"),
    "after the rows": (writes, "beat"),
}


@pytest.mark.parametrize("nth", range(1, 1 + times(2, 3, 5)))
@pytest.mark.parametrize("point", RESCORING)
def test_a_rescore(store_url, monkeypatch, point, nth):
    """Every contact was read before words were known to be sad; after it every one is, and until then whole chunks are."""
    monkeypatch.setattr(rescoring, "CHUNK", 20)
    place = opened(store_url)
    rows, _ = place.pipeline("post").prepare(
        [event(str(n), "Mijn koffer is kwijt", author=f"k{n}") for n in range(100)], now_ms()
    )
    for row in rows:
        row.sentiment, row.engine = 0.0, "old"
    save(place.engine, Batch("post", rows), now_ms=now_ms(), zone=place.zone)
    place.close()
    dying(lambda: rescore(opened(store_url)), RESCORING[point], nth=nth)
    place = opened(store_url)
    assert [row.engine for _, row in stored_rows(place.engine)].count("old") == 100 - 20 * (nth - 1)
    assert recount(place.engine, place.zone) == [] == file_faults(place.engine)
    assert rescore(place).finished
    assert "old" not in {row.engine for _, row in stored_rows(place.engine)} and recount(place.engine, place.zone) == []
    place.close()
