"""The sample: a made-up airline with a year of history and a live stream, so that everything can be seen at work at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import Field

from config.settings import settings
from connectors.base import BadRecord, Batch, Capabilities, CheckResult, Clock, ConfigFault, ConnectorConfig, Event
from connectors.sample import history, position
from connectors.sample.live import Live
from connectors.sample.position import Position, Span
from connectors.sample.story import tell

LONGEST_PAUSE_MS = 10 * 60_000  # a longer one is filled up at the pace of history
LONGEST_WAIT_S, SHORTEST_WAIT_S = 1.0, 0.05
LIVE_ROOM = 25  # events of a batch that history leaves to what happens meanwhile
FORGET_SPANS_MS = 3 * 86_400_000


class SampleConfig(ConnectorConfig):
    """The made-up company's size and pace, by default those of the settings."""

    events_per_minute: float = Field(default_factory=lambda: settings().sample.events_per_minute, ge=0, le=60_000)
    history_days: int = Field(default_factory=lambda: settings().sample.history_days, ge=1, le=3650)
    contacts: int = Field(default_factory=lambda: settings().sample.contacts, ge=100, le=20_000_000)
    seed: int = Field(default_factory=lambda: settings().sample.seed, ge=0)
    timezone: str = Field(default_factory=lambda: settings().company.timezone)
    batch_events: int = Field(default_factory=lambda: settings().ingest.batch_events, ge=1)


class Sample:
    """A source that makes its customers up; its streams are the company's channels, and `systems` for what machines measured."""

    name: ClassVar[str] = "sample"
    channel: ClassVar[str] = ""
    version: ClassVar[str] = "1"
    Config: ClassVar[type[ConnectorConfig]] = SampleConfig
    capabilities: ClassVar[Capabilities] = Capabilities(
        mode="stream", cadence_s=30.0, edits=True, deletes=True, backfill=True, verify=False
    )

    def check(self, config: Any) -> CheckResult:
        """Always ok: nothing outside this program is needed."""
        return CheckResult("ok", "Verzonnen gegevens: er is niets te verbinden.", "Made-up data: there is nothing to connect.")

    def read(self, config: Any, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """History newest week first, mixed with what happens now; then only what happens now, until `stop` is set.

        After a pause the missing time is filled up: minutes as they would have been, more than ten at the pace of history.
        """
        where = _position(config, state, _now(clock))
        while not stop.is_set():
            yield from _session(config, where, stop, clock)
            where = _resumed(where, _now(clock))


def _session(config: Any, where: Position, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
    """Batches until `stop`, or until the clock shows that we slept too long to make up for minute by minute."""
    story = tell(where.anchor, ZoneInfo(config.timezone), where.seed)
    live = Live(story, where, config.events_per_minute)
    past = history.batches(story, where, max(1, config.batch_events - LIVE_ROOM))
    while not stop.is_set():
        told = next(past, None)
        if told is None:
            stop.wait(min(LONGEST_WAIT_S, max(SHORTEST_WAIT_S, live.wait_ms(_now(clock)) / 1000)))
        now = _now(clock)
        if told is None and now - where.live_at > LONGEST_PAUSE_MS:
            return
        yield _batch(where, told, live.due(now), now)


def first_state(now_ms: int) -> str:
    """The state before the first read, with the demo's anchor (UTC ms): who seeds a store writes it, so that all dates agree."""
    size = settings().sample
    return position.fresh(now_ms, size.seed, size.contacts, size.history_days).text()


def anchor_of(state: str) -> int:
    """The anchor (UTC ms) of the story in a state."""
    return position.parse(state).anchor


def _position(config: Any, state: str | None, now: int) -> Position:
    if state is None:
        return position.fresh(now, config.seed, config.contacts, config.history_days)
    try:
        where = position.parse(state)
    except ValueError as fault:
        raise ConfigFault(f"{fault}. Make a new demo store.") from None
    return _resumed(where, now)


def _resumed(where: Position, now: int) -> Position:
    """The position after a pause: a long one becomes a span of history, told first."""
    if now - where.live_at > LONGEST_PAUSE_MS:
        where.spans.insert(0, Span(where.live_at, now))
        where.live_at = now
    where.spans = [s for s in where.spans if not s.complete or s.end > where.live_at - FORGET_SPANS_MS]
    return where


def _batch(where: Position, past: Batch | None, due: list[Event | BadRecord], now: int) -> Batch:
    """The told history with what is due now, and the position after both; no position when there is nothing to commit."""
    where.live_at = max(where.live_at, now)
    told = past or Batch()
    told.events += [item for item in due if isinstance(item, Event)]
    told.bad = [item for item in due if isinstance(item, BadRecord)]
    told.state = where.text() if past or due else None
    return told


def _now(clock: Clock) -> int:
    return int(clock().timestamp() * 1000)
