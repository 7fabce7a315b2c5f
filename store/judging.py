"""Judging: which events change the state of their contact, one by one in their order, whatever batch they came in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from store.bulk import among
from store.evidence import Winner
from store.prepared import Prepared
from store.tables import Contact, Erasure

CONTACT: Any = Contact.__table__
ERASURE: Any = Erasure.__table__
Key = tuple[str, str, str]


@dataclass(slots=True)
class _Current:
    version: int
    deleted: bool
    contact_id: int
    import_id: int | None
    import_new: bool
    winner: Winner | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The last winner of each contact, and how many events won or changed nothing."""

    winners: list[Winner]
    stored: int
    duplicates: int


def judged(connection: Connection, ready: Sequence[Prepared], import_id: int | None) -> Judged:
    """Judge the events: the highest (version, is delete) wins; an author who was erased changes nothing."""
    current = _current(connection, ready)
    erased = _erased(connection, ready)
    stored = 0
    for event in ready:
        row = event.row
        if not event.deleted and (row.source, row.author_key) in erased:
            continue
        key = (row.source, row.stream, row.external_id)
        before = current.get(key)
        if before is not None and (row.version, event.deleted) <= (before.version, before.deleted):
            continue
        stored += 1
        current[key] = _after(before, event, row.import_id if row.import_id is not None else import_id)
    winners = [state.winner for state in current.values() if state.winner is not None]
    return Judged(winners, stored, len(ready) - stored)


def still_stored(connection: Connection, ready: Sequence[Prepared]) -> list[Winner]:
    """The events whose contact is stored in just this version, to be written again."""
    current = _current(connection, ready)
    winners: dict[int, Winner] = {}
    for event in ready:
        state = current.get((event.row.source, event.row.stream, event.row.external_id))
        if state and (event.row.version, event.deleted) == (state.version, state.deleted) and not event.deleted:
            winners[state.contact_id] = Winner(event, state.contact_id, state.import_id, state.import_new)
    return list(winners.values())


def _after(before: _Current | None, event: Prepared, import_id: int | None) -> _Current:
    if before is None:
        contact_id, fresh = 0, import_id is not None
    else:
        contact_id = before.contact_id
        fresh = before.import_new and import_id == before.import_id
    winner = Winner(event, contact_id, import_id, fresh)
    return _Current(event.row.version, event.deleted, contact_id, import_id, fresh, winner)


def _current(connection: Connection, ready: Iterable[Prepared]) -> dict[Key, _Current]:
    streams: dict[tuple[str, str], set[str]] = defaultdict(set)
    for event in ready:
        streams[event.row.source, event.row.stream].add(event.row.external_id)
    columns = [CONTACT.c[name] for name in ("external_id", "version", "deleted_at", "id", "import_id", "import_new")]
    found: dict[Key, _Current] = {}
    for (source, stream), ids in streams.items():
        query = select(*columns).where(CONTACT.c.source == source, CONTACT.c.stream == stream)
        for row in connection.execute(query.where(among(connection, CONTACT.c.external_id, ids))):
            state = _Current(row.version, row.deleted_at is not None, row.id, row.import_id, row.import_new)
            found[source, stream, row.external_id] = state
    return found


def _erased(connection: Connection, ready: Iterable[Prepared]) -> set[tuple[str, str | None]]:
    authors = {(event.row.source, event.row.author_key) for event in ready if event.row.author_key is not None}
    if not authors:
        return set()
    query = select(ERASURE.c.source, ERASURE.c.author_key)
    rows = connection.execute(query.where(among(connection, ERASURE.c.author_key, {author for _, author in authors})))
    found = {(row.source, row.author_key) for row in rows}
    return {pair for pair in authors if pair in found or ("", pair[1]) in found}
