"""Stored contacts as the rows they came from, for those who read them anew: rescoring, corrections, evaluation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Engine, select

from store.bulk import among
from store.cases import OBSERVATION, STORED
from store.engine import reading
from store.rows import Observed, Placed, Row
from store.tables import Contact, Placement

CONTACT: Any = Contact.__table__
PLACEMENT: Any = Placement.__table__
SAME = (
    *("source", "stream", "external_id", "version", "happened_at", "received_at", "kind", "channel", "author_key", "thread_key"),
    *("case_key", "language", "text", "mask_version", "url", "engine", "sentiment", "provenance", "import_id"),
)


def stored_rows(engine: Engine, *, after: int = 0, limit: int = 1_000) -> list[tuple[int, Row]]:
    """The next contacts by id after `after`, with their ids; tombstones are left out, an empty list is the end."""
    with reading(engine) as connection:
        query = select(CONTACT.c.id).where(CONTACT.c.id > after, CONTACT.c.deleted_at.is_(None))
        return rows_of(connection, list(connection.scalars(query.order_by(CONTACT.c.id).limit(limit))))


def rows_saying(engine: Engine, contact_id: int) -> list[tuple[int, Row]]:
    """This contact and every other that says the very same, with their ids; empty when it is gone."""
    with reading(engine) as connection:
        text = connection.scalar(select(CONTACT.c.text).where(CONTACT.c.id == contact_id, CONTACT.c.deleted_at.is_(None)))
        if not text:
            return rows_of(connection, [contact_id])
        return rows_of(connection, list(connection.scalars(select(CONTACT.c.id).where(CONTACT.c.text == text))))


def rows_of(connection: Connection, contact_ids: Collection[int]) -> list[tuple[int, Row]]:
    """These contacts by id, within the caller's transaction; tombstones are left out."""
    mine = among(connection, CONTACT.c.id, contact_ids)
    contacts = connection.execute(select(CONTACT).where(mine, CONTACT.c.deleted_at.is_(None)).order_by(CONTACT.c.id)).all()
    placed = _placed(connection, contact_ids)
    observed = _observed(connection, contact_ids)
    return [(contact.id, _row(contact, placed[contact.id], observed[contact.id])) for contact in contacts]


def _row(contact: Any, placed: list[Placed], observed: list[Observed]) -> Row:
    values: dict[str, Any] = {name: getattr(contact, name) for name in SAME}
    values |= {"themes": tuple(contact.themes.split()), "segments": tuple(contact.segments.split())}
    return Row(op="upsert", placed=placed, observed=observed, **values)


def _placed(connection: Connection, contact_ids: Collection[int]) -> dict[int, list[Placed]]:
    found: dict[int, list[Placed]] = defaultdict(list)
    query = select(PLACEMENT).where(among(connection, PLACEMENT.c.contact_id, contact_ids)).order_by(PLACEMENT.c.journey)
    for row in connection.execute(query):
        found[row.contact_id].append(Placed(row.journey, row.stage, row.by, row.confidence))
    return found


def _observed(connection: Connection, contact_ids: Collection[int]) -> dict[int, list[Observed]]:
    """What was observed, once: each journey holds the same."""
    journeys: dict[int, dict[str, list[Observed]]] = defaultdict(lambda: defaultdict(list))
    query = select(*STORED).where(among(connection, OBSERVATION.c.contact_id, contact_ids)).order_by(OBSERVATION.c.id)
    for row in connection.execute(query):
        seen = Observed(row.metric, row.value, row.mark, row.bin, row.cases, row.weight, row.knots)
        journeys[row.contact_id][row.journey].append(seen)
    once: dict[int, list[Observed]] = defaultdict(list)
    once.update({contact_id: next(iter(found.values())) for contact_id, found in journeys.items()})
    return once
