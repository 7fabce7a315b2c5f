"""One source, read in a thread of its own: prepared, put in the writer's queue, and started again when it falls."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from connectors.base import Batch as Told
from connectors.base import Clock, Missing, Origin
from connectors.metering import metered
from ingest.breaker import Breaker
from ingest.importing import keep_unchanged
from ingest.metering import SourceMeter
from ingest.opening import Place
from ingest.pipeline import Pipeline
from ingest.sources import Source
from ingest.status import DONE, LIVE, STOPPED, Status
from ingest.writer import Item
from store.corridor.imports import Import, dropped_import
from store.corridor.unchanged import stored_versions
from store.engine import ms
from store.rows import Batch, Missed, Refused

PUT_S = 0.2


class Tripped(Exception):
    """The breaker stopped this source."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a source may say nothing at all before it counts as hung, in seconds."""

    hung_s: float = 90.0


class Feeder:
    """What one thread needs: it reads the source from the last committed state on, and tells how it is doing.

    `alive_at` is when it last gave a sign (monotonic seconds); None while it is not waiting for the source.
    """

    def __init__(self, source: Source, place: Place, epoch: int, state: str | None, out: queue.Queue[Item], clock: Clock) -> None:
        self.source, self.epoch, self.state = source, epoch, state
        self.stop, self.ended = threading.Event(), threading.Event()
        self.abandoned = False
        self.alive_at: float | None = None
        self.heartbeat_ms = 0
        self._status = Status(LIVE, "starting")
        self._pipeline: Pipeline = place.pipeline(source.name, source.connector.version)
        self._out, self._clock, self._place = out, clock, place
        self.meter = SourceMeter(place.engine, source.name, source.terms.budget, clock)
        self._breaker, self._lock, self._pending = Breaker(), threading.Condition(), 0

    @property
    def status(self) -> Status:
        """How the source is doing now."""
        return self._status

    def say(self, status: Status) -> None:
        """Change how it is doing, unless it was given up."""
        if not self.abandoned:
            self._status = status

    def committed(self, batches: int, state: str | None) -> None:
        """The writer has these batches on disk."""
        with self._lock:
            self._pending -= batches
            self.state = self.state if state is None else state
            self._lock.notify_all()

    def refuse(self, status: Status) -> None:
        """The writer takes nothing more of this source."""
        self.say(status)
        self.stop.set()
        with self._lock:
            self._lock.notify_all()

    def settle(self) -> None:
        """Wait until everything that was put is on disk, so that reading again starts behind it."""
        with self._lock:
            while self._pending > 0 and not self.stop.is_set():
                self._lock.wait(PUT_S)

    def pass_through(self) -> None:
        """Read the source once, until its `read` ends; connector errors pass, Tripped when the breaker stopped it."""
        self.settle()
        with metered(self.meter):
            self._read()

    def _read(self) -> None:
        for told in self._told():
            self.meter.item(len(told.events) + len(told.bad))
            self.heartbeat_ms = ms(self._clock())
            self.say(Status(LIVE, "reading"))
            if told.events or told.bad or told.gap or told.erased or told.state is not None or told.acknowledge:
                self._forward(told)
            if self.stop.is_set():
                return

    def finish(self) -> Status:
        """The state after `read` ended well: done for good, or until the next look."""
        return Status(DONE, "done") if self.source.mode == "once" else Status(LIVE, "reading")

    def _told(self) -> Iterator[Told]:
        """The connector's batches, with `alive_at` set only while we wait; Spent before one that the budget cannot hold."""
        most = self.source.connector.capabilities.batch
        with closing(self.source.connector.read(self.source.config, self.state, self.stop, self._clock)) as batches:
            while True:
                self.meter.room(most)
                self.alive_at = time.monotonic()
                try:
                    told = next(batches)
                except StopIteration:
                    return
                finally:
                    self.alive_at = None
                yield told

    def _forward(self, told: Told) -> None:
        now, record = ms(self._clock()), self._import(told.origin)
        if record and record.undone_at:
            told = Told(state=told.state)  # the file was taken back while it was being read: its place moves on, nothing else
        import_id = record.id if record else None
        rows, refused = self._pipeline.prepare(told.events, now, import_id)
        if record and rows:
            keep_unchanged(rows, stored_versions(self._place.engine, rows))
        bad = [Refused(record.stream, record.raw, record.why, self.source.connector.version) for record in told.bad]
        missed = [_missed(told.gap)] if told.gap else []
        forgotten = [self._pipeline.hash(author) for author in told.erased]
        batch = Batch(
            self.source.name, rows, [*bad, *refused], missed, told.state, self.epoch, import_id, _ended(told), forgotten
        )
        self._put(Item(self, batch, [told.acknowledge] if told.acknowledge else []))
        why = self._breaker.heard(len(rows), len(batch.refused)) if rows or batch.refused else ""
        if why:
            self.settle()
            self.say(Status(STOPPED, "breaker", {"why": why, "last": batch.refused[-1].reason[:200]}))
            raise Tripped(why)

    def _import(self, origin: Origin | None) -> Import | None:
        """The import that a file of a drop folder is; None for what comes from no file."""
        if origin is None:
            return None
        engine, name = self._place.engine, self.source.name
        return dropped_import(engine, name, origin.file, origin.sha256, origin.mapping, origin.since)

    def _put(self, item: Item) -> None:
        with self._lock:
            self._pending += 1
        while not (self.stop.is_set() or self.abandoned):
            try:
                self._out.put(item, timeout=PUT_S)
                return
            except queue.Full:
                continue


def _ended(told: Told) -> bool:
    return told.origin is not None and told.origin.ended


def _missed(gap: Missing) -> Missed:
    return Missed(gap.stream, ms(gap.start), ms(gap.end), gap.reason)
