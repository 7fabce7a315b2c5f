"""The sources as a table, and the check of one: what it is, how it is doing, what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from config.language import texts
from config.settings import Settings, settings
from connectors import CONNECTORS
from ingest.opening import now_ms
from ingest.sources import configured, connector_named, source_of
from ingest.status import words
from store.corridor.sources import held
from store.reads.sources import Source, notices, read_sources, read_upkeep

HEAD = f"{'source':<18} {'connector':<14} {'state':<12} {'received':>10} {'stored':>10} {'doubles':>9} {'held':>6}  last event"


def lines(engine: Any, chosen: Settings) -> Iterator[str]:
    """One line per source of the store, then the sources of the settings that never ran, then the connectors there are."""
    known = {source.source: source for source in read_sources(engine)} if engine is not None else {}
    waiting = held(engine) if engine is not None else {}
    kept = {name: read_upkeep(engine, name) for name in known} if engine is not None else {}
    yield HEAD
    for source in known.values():
        yield _line(source, waiting.get(source.source, 0))
        if source.status not in ("live", "done", ""):
            yield f"{'':<18} {words(source.detail, texts('en'))}"
        yield from (
            f"{'':<18} {texts('en')(each.key, **each.values)}"
            for each in (*notices(source, now_ms()), *kept.get(source.source, []))
        )
    for source in configured(chosen):
        if source.name not in known:
            state = "config" if source.fault else "not yet run"
            yield f"{source.name:<18} {source.connector.name:<14} {state:<12} {source.fault}".rstrip()
    yield f"connectors: {', '.join(sorted(CONNECTORS))}"


def check(name: str, say: Callable[[str], None]) -> int:
    """Try the settings of one source and say what to do, in Dutch and English; 0 when they are right, else 1."""
    known = {source.name: source for source in configured(settings())}
    if name not in known:
        connector_named(name)
    source = known.get(name) or source_of(name, {}, {})
    if source.fault:
        say(f"config: {source.fault}")
        return 1
    found = source.connector.check(source.config)
    say(f"{found.code}: {found.hint_en}")
    say(f"{found.code}: {found.hint_nl}")
    return 0 if found.code == "ok" else 1


def _line(source: Source, waiting: int) -> str:
    at = f"{datetime.fromtimestamp(source.last_event_at / 1000, UTC):%Y-%m-%d %H:%M}" if source.last_event_at else "never"
    counts = f"{source.received:>10,} {source.stored:>10,} {source.duplicates:>9,} {waiting:>6,}"
    return f"{source.source:<18} {source.connector:<14} {source.status:<12} {counts}  {at}"
