"""Erasing: an author's contacts lose all that could lead back to a person, and the author is not stored again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, delete, select, update

from store.bulk import among, taking_turns, upsert
from store.cases import Fresh, share_cases
from store.counters import beat
from store.differences import Differences
from store.evidence import forget_quotes, take_away
from store.seals import Seals, current_seals
from store.tables import Contact, Erasure, Placement

CONTACT: Any = Contact.__table__
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("author_key", "thread_key", "case_key", "sentiment")),
    **dict.fromkeys(("language", "text", "themes", "segments", "url"), ""),
}


def erase(engine: Engine, source: str, author_keys: Sequence[str], *, now_ms: int, zone: str, reason: str = "asked") -> int:
    """Erase authors in one transaction, of one source or ('') of all: how many contacts were emptied.

    Their observations leave the rollups exactly. What waits in quarantine and inbox is raw and holds no author key: whoever
    asks for an erasure must search those.
    """
    with taking_turns(engine) as connection:
        seals = current_seals(connection, now_ms, zone)
        emptied = forget(connection, source, author_keys, seals, now_ms=now_ms, zone=zone, reason=reason)
        beat(connection, now_ms)
    return emptied


def forget(
    connection: Connection,
    source: str,
    author_keys: Sequence[str],
    seals: Seals,
    *,
    now_ms: int,
    zone: str,
    reason: str = "upstream",
) -> int:
    """Erase authors within the caller's transaction: how many contacts were emptied."""
    if not author_keys:
        return 0
    _remember(connection, source, author_keys, now_ms, reason)
    query = select(CONTACT.c.id).where(among(connection, CONTACT.c.author_key, author_keys))
    if source:
        query = query.where(CONTACT.c.source == source)
    contact_ids = list(connection.scalars(query))
    if contact_ids:
        _empty(connection, contact_ids, seals, now_ms, zone)
    return len(contact_ids)


def _remember(connection: Connection, source: str, author_keys: Sequence[str], now_ms: int, reason: str) -> None:
    statement = upsert(connection, Erasure.__table__).on_conflict_do_nothing()
    rows = [{"source": source, "author_key": key, "at": now_ms, "reason": reason} for key in sorted(set(author_keys))]
    connection.execute(statement, rows)


def _empty(connection: Connection, contact_ids: Sequence[int], seals: Seals, now_ms: int, zone: str) -> None:
    differences = Differences()
    taken = take_away(connection, contact_ids, differences, zone)
    forget_quotes(connection, contact_ids)
    connection.execute(delete(Placement).where(among(connection, Placement.contact_id, contact_ids)))
    mine = among(connection, CONTACT.c.id, contact_ids)
    connection.execute(update(CONTACT).where(mine).values(**EMPTY, deleted_at=now_ms))
    share_cases(connection, Fresh(), taken.groups, differences)
    differences.merge(connection, seals)
