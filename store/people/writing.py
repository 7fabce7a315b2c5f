"""The one short transaction in which people's writes and their audit row happen together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, insert, text, update

from store import engine as stores
from store.tables import Pulse

AUDIT_LOCK = 0x4B4C4E54  # one writer of the audit chain at a time on PostgreSQL; SQLite has one writer anyway


@contextmanager
def writing(engine: Engine, now_ms: int) -> Iterator[Connection]:
    """A transaction that holds the write lock from its first moment, and tells the screens when it commits.

    Rolls back whole on any error. `now_ms` is UTC epoch milliseconds.
    """
    with stores.writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": AUDIT_LOCK})
        yield connection
        _pulse(connection, now_ms)


def _pulse(connection: Connection, now_ms: int) -> None:
    changed = connection.execute(update(Pulse).where(Pulse.id == 1).values(version=Pulse.version + 1, at=now_ms))
    if not changed.rowcount:
        connection.execute(insert(Pulse).values(id=1, version=1, at=now_ms))
