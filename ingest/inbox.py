"""The inbox's door: a webhook's delivery is checked, kept, and only then answered; reading it comes later."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from config.settings import settings
from connectors.base import AuthFault, BadRecord, ConfigFault, ConnectorError
from connectors.presets.signing import PATH_SECRET
from ingest.sources import Source, configured
from store.corridor.faults import DatabaseFault
from store.corridor.inbox import backlog, put
from store.engine import instant

LARGEST = 5 * 1024 * 1024
LONGEST_QUEUE = 100_000
DROPPED = frozenset({"cookie", "authorization", "proxy-authorization", PATH_SECRET})


def accept(engine: Any, source: str, headers: Mapping[str, str], body: bytes, now_ms: int) -> tuple[int, str]:
    """The HTTP status and text for one delivery: 200 once it is on disk (also when it was before), else why not.

    404 no such source, 401 not signed by it or too old, 400 not understood, 413 too large, 503 the store cannot take it now.
    """
    known = receivers().get(source)
    if known is None:
        return 404, "no such source"
    return deliver(engine, known, headers, body, now_ms)


def deliver(engine: Any, source: Source, headers: Mapping[str, str], body: bytes, now_ms: int) -> tuple[int, str]:
    """`accept` for a source that is known."""
    if len(body) > LARGEST:
        return 413, f"body over {LARGEST} bytes"
    named = {name.lower(): value for name, value in headers.items()}
    try:
        question = source.connector.handshake(source.config, {}, named, body)
        if question is not None:
            return 200, question
        delivery_id = source.connector.authenticate(source.config, named, body, instant(now_ms))
    except AuthFault:
        return 401, "not signed by this source, or too old"
    except BadRecord:
        return 400, "not understood"
    except ConfigFault:
        return 503, "this source is not set up"
    except ConnectorError:
        return 400, "not understood"
    return _kept(engine, source.name, delivery_id, named, body, now_ms)


def answer(source: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str | None:
    """The text that proves to a vendor that this address is ours (a GET with a question); None when it is no such question."""
    known = receivers().get(source)
    if known is None:
        return None
    try:
        return known.connector.handshake(known.config, query, {name.lower(): value for name, value in headers.items()}, b"")
    except ConnectorError:
        return None


@lru_cache(maxsize=1)
def receivers() -> dict[str, Source]:
    """The push sources of this process's settings, by name."""
    return {source.name: source for source in configured(settings()) if source.mode == "push" and not source.fault}


def _kept(engine: Any, source: str, delivery_id: str, headers: Mapping[str, str], body: bytes, now_ms: int) -> tuple[int, str]:
    kept = {name: value for name, value in headers.items() if name not in DROPPED}
    try:
        if backlog(engine) >= LONGEST_QUEUE:
            return 503, "too much waits; deliver it again later"
        fresh = put(engine, source, delivery_id, kept, body, now_ms)
    except DatabaseFault:
        return 503, "the store cannot take it now; deliver it again later"
    return 200, "received" if fresh else "received before"
