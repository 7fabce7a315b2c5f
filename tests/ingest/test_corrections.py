"""Files imported one after another, in any order and with any overlap, against a plain model: what came last counts."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings import read_settings
from ingest import importing, opening
from ingest.importing import Request, import_file
from ingest.opening import open_place
from store.corridor.imports import imports
from store.corridor.soundness import count_faults
from store.recount import recount
from store.stored import stored_rows
from store.undo import undo_import

row = st.tuples(st.integers(0, 5), st.sampled_from(["heel goed", "heel slecht", "mijn koffer is kwijt"]), st.booleans())
files = st.lists(st.lists(row, max_size=6, unique_by=lambda each: each[0]), min_size=1, max_size=4)
MAP = "text=text,happened_at=at,external_id=id,deleted=gone"


def model(given_files):
    """What each id says after all files: the last file that names it decides; a deletion stays until something newer."""
    state = {}
    for content in given_files:
        for id, text, gone in content:
            state[str(id)] = None if gone else text
    return {id: text for id, text in state.items() if text is not None}


@settings(max_examples=12, deadline=None)
@given(files)
def test_what_was_imported_last_counts(given_files):
    with tempfile.TemporaryDirectory() as folder, Clock() as tick:
        place = open_place(f"sqlite:///{folder}/store.db", read_settings(environ={}))
        for number, content in enumerate(given_files):
            path = Path(folder) / f"{number}.csv"
            lines = "".join(f"{id},{text},2026-01-01 09:00,{'ja' if gone else 'nee'}\n" for id, text, gone in content)
            path.write_text(f"id,text,at,gone\n{lines}#{number},,,\n")
            tick()
            import_file(place, Request(path, "post", MAP))
        assert {row.external_id: row.text for _, row in stored_rows(place.engine)} == model(given_files)
        assert recount(place.engine, place.zone) == [] and count_faults(place.engine) == []
        for each in imports(place.engine):
            undo_import(place.engine, each.id, now_ms=1, zone=place.zone)
        assert recount(place.engine, place.zone) == []
        place.close()


class Clock:
    """A clock that moves only when told, so that two imports never begin in one millisecond."""

    def __enter__(self):
        self.now = 1_790_000_000_000
        self.before = importing.now_ms
        importing.now_ms = opening.now_ms = lambda: self.now
        return self.tick

    def tick(self):
        self.now += 1_000

    def __exit__(self, *_):
        importing.now_ms = opening.now_ms = self.before
