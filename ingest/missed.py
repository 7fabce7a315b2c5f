"""Missed deliveries: what a vendor could not push is asked for afterwards, where its receiver can, and stored like a delivery."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence

from connectors.base import BadRecord, Batch, ConnectorError
from connectors.metering import metered
from ingest.metering import SourceMeter
from ingest.opening import Place, now_ms
from ingest.sources import Source
from ingest.status import after
from store.corridor.upkeep import Upkeep, keep_upkeep, upkeep
from store.engine import instant
from store.rows import Batch as Rows
from store.rows import Refused
from store.writes import save

KIND = "missed"
OVERLAP_MS, FIRST_MS = 600_000, 86_400_000  # what moved while we asked is asked for again; at the first time a day


class CatchUp:
    """Asks for what was missed, source by source; one that cannot be asked now is asked from the same moment on later."""

    def __init__(self, place: Place, sources: Sequence[Source], stop: threading.Event) -> None:
        self._place, self._stop = place, stop
        self.sources = [source for source in sources if _able(source)]

    def keep(self) -> None:
        """The chore: every source once."""
        for source in self.sources:
            if not self._stop.is_set():
                self.ask(source)

    def ask(self, source: Source) -> Upkeep:
        """Ask one source, and write down until when everything is in; that stays where it was when the asking broke off."""
        before = upkeep(self._place.engine, source.name, KIND)
        state = Upkeep(source.name, KIND, before.place, now_ms())
        until = json.loads(before.place)["until"] if before.place else state.began_at - FIRST_MS
        meter = SourceMeter(self._place.engine, source.name, source.terms.budget, lambda: instant(now_ms()))
        try:
            with metered(meter):
                for told in source.connector.missed(source.config, instant(until - OVERLAP_MS), self._stop, meter.now):
                    self._store(source, told, state, meter)
            state.place, state.finished_at = json.dumps({"until": state.began_at}), now_ms()
        except (ConnectorError, BadRecord) as fault:
            state.detail = after(fault, 0).detail()
        meter.settle()
        keep_upkeep(self._place.engine, state)
        return state

    def _store(self, source: Source, told: Batch, state: Upkeep, meter: SourceMeter) -> None:
        pipeline = self._place.pipeline(source.name, source.connector.version)
        rows, refused = pipeline.prepare(told.events, now_ms())
        refused += [Refused(bad.stream, bad.raw, bad.why, source.connector.version) for bad in told.bad]
        meter.item(len(rows) + len(refused))
        done = save(self._place.engine, Rows(source.name, rows, refused), now_ms=now_ms(), zone=self._place.zone)
        state.checked, state.edited = state.checked + done.received, state.edited + done.stored


def _able(source: Source) -> bool:
    can = getattr(source.connector, "catches_up", None)
    return not source.fault and can is not None and can(source.config)
