"""Files of a drop folder as imports: each is listed, undone by itself, and not read again until it is laid there anew."""

import os
import threading

import pytest

from connectors.files.connector import Config, Files
from ingest.opening import now_ms
from ingest.runner import Runner
from ingest.sources import Source
from store.corridor.imports import imports
from store.corridor.quarantine import held
from store.recount import recount
from store.stored import stored_rows
from store.undo import undo_import
from store.writes import read_state


@pytest.fixture
def drop(any_place, tmp_path):
    """`drop.lay(name, rows)` lays a file; `drop.look()` has a runner of its own look once, as after a restart."""
    folder = tmp_path / "drop"
    folder.mkdir()
    config = Config(folder=folder, mapping="text=text,happened_at=at,external_id=id", settle_s=0)

    class Once(Files):
        """A drop folder that is looked at once."""

        capabilities = Files.capabilities.__class__(mode="once", cadence_s=30)

    class Drop:
        place, connector = any_place, Once()

        @staticmethod
        def lay(name, rows, at=None):
            path = folder / name
            path.write_text("id,text,at\n" + "".join(f"{id},{text},2026-03-02T09:00:00Z\n" for id, text in rows))
            if at:
                os.utime(path, (at, at))
            return path

        def look(self):
            runner = Runner(any_place, [Source("drop", self.connector, config)], threading.Event(), print)
            runner.run()

        @staticmethod
        def texts():
            return {row.external_id: row.text for _, row in stored_rows(any_place.engine, limit=10_000)}

        @staticmethod
        def undo(number):
            undone = undo_import(any_place.engine, number, now_ms=now_ms(), zone=any_place.zone)
            assert recount(any_place.engine, any_place.zone) == []
            return undone

        @staticmethod
        def listed():
            return {one.file: one for one in imports(any_place.engine)}

    return Drop()


def test_each_file_is_listed_and_undone_by_itself(drop):
    drop.lay("a.csv", [(1, "bagage weg"), (2, "lange rij"), ("x,", "een kolom te veel")], at=1_770_000_000)
    drop.lay("b.csv", [(3, "prima geholpen")], at=1_770_000_100)
    drop.look()
    listed = drop.listed()
    assert (listed["a.csv"].received, listed["a.csv"].stored, listed["a.csv"].quarantined) == (3, 2, 1)
    assert (listed["b.csv"].received, listed["b.csv"].stored) == (1, 1)
    assert all(one.finished_at and one.source == "drop" for one in listed.values())
    undone = drop.undo(listed["a.csv"].id)
    assert (undone.removed, undone.kept, undone.released) == (2, 0, 1)
    assert drop.texts() == {"3": "prima geholpen"} and held(drop.place.engine) == []


def test_an_undone_file_is_read_again_only_when_it_is_laid_there_anew(drop):
    path = drop.lay("a.csv", [(1, "bagage weg")])
    drop.look()
    drop.undo(drop.listed()["a.csv"].id)
    drop.look()
    assert drop.texts() == {} and len(imports(drop.place.engine)) == 1, "it lies there still, and was taken back"
    path.unlink()
    drop.look()
    drop.lay("a.csv", [(1, "bagage weg")])
    drop.look()
    assert drop.texts() == {"1": "bagage weg"}
    newest, first = imports(drop.place.engine)
    assert first.undone_at and not newest.undone_at and newest.id != first.id


def test_a_file_that_grew_takes_along_only_what_is_new(drop):
    drop.lay("a.csv", [(1, "bagage weg"), (2, "lange rij")], at=1_770_000_000)
    drop.look()
    drop.lay("a.csv", [(1, "bagage weg"), (2, "toch geen rij"), (3, "prima geholpen")], at=1_770_000_100)
    drop.look()
    second, first = imports(drop.place.engine)
    assert (second.stored, second.duplicates) == (2, 1)
    assert (drop.undo(second.id).removed, drop.undo(first.id).removed) == (1, 1)
    assert drop.texts() == {"2": "toch geen rij"}, "what was there before keeps what the second file said"


def test_a_file_taken_back_while_it_is_read_brings_nothing_more(drop):
    drop.lay("a.csv", [(n, f"bericht {n}") for n in range(1_200)])
    pages, read = [], drop.connector.read

    def slowly(config, state, stop, clock):
        for batch in read(config, state, stop, clock):
            pages.append(len(batch.events))
            yield batch
            while len(pages) == 1 and not drop.texts():
                stop.wait(0.02)
            if len(pages) == 1:
                assert len(drop.texts()) == 500
                drop.undo(drop.listed()["a.csv"].id)

    drop.connector.read = slowly
    drop.look()
    assert pages == [500, 500, 200, 0, 0] and drop.texts() == {}
    del drop.connector.read
    drop.look()
    assert drop.texts() == {} and len(imports(drop.place.engine)) == 1


def test_a_file_that_was_broken_off_stays_one_import(drop):
    drop.lay("a.csv", [(n, f"bericht {n}") for n in range(1_200)])
    read = drop.connector.read

    def dies(config, state, stop, clock):
        yield next(batches := read(config, state, stop, clock))
        batches.close()

    drop.connector.read = dies
    drop.look()
    only = drop.listed()["a.csv"]
    assert (only.received, only.finished_at) == (500, 0) and '"rows":500' in read_state(drop.place.engine, "drop")
    del drop.connector.read
    drop.look()
    only, *more = imports(drop.place.engine)
    assert not more and (only.received, only.stored) == (1_200, 1_200) and only.finished_at
    assert drop.undo(only.id).removed == 1_200 and drop.texts() == {}


def test_a_file_that_cannot_be_read_is_listed_with_its_one_refusal(drop):
    drop.lay("a.csv", []).write_text("%PDF-1.7")
    drop.look()
    only = drop.listed()["a.csv"]
    assert (only.received, only.quarantined) == (1, 1) and only.finished_at
    assert drop.undo(only.id).released == 1
