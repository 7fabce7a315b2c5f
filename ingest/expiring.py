"""Secrets that end: known from the settings, from the secret itself or from the vendor, and said before it is too late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from config.language import texts
from connectors.base import ConnectorError
from ingest.opening import Place, now_ms
from ingest.sources import Source
from store.corridor.sources import report
from store.engine import ms
from store.reads.sources import ending, read_sources

DAYS_MS = 86_400_000
SAID_AT_DAYS = (14, 7, 1, 0)


class Expiry:
    """Looks when each secret ends, keeps that with its source, and says it once at 14, 7, 1 and 0 days before."""

    def __init__(self, place: Place, sources: Sequence[Source], say: Callable[[str], None]) -> None:
        self._place, self._say = place, say
        self._sources = [source for source in sources if not source.fault]
        self._said: dict[str, int] = {}

    def refresh(self) -> None:
        """Ask anew; a vendor that cannot be asked changes nothing of what is known."""
        now = now_ms()
        for source in self._sources:
            end = _end_of(self._place.engine, source)
            report(self._place.engine, source.name, now, expires_at=end)
            self._announce(source.name, end, now)

    def _announce(self, name: str, end: int, now: int) -> None:
        step = next((i for i, days in enumerate(reversed(SAID_AT_DAYS)) if end - now <= days * DAYS_MS), None) if end else None
        if step is None or self._said.get(name) == step:
            return
        self._said[name] = step
        told = ending(end, now)
        if told is not None:
            self._say(f"source {name}: {texts('en')(told.key, **told.values)}")


def known_end(engine: Any, source: Source) -> int:
    """When the secret of a source ends (UTC epoch ms), as its settings say or as it was heard before; 0 is: not known."""
    if source.expires is not None:
        return ms(source.expires)
    return next((each.expires_at for each in read_sources(engine) if each.source == source.name), 0)


def _end_of(engine: Any, source: Source) -> int:
    """As `known_end`, but the vendor is asked where it can say so; when it cannot be reached, what it said before stays."""
    ask = getattr(source.connector, "expires", None)
    if ask is None or source.expires is not None:
        return ms(source.expires) if source.expires is not None else 0
    try:
        told = ask(source.config)
    except ConnectorError:
        return known_end(engine, source)
    return ms(told) if told is not None else 0
