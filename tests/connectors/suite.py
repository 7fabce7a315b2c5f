"""One suite for every connector: what each must do whatever its source is. A new connector is tested by adding its rig."""

from __future__ import annotations

import logging
import random
import threading
import time
from itertools import pairwise

from config.journey import load_journey
from connectors.base import AuthFault, ConfigFault, ConnectorError, Event, RateLimited, Transient
from ingest.pipeline import Pipeline
from store.engine import open_store
from store.rows import Batch as Rows
from store.rows import Refused
from store.tables import Base, Contact
from store.writes import begin_epoch, read_state, save

PATIENCE = 6.0
CHECKS: dict[str, object] = {}


def check(function):
    CHECKS[function.__name__] = function
    return function


# -- reading a rig --------------------------------------------------------------------------------------------------------


def batches(rig, state=None, enough=None, stop=None):
    """Batches until nothing new comes: the end of a poll, or of a stream two silences after its last event."""
    stop = stop or threading.Event()
    until, quiet, heard = time.monotonic() + PATIENCE, 0, 0
    for batch in rig.read(state, stop):
        yield batch
        heard += len(batch.events) + len(batch.bad)
        quiet = 0 if batch.events or batch.bad or not heard else quiet + 1
        if (enough is not None and heard >= enough) or (rig.endless and quiet > rig.silence) or time.monotonic() > until:
            break
    stop.set()


def events(rig, state=None):
    return [event for batch in batches(rig, state) for event in batch.events]


def meaning(event: Event):
    said = event.said
    readings = () if said is None else tuple((r.metric, r.value, r.count) for r in said.readings)
    return event.op, "" if said is None else said.text, readings, () if said is None else said.unanswered


def fold(found: list[Event]) -> dict:
    """The plain rule: of each (stream, id) the event with the highest (version, is delete)."""
    state: dict = {}
    for event in found:
        key, rank = (event.stream, event.external_id), (event.version, event.op == "delete")
        if key not in state or rank > state[key][0]:
            state[key] = (rank, meaning(event))
    return {key: told for key, (_, told) in state.items()}


def words(found: list[Event]) -> dict:
    return {key[1]: None if told[0] == "delete" else told[1] for key, told in fold(found).items()}


def fill(rig) -> None:
    for n in range(1, 7):
        rig.post(str(n), f"Bericht {n}: de bagage kwam niet aan")
    if "edit" not in rig.cannot:
        rig.edit("2", "Bericht 2: de bagage kwam toch nog")
    if "remove" not in rig.cannot:
        rig.remove("3")


class Books:
    """A store of its own, written batch by batch as the runner does."""

    def __init__(self, rig, folder) -> None:
        self.rig = rig
        self.engine = open_store(f"sqlite:///{folder}/suite-{random.randrange(10**9)}.db", writer=True)
        Base.metadata.create_all(self.engine)
        self.epoch = begin_epoch(self.engine, rig.name)
        self.pipeline = Pipeline(rig.name, load_journey("airline"), (), b"k" * 32)
        self.counts = [0, 0, 0, 0]

    def write(self, batch) -> None:
        now = int(self.rig.clock().timestamp() * 1000)
        rows, refused = self.pipeline.prepare(batch.events, now)
        refused += [Refused(bad.stream, bad.raw, bad.why) for bad in batch.bad]
        done = save(
            self.engine,
            Rows(self.rig.name, rows, refused, state=batch.state, epoch=self.epoch),
            now_ms=now,
            zone="Europe/Amsterdam",
        )
        self.counts = [
            a + b for a, b in zip(self.counts, (done.received, done.stored, done.duplicates, done.quarantined), strict=True)
        ]
        if batch.acknowledge:
            batch.acknowledge()

    @property
    def state(self):
        return read_state(self.engine, self.rig.name) or None

    def contents(self) -> dict:
        from sqlalchemy import select
        from sqlalchemy.orm import Session

        with Session(self.engine) as session:
            rows = session.execute(select(Contact)).scalars()
            return {(row.stream, row.external_id): (row.deleted_at is not None, row.text) for row in rows}

    def close(self):
        self.engine.dispose()


def stored(rig, folder, order=lambda found: found):
    books = Books(rig, folder)
    for batch in order(list(batches(rig))):
        books.write(batch)
    contents = books.contents()
    books.close()
    return contents, books.counts


# -- the checks -----------------------------------------------------------------------------------------------------------


@check
def all_arrives(rig, folder):
    fill(rig)
    found = words(events(rig))
    for id, text in rig.said.items():
        assert (found.get(id, "absent") or None) == (text or None) or (text == "" and id in found), (id, text, found)


@check
def resumes_after_a_kill_between_batches(rig, folder):
    """Killed after every batch: the next reader begins where the store stands, and in the end nothing is missing or double."""
    fill(rig)
    whole, _ = stored(rig, folder)
    rig.rewind()
    books = Books(rig, folder)
    most, before = 1, "never"
    while before != books.state or most < 12:
        most, before = (1, books.state) if before != books.state else (most + 3, before)
        told, stop = 0, threading.Event()
        for batch in batches(rig, before, stop=stop):
            books.write(batch)
            told += bool(batch.events)
            if told == most:
                break
        stop.set()
        if books.contents() == whole or (told < most and books.state == before):
            break
    assert books.contents() == whole
    received, kept, duplicates, quarantined = books.counts
    assert received == kept + duplicates + quarantined
    books.close()


