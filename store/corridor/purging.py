"""Purging: everything that one source ever brought is removed, with exact rollups, as if it had never been connected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, select

from store.bulk import taking_turns
from store.counters import beat
from store.evidence import remove
from store.seals import current_seals
from store.tables import Contact, Cursor, Gap, ImportBatch, Inbox, Quarantine, SourceState, Upkeep

CONTACT: Any = Contact.__table__
CHUNK = 2_000  # contacts per transaction, so that people's writes get their turn in between
TRACES = (Quarantine, Inbox, Gap, ImportBatch, Cursor, SourceState, Upkeep)


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge removed: contacts (tombstones among them) and the rows of bookkeeping."""

    contacts: int
    traces: int


def purge_source(engine: Engine, source: str, *, now_ms: int, zone: str) -> Purged:
    """Remove every contact and every trace of a source; its erasures stay, so that nobody forgotten comes back.

    A crash leaves the rest for a second purge. Hours and minutes that retention sealed keep what they summed.
    """
    contacts, more = 0, 1
    while more:
        with taking_turns(engine) as connection:
            more = _remove_some(connection, source, now_ms, zone)
        contacts += more
    with taking_turns(engine) as connection:
        traces = sum(connection.execute(delete(table).where(table.source == source)).rowcount for table in TRACES)
        beat(connection, now_ms)
    return Purged(contacts, traces)


def _remove_some(connection: Connection, source: str, now_ms: int, zone: str) -> int:
    query = select(CONTACT.c.id).where(CONTACT.c.source == source).order_by(CONTACT.c.id).limit(CHUNK)
    contact_ids = list(connection.scalars(query))
    if contact_ids:
        remove(connection, contact_ids, current_seals(connection, now_ms, zone), zone)
    return len(contact_ids)
