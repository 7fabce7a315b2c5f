"""Undoing an import: what it brought is removed with exact rollups, what it changed is kept and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, select, update

from store.bulk import taking_turns
from store.counters import beat
from store.errors import NoSuchImport
from store.evidence import remove
from store.seals import current_seals
from store.tables import Contact, ImportBatch, Quarantine

CHUNK = 2_000  # contacts per transaction, so that people's writes get their turn in between
CONTACT: Any = Contact.__table__


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: contacts removed, contacts kept because they were there before, payloads taken out of quarantine."""

    removed: int
    kept: int
    released: int


def undo_import(engine: Engine, import_id: int, *, now_ms: int, zone: str) -> Undone:
    """Take away what the import brought, and forget what it put in quarantine.

    A contact that was there before keeps the state that the import gave it (`kept`): the state before is not stored. A contact
    that anything else changed later is no longer the import's, and stays. A crash leaves the rest for a second undo. Raises
    NoSuchImport.
    """
    removed, more = 0, 1
    while more:
        with taking_turns(engine) as connection:
            _check(connection, import_id)
            more = _remove_some(connection, import_id, now_ms, zone)
        removed += more
    with taking_turns(engine) as connection:
        kept = connection.scalar(select(func.count()).where(CONTACT.c.import_id == import_id)) or 0
        released = connection.execute(delete(Quarantine).where(Quarantine.import_id == import_id)).rowcount
        connection.execute(update(ImportBatch).where(ImportBatch.id == import_id).values(undone_at=now_ms))
        beat(connection, now_ms)
    return Undone(removed, kept, released)


def _check(connection: Connection, import_id: int) -> None:
    if connection.scalar(select(ImportBatch.id).where(ImportBatch.id == import_id)) is None:
        raise NoSuchImport(import_id)


def _remove_some(connection: Connection, import_id: int, now_ms: int, zone: str) -> int:
    query = select(CONTACT.c.id).where(CONTACT.c.import_id == import_id, CONTACT.c.import_new.is_(True))
    contact_ids = list(connection.scalars(query.order_by(CONTACT.c.id).limit(CHUNK)))
    if contact_ids:
        remove(connection, contact_ids, current_seals(connection, now_ms, zone), zone)
    return len(contact_ids)
