"""Which rows say what the store holds already: a corrected file then changes only what was corrected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, select

from store.bulk import among
from store.engine import reading
from store.rows import Row
from store.stored import rows_of
from store.tables import Contact

CONTACT: Any = Contact.__table__
SAID = ("happened_at", "kind", "channel", "author_key", "thread_key", "case_key", "text", "language", "url", "provenance")


def knows_source(engine: Engine, source: str) -> bool:
    """Whether the store holds any contact of this source."""
    with reading(engine) as connection:
        return connection.scalar(select(CONTACT.c.id).where(CONTACT.c.source == source).limit(1)) is not None


def stored_versions(engine: Engine, rows: Sequence[Row]) -> dict[tuple[str, str], int]:
    """The stored version of each of these rows (of one source) whose content is what the store holds, by (stream, external_id).

    A placement by a person is no difference, nor is when it was received.
    """
    if not rows:
        return {}
    with reading(engine) as connection:
        old = {(row.stream, row.external_id): row for row in _stored(connection, rows)}
    found = {}
    for row in rows:
        before = old.get((row.stream, row.external_id))
        if row.op == "upsert" and before is not None and _content(row) == _content(before) and _same_place(row, before):
            found[row.stream, row.external_id] = before.version
    return found


def _stored(connection: Connection, rows: Sequence[Row]) -> list[Row]:
    query = select(CONTACT.c.id).where(CONTACT.c.source == rows[0].source)
    mine = among(connection, CONTACT.c.external_id, sorted({row.external_id for row in rows}))
    ids = list(connection.scalars(query.where(CONTACT.c.stream.in_({row.stream for row in rows}), mine)))
    return [row for _, row in rows_of(connection, ids)]


def _content(row: Row) -> tuple[Any, ...]:
    observed = sorted((seen.metric, seen.value, seen.count, seen.weight, seen.bin) for seen in row.observed)
    return (*(getattr(row, name) for name in SAID), frozenset(row.themes), frozenset(row.segments), observed)


def _same_place(row: Row, before: Row) -> bool:
    places = {placed.journey: placed for placed in before.placed}
    for placed in row.placed:
        old = places.get(placed.journey)
        if old is None or (old.by != "person" and old.stage != placed.stage):
            return False
    return True