@check
def a_replay_stores_nothing_new(rig, folder):
    fill(rig)
    books = Books(rig, folder)
    for batch in batches(rig):
        books.write(batch)
    before, kept = books.contents(), books.counts[1]
    rig.rewind()
    for batch in batches(rig):
        books.write(batch)
    assert books.contents() == before
    assert books.counts[1] == kept > 0
    books.close()


@check
def order_does_not_matter(rig, folder):
    fill(rig)
    found = events(rig)
    told: dict = {}
    for event in found:
        identity = (event.stream, event.external_id, event.version, event.op)
        assert told.setdefault(identity, meaning(event)) == meaning(event), f"two meanings under one version: {identity}"
    for seed in range(20):
        shuffled = found[:]
        random.Random(seed).shuffle(shuffled)
        assert fold(shuffled) == fold(found)


@check
def a_delete_before_its_create_wins(rig, folder):
    assert "remove" not in rig.cannot, "skip: this source tells no deletes"
    fill(rig)
    contents, _ = stored(rig, folder, order=lambda found: [_reversed(batch) for batch in reversed(found)])
    gone = [id for id, text in rig.said.items() if text is None]
    assert gone and all(deleted for (_, id), (deleted, _) in contents.items() if id in gone)
    assert {id for _, id in contents} >= set(gone)


def _reversed(batch):
    batch.events.reverse()
    return batch


@check
def a_bad_record_goes_to_quarantine_and_the_rest_goes_on(rig, folder):
    rig.post("1", "voor de fout")
    rig.spoil()
    rig.post("2", "na de fout")
    contents, (received, kept, duplicates, quarantined) = stored(rig, folder)
    assert len(contents) == 2 and quarantined >= 1
    assert received == kept + duplicates + quarantined


FAULTS = {
    "429": RateLimited,
    "500": Transient,
    "503": Transient,
    "hang": Transient,
    "drip": Transient,
    "reset": Transient,
    "cut-json": Transient,
    "short": Transient,
    "refused": Transient,
    "half-open": Transient,
    "401": AuthFault,
    "403": AuthFault,
    "forged": AuthFault,
    "400": ConfigFault,
    "missing": ConfigFault,
}


@check
def each_fault_says_what_to_do_and_leaves_the_cursor(rig, folder):
    fill(rig)
    books = Books(rig, folder)
    for mood in rig.moods:
        rig.set_mood(mood)
        began = time.monotonic()
        try:
            for batch in rig.read(None, threading.Event()):
                books.write(batch)
                assert not batch.events, f"{mood}: events from a peer that is away"
                assert time.monotonic() - began < 10, f"{mood}: nobody noticed"
        except ConnectorError as fault:
            assert isinstance(fault, FAULTS[mood]), f"{mood}: {fault!r}"
        else:
            raise AssertionError(f"{mood}: no fault at all")
    assert not books.contents()
    books.close()


@check
def check_says_why_in_both_languages(rig, folder):
    good = rig.connector.check(rig.config)
    assert good.code == "ok" and good.hint_nl and good.hint_en, good
    codes = {
        AuthFault: ("sign_in", "scope"),
        ConfigFault: ("config",),
        Transient: ("unreachable",),
        RateLimited: ("unreachable",),
    }
    for mood in [each for each in rig.moods[:5] if each not in ("half-open", "forged")]:
        rig.set_mood(mood)
        found = rig.connector.check(rig.config)
        assert found.code in codes.get(FAULTS[mood], ("unreachable",)) and found.hint_nl != found.hint_en and found.hint_nl, (
            mood,
            found,
        )


@check
def no_secret_shows(rig, folder):
    from tests.connectors.rigs import SECRET

    heard: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.INFO)
    try:
        fill(rig)
        list(batches(rig))
        told = [repr(rig.config), str(rig.config), str(rig.config.model_dump())]
        for mood in rig.moods[:3]:
            rig.set_mood(mood)
            try:
                for _ in zip(range(3), rig.read(None, threading.Event()), strict=False):
                    pass
            except ConnectorError as fault:
                told += [str(fault), repr(fault)]
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(level)
    assert not any(SECRET in text for text in (*heard, *told))
    assert not any("Bericht 1" in text for text in heard)


@check
def stops_within_two_seconds(rig, folder):
    fill(rig)
    stop, over = threading.Event(), threading.Event()

    def run():
        for _ in rig.read(None, stop):
            pass
        over.set()

    threading.Thread(target=run, daemon=True).start()
    time.sleep(0.4)
    stop.set()
    assert over.wait(2.0)


@check
def breathes(rig, folder):
    """A stream says something at least every heartbeat, also when nothing happens."""
    assert rig.endless, "skip: this source is read at intervals"
    stamps = [time.monotonic()]
    stop = threading.Event()
    for batch in rig.read(None, stop):
        assert not batch.events
        stamps.append(time.monotonic())
        if len(stamps) > 3:
            break
    stop.set()
    assert max(after - before for before, after in pairwise(stamps)) < rig.connector.capabilities.cadence_s
