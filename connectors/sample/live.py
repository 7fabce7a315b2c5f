"""The live stream: contacts begin, are answered and end as time passes, with edits, deletes, duplicates and bad records."""

from __future__ import annotations

import heapq
import zlib
from datetime import datetime, timedelta

import numpy as np

from connectors.base import BadRecord, Event
from connectors.sample.chance import Array, seeded
from connectors.sample.company import company
from connectors.sample.customers import Pool
from connectors.sample.drawing import draw
from connectors.sample.events import Teller
from connectors.sample.history import week_of
from connectors.sample.measures import PER_YEAR, measured
from connectors.sample.position import Position
from connectors.sample.rhythm import YEAR_DAYS, begun_live
from connectors.sample.story import MINUTE_MS, Story

BLOCK_MS = 10 * MINUTE_MS
LONGEST_MS = 30 * 60 * MINUTE_MS  # no live contact is told of any longer than this after its block began,
BUSY = 600.0  # and above so many events a minute even shorter, so that a restart stays quick
PER_CONTACT = 1.75  # events that one live contact gives in its life, measurements counted in
WEEK_MS = 7 * 86_400_000
DAY_MINUTES = 24 * 60
LATEST_MS = 10 * MINUTE_MS
LETTER = "n"
TWICE, LATE, BAD = 0.02, 0.01, 0.12  # shares of events told twice and told late; chance per block of a record cut short

Told = tuple[float, int, Event | BadRecord]


class Live:
    """What the source tells from `position.live_at` on; `per_minute` events in an average minute."""

    def __init__(self, story: Story, position: Position, per_minute: float) -> None:
        self._story, self._contacts, self._spans = story, position.contacts, position.spans
        self._rate = per_minute / PER_CONTACT
        self._after = position.live_at
        self._next = position.live_at // BLOCK_MS * BLOCK_MS
        self._waiting: list[Told] = []
        self._count = 0
        self._life = max(BLOCK_MS, int(LONGEST_MS * min(1.0, BUSY / max(per_minute, 1e-9))) // BLOCK_MS * BLOCK_MS)
        self._recall_history()
        for block in range(self._next - self._life, self._next, BLOCK_MS):
            if not any(span.start <= block and block + BLOCK_MS <= span.end for span in self._spans):
                self._open(block)

    def due(self, now: int) -> list[Event | BadRecord]:
        """What the source tells up to `now` (UTC ms) and has not told yet, in that order."""
        while self._next <= now:
            self._open(self._next)
            self._next += BLOCK_MS
        out: list[Event | BadRecord] = []
        while self._waiting and self._waiting[0][0] <= now:
            out.append(heapq.heappop(self._waiting)[2])
        return out

    def wait_ms(self, now: int) -> float:
        """For how long nothing will be told from `now` on (ms); 0 or less when something is due."""
        return min(self._next, self._waiting[0][0] if self._waiting else self._next) - now

    def _recall_history(self) -> None:
        """What history left unanswered: its last two weeks, as far as they were told."""
        day = datetime.fromtimestamp(self._after / 1000, self._story.zone).date()
        monday = day - timedelta(days=day.weekday())
        for start in (monday - timedelta(weeks=1), monday):
            week = week_of(self._story, start, self._contacts)
            born = week.drawn.born
            among = np.any([(born >= span.start) & (born < span.end) for span in self._spans], axis=0)
            self._tell(week.teller, self._after + WEEK_MS, among)

    def _open(self, block: int) -> None:
        """Draw the contacts of a block of minutes, always the same ones, and keep what is still to be told of them."""
        rng, name, end = seeded(self._story.seed, block // BLOCK_MS, 2), f"l{block // BLOCK_MS:x}", block + BLOCK_MS
        start = max([block, *(span.end for span in self._spans if block < span.end < end)])
        slots = max(1, round(self._rate * DAY_MINUTES / company().customers["per_flight_day"]))
        drawn = draw(rng, self._story, *begun_live(rng, self._story, start, end, self._rate), Pool(LETTER, slots))
        self._tell(Teller(company(), drawn, name, LETTER), block + self._life)
        factor = self._rate * DAY_MINUTES * YEAR_DAYS / PER_YEAR
        for event in measured(rng, self._story, start, end, factor, name):
            self._put(event.occurred_at.timestamp() * 1000, event)
        if rng.random() < BAD:
            self._put(start + rng.random() * (end - start), _cut_short(name))

    def _tell(self, teller: Teller, until: float, among: Array | None = None) -> None:
        for at, event in teller.steps(self._after - LATEST_MS, until, among):
            luck = zlib.crc32(f"{event.external_id}:{event.version}".encode()) / 2**32
            if luck < TWICE:
                self._put(at + luck / TWICE * 30_000, event)
            elif luck > 1 - LATE:
                at += (1 - luck) / LATE * LATEST_MS
            self._put(at, event)

    def _put(self, at: float, event: Event | BadRecord) -> None:
        if at > self._after:
            self._count += 1
            heapq.heappush(self._waiting, (at, self._count, event))


def _cut_short(name: str) -> BadRecord:
    raw = f'{{"id": "{name}-x", "channel": "chat", "text": "'.encode()
    return BadRecord(raw, "the record ends in the middle of its text", "chat")
