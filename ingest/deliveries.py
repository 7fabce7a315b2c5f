"""A push source read from the inbox: what was committed there is processed, and settled when its events are on disk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from connectors.base import BadRecord, Batch, Clock, ConnectorError
from ingest.sources import Source
from store.corridor.inbox import Delivery, settle, waiting

LOOK_S = 0.25
AT_ONCE = 100


class Deliveries:
    """A connector like any other around a receiver and the inbox."""

    def __init__(self, receiver: Any, source: str, engine: Any) -> None:
        self.receiver, self._source, self._engine = receiver, source, engine
        self.name, self.channel, self.version = receiver.name, receiver.channel, receiver.version
        self.Config, self.capabilities = receiver.Config, receiver.capabilities

    def check(self, config: Any) -> Any:
        """What the receiver says of its settings."""
        return self.receiver.check(config)

    def read(self, config: Any, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """Every delivery that waits, oldest first, until `stop` is set; an empty batch while there is none."""
        under_way: set[int] = set()
        while not stop.is_set():
            found = waiting(self._engine, self._source, AT_ONCE + len(under_way))
            fresh = [delivery for delivery in found if delivery.id not in under_way]
            if not fresh:
                yield Batch()
                stop.wait(LOOK_S)
                continue
            under_way.update(delivery.id for delivery in fresh)
            yield self._batch(config, fresh, under_way)

    def _settle(self, ids: list[int], under_way: set[int]) -> None:
        settle(self._engine, ids)
        under_way.difference_update(ids)

    def _batch(self, config: Any, found: list[Delivery], under_way: set[int]) -> Batch:
        batch = Batch(acknowledge=partial(self._settle, [delivery.id for delivery in found], under_way))
        for delivery in found:
            try:
                batch.events += self.receiver.events(config, delivery.headers, delivery.body)
            except BadRecord as fault:
                batch.bad.append(fault)
            except ConnectorError as fault:
                batch.bad.append(BadRecord(delivery.body, str(fault)))
        return batch


def readable(source: Source, engine: Any) -> Source:
    """The source itself, or for a push source one that reads the inbox."""
    if source.fault or source.mode != "push":
        return source
    return replace(source, connector=Deliveries(source.connector, source.name, engine))
