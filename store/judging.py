"""Judging: which events change the state of their contact, one by one in their order, whatever batch they came in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from store.bulk import among, one_each
from store.evidence import Winner
from store.prepared import Prepared
from store.tables import Contact, Erasure

CONTACT: Any = Contact.__table__
ERASURE: Any = Erasure.__table__
Key = tuple[str, str, str]


class _Stored(NamedTuple):
    version: int
    deleted: bool
    contact_id: int
    import_id: int | None
    import_new: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """The last winner of each contact, and how many events won or changed nothing."""

    winners: list[Winner]
    stored: int
    duplicates: int


def judged(connection: Connection, ready: Sequence[Prepared], import_id: int | None) -> Judged:
    """Judge the events: the highest (version, is delete) wins; an author who was erased changes nothing."""
    stored, erased = _stored(connection, ready), _erased(connection, ready)
    winners: dict[Key, Winner] = {}
    won = 0
    for event in ready:
        row = event.row
        if erased and not event.deleted and (row.source, row.author_key) in erased:
            continue
        key = (row.source, row.stream, row.external_id)
        before = winners.get(key) or stored.get(key)
        if before is not None and (row.version, event.deleted) <= (before.version, before.deleted):
            continue
        won += 1
        winners[key] = _winner(before, event, import_id if row.import_id is None else row.import_id)
    return Judged(list(winners.values()), won, len(ready) - won)


def still_stored(connection: Connection, ready: Sequence[Prepared]) -> list[Winner]:
    """The events whose contact is stored in just this version, to be written again."""
    stored = _stored(connection, ready)
    winners: dict[int, Winner] = {}
    for event in ready:
        state = stored.get((event.row.source, event.row.stream, event.row.external_id))
        if state and (event.row.version, event.deleted) == (state.version, state.deleted) and not event.deleted:
            winners[state.contact_id] = Winner(
                event, state.version, state.deleted, state.contact_id, state.import_id, state.import_new
            )
    return list(winners.values())


def _winner(before: _Stored | Winner | None, event: Prepared, import_id: int | None) -> Winner:
    if before is None:
        return Winner(event, event.row.version, event.deleted, 0, import_id, import_id is not None)
    brought = before.import_new and import_id == before.import_id
    return Winner(event, event.row.version, event.deleted, before.contact_id, import_id, brought)


def _stored(connection: Connection, ready: Iterable[Prepared]) -> dict[Key, _Stored]:
    streams: dict[tuple[str, str], set[str]] = defaultdict(set)
    for event in ready:
        streams[event.row.source, event.row.stream].add(event.row.external_id)
    columns = [CONTACT.c[name] for name in ("external_id", "version", "deleted_at", "id", "import_id", "import_new")]
    found: dict[Key, _Stored] = {}
    for (source, stream), ids in streams.items():
        mine = (CONTACT.c.source == source, CONTACT.c.stream == stream)
        for row in connection.execute(one_each(connection, columns, CONTACT.c.external_id, ids, *mine)):
            state = _Stored(row.version, row.deleted_at is not None, row.id, row.import_id, row.import_new)
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
