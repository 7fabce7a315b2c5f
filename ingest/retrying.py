"""Trying quarantine again: what can be stored by now leaves it, the rest stays with its newest reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from connectors.base import Event
from ingest.opening import Place, now_ms
from ingest.payload import event_of
from store.corridor.quarantine import Held, held, keep, release
from store.rows import Batch, Row
from store.writes import save

CHUNK = 500


@dataclass(slots=True)
class Retried:
    """How many were tried, stored by now, refused again, and how many cannot be read at all (only a corrected file helps)."""

    tried: int = 0
    stored: int = 0
    refused: int = 0
    unreadable: int = 0


def retry(place: Place, source: str = "", heard: Callable[[int], bool] = lambda _done: True) -> Retried:
    """Try every held payload of one source ('' is: of all) once; `heard` is told how many were tried, and stops it by False."""
    done = Retried()
    for chunk in _chunks(place, source):
        readable = [(payload, event) for payload in chunk if (event := event_of(payload.raw)) is not None]
        done.tried += len(chunk)
        done.unreadable += len(chunk) - len(readable)
        for (name, import_id), some in groupby(readable, key=lambda pair: (pair[0].source, pair[0].import_id)):
            _again(place, name, import_id, list(some), done)
        if not heard(done.tried):
            break
    return done


def _chunks(place: Place, source: str) -> Iterator[list[Held]]:
    after = 0
    while chunk := held(place.engine, source, after=after, limit=CHUNK):
        after = chunk[-1].id
        yield chunk


def _again(place: Place, source: str, import_id: int | None, some: Sequence[tuple[Held, Event]], done: Retried) -> None:
    """Store first, then release: a crash between the two leaves a payload that the next retry finds stored already."""
    pipeline = place.pipeline(source)
    rows: list[Row] = []
    stored: list[int] = []
    reasons: dict[int, str] = {}
    for payload, event in some:
        ready, refused = pipeline.prepare([event], now_ms(), import_id)
        rows += ready
        if refused:
            reasons[payload.id] = refused[0].reason
        else:
            stored.append(payload.id)
    if stored:
        save(place.engine, Batch(source, rows, import_id=import_id), now_ms=now_ms(), zone=place.zone)
        release(place.engine, stored, now_ms())
    keep(place.engine, reasons)
    done.stored += len(stored)
    done.refused += len(reasons)
