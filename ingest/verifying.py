"""Looking up again what is stored: does it still exist upstream, does it still say the same? Deletes and edits are applied.

A round walks a source's contacts by id and writes down how far it is after each step, so a restart goes on there. It spends the
source's own budget. A vendor that suddenly calls most of what we hold gone is not believed: that is rather its fault than the
truth, and what is emptied stays empty.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from connectors.base import BadRecord, ConnectorError, Event
from connectors.metering import metered
from ingest.errors import Unfit
from ingest.metering import SourceMeter
from ingest.opening import Place, now_ms
from ingest.sources import Source
from ingest.status import Status, after
from store.corridor.upkeep import Upkeep, keep_upkeep, stored_ids, upkeep
from store.engine import instant, ms
from store.rows import Batch
from store.writes import save

KIND = "verify"
STEP = 100
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
AHEAD = 2  # rounds begin twice as often as everything must be looked up, so that each also ends in time
LEAST_GONE, BELIEVED_SHARE = 20, 0.5
FOR_VERIFYING = 0.5  # of a monthly limit: what customers say now comes first


@dataclass(frozen=True, slots=True)
class Told:
    """What one step of a round gave: how far the round is, and why it stands still ('' while it goes on, or has ended)."""

    state: Upkeep
    why: str = ""

    @property
    def ended(self) -> bool:
        """Whether everything was looked up."""
        return bool(self.state.finished_at)


class Verifier:
    """Verifies the sources whose connector can; `believe` takes also most of what is stored for gone."""

    def __init__(self, place: Place, sources: Sequence[Source], *, believe: bool = False) -> None:
        self._place, self._believe = place, believe
        self.sources = [source for source in sources if able(source)]

    def keep(self, stop: Callable[[], bool]) -> None:
        """The chore: for each source whose round is due or under way, steps until the round ends, stands still or `stop`."""
        for source in self.sources:
            if self._is_due(source):
                self.round(source, lambda _told: not stop())

    def round(self, source: Source, heard: Callable[[Told], bool], *, since_ms: int | None = None) -> Told:
        """Go on with a source's round, or begin one; `heard` is told after each step, and stops it by False.

        With `since_ms` a round over what happened from then on: the one under way if it is the same, else a new one.
        """
        state = upkeep(self._place.engine, source.name, KIND)
        other = since_ms is not None and bool(state.place) and json.loads(state.place)["since"] != since_ms
        if state.finished_at or not state.began_at or other:
            state = Upkeep(source.name, KIND, _begin(source, since_ms), now_ms())
        meter = SourceMeter(self._place.engine, source.name, source.terms.budget, lambda: instant(now_ms()))
        with metered(meter):
            while True:
                told = self._step(source, state, meter)
                meter.settle()
                keep_upkeep(self._place.engine, state)
                if told.why or told.ended or not heard(told):
                    return told

    def _step(self, source: Source, state: Upkeep, meter: SourceMeter) -> Told:
        place = json.loads(state.place)
        found = stored_ids(self._place.engine, source.name, place["after"], place["since"], STEP)
        if not found:
            state.finished_at, state.detail = now_ms(), ""
            return Told(state)
        ids = [external_id for _, _, external_id in found]
        try:
            meter.room(len(ids), FOR_VERIFYING)
            events = list(source.connector.verify(source.config, ids))
        except (ConnectorError, BadRecord) as fault:
            return _still(state, after(fault, 0))
        meter.item(len(ids))
        gone = sum(event.op == "delete" for event in events)
        if not self._believe and gone >= LEAST_GONE and gone > BELIEVED_SHARE * len(ids):
            return _still(state, Status("", "not_believed", {"gone": gone, "asked": len(ids), "source": source.name}))
        self._apply(source, events, state)
        state.checked += len(ids)
        state.place, state.detail = json.dumps(place | {"after": found[-1][0]}), ""
        return Told(state)

    def _apply(self, source: Source, events: list[Event], state: Upkeep) -> None:
        """Deletes and edits as batches of their own, so that what changed of each is counted."""
        pipeline = self._place.pipeline(source.name, source.connector.version)
        for op, counted in (("delete", "gone"), ("upsert", "edited")):
            rows, refused = pipeline.prepare([event for event in events if event.op == op], now_ms())
            if rows or refused:
                done = save(self._place.engine, Batch(source.name, rows, refused), now_ms=now_ms(), zone=self._place.zone)
                setattr(state, counted, getattr(state, counted) + done.stored)

    def _is_due(self, source: Source) -> bool:
        state = upkeep(self._place.engine, source.name, KIND)
        every_ms = source.terms.verify_every_h * HOUR_MS / AHEAD
        return not state.finished_at or now_ms() - state.began_at >= every_ms


def able(source: Source) -> bool:
    """Whether what this source brought can be looked up again."""
    return not source.fault and source.connector.capabilities.verify


def since_of(day: str, zone: str) -> int | None:
    """The start of a day such as 2026-03-01 in the company's zone, in UTC epoch ms; None for ''. Unfit when it is no day."""
    if not day:
        return None
    try:
        return ms(datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)))
    except ValueError:
        raise Unfit(f"--since: found {day!r}, expected a day such as 2026-03-01.") from None


def _begin(source: Source, since_ms: int | None) -> str:
    days = source.terms.verify_days
    since = since_ms if since_ms is not None else now_ms() - days * DAY_MS if days else 0
    return json.dumps({"after": 0, "since": since})


def _still(state: Upkeep, why: Status) -> Told:
    state.detail = why.detail()
    return Told(state, why.detail())
