"""The one writer: batches from every source through one bounded queue, each committed with its cursor, then acknowledged.

A full queue holds its sources back, so that back-pressure reaches their sockets. Small batches of one source that come close
together are committed together, up to `events` rows or `gather_s` seconds; a single one is not held up.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ingest.opening import Place, now_ms
from ingest.status import STOPPED, Status
from store.corridor.faults import DatabaseFault, is_damage, is_passing, plain
from store.errors import StaleEpoch
from store.rows import Batch
from store.writes import save

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 5.0
LINGER_S = 0.004  # long enough for a source that was held back to put its next batch
FALLS = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)


class Sender(Protocol):
    """Whoever put a batch in the queue: it hears what became of it."""

    abandoned: bool

    def committed(self, batches: int, state: str | None) -> None:
        """These batches are on disk, with this state."""
        ...

    def refuse(self, status: Status) -> None:
        """Nothing more is taken from this source."""
        ...


@dataclass(slots=True)
class Item:
    """A prepared batch on its way, with what to do when it is on disk."""

    sender: Sender
    batch: Batch
    acknowledge: list[Callable[[], None]] = field(default_factory=list)
    batches: int = 1


class Writer:
    """Takes from the queue and saves. `say` prints a line for the operator, `stopping` ends its patience."""

    def __init__(self, place: Place, batches: int, events: int, say: Callable[[str], None], gather_s: float = 0.25) -> None:
        self.place, self.events, self._say, self._gather_s = place, events, say, gather_s
        self.queue: queue.Queue[Item] = queue.Queue(maxsize=batches)

    def work(self, wait_s: float, stopping: Callable[[], bool]) -> int:
        """Save everything that waits, after waiting up to `wait_s` for the first; how many batches there were."""
        items = self._waiting(wait_s)
        for item in merged(items, self.events):
            self._settle(item, stopping)
        return len(items)

    def _waiting(self, wait_s: float) -> list[Item]:
        try:
            items = [self.queue.get(timeout=wait_s)]
        except queue.Empty:
            return []
        deadline, rows = time.monotonic() + self._gather_s, _size(items[0].batch)
        while rows < self.events and time.monotonic() < deadline:
            try:
                items.append(self.queue.get(timeout=LINGER_S))
            except queue.Empty:
                break
            rows += _size(items[-1].batch)
        return items

    def _settle(self, item: Item, stopping: Callable[[], bool]) -> None:
        if item.sender.abandoned:
            return
        try:
            if not self._saved(item.batch, stopping):
                return
        except StaleEpoch as fault:
            _give_up(item.sender, Status(STOPPED, "taken_over", {"why": str(fault)}))
            return
        except (DatabaseFault, *FALLS) as fault:
            if isinstance(fault, DatabaseFault) and is_damage(fault):
                raise
            _give_up(item.sender, Status(STOPPED, "fell", {"why": f"{type(fault).__name__} while storing"}))
            self._say(f"source {item.batch.source}: could not be stored ({type(fault).__name__})")
            return
        for acknowledge in item.acknowledge:
            acknowledge()
        item.sender.committed(item.batches, item.batch.state)

    def _saved(self, batch: Batch, stopping: Callable[[], bool]) -> bool:
        """Save, however long the store is locked, full or away; False when the process stops first: the source delivers again."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                save(self.place.engine, batch, now_ms=now_ms(), zone=self.place.zone)
                return True
            except DatabaseFault as fault:
                if not is_passing(fault):
                    raise
                if pause == FIRST_PAUSE_S:
                    self._say(f"the store does not take writes ({plain(fault)}); trying again until it does")
            deadline = time.monotonic() + pause
            while time.monotonic() < deadline:
                if stopping():
                    return False
                time.sleep(0.05)
            pause = min(LONGEST_PAUSE_S, pause * 2)


def _give_up(sender: Sender, status: Status) -> None:
    """Take nothing more of a sender: what it queued behind a batch that was not stored would move its place past that batch."""
    sender.refuse(status)
    sender.abandoned = True


def merged(items: Sequence[Item], events: int) -> list[Item]:
    """Batches of one sender put together, up to `events` rows each and never two imports; the order within a sender stays."""
    out: list[Item] = []
    last: dict[int, Item] = {}
    for item in items:
        before = last.get(id(item.sender))
        if before is None or before.batch.import_id != item.batch.import_id or _size(before.batch) + _size(item.batch) > events:
            out.append(item)
            last[id(item.sender)] = item
        else:
            _join(before, item)
    return out


def _join(into: Item, item: Item) -> None:
    a, b = into.batch, item.batch
    for name in ("rows", "refused", "missed", "forgotten"):
        both: list[Any] = [*getattr(a, name), *getattr(b, name)]
        setattr(a, name, both)
    a.state = a.state if b.state is None else b.state
    a.import_ended = a.import_ended or b.import_ended
    into.acknowledge += item.acknowledge
    into.batches += item.batches


def _size(batch: Batch) -> int:
    return len(batch.rows) + len(batch.refused)
