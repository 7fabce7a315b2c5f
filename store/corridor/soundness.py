"""The doctor's questions to a store: is the file sound, do the counts add up, do rows point somewhere."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, Text, cast, column, func, select, text
from sqlalchemy.exc import DatabaseError

from store.corridor.faults import is_damage, plain
from store.engine import reading
from store.tables import Base, Contact, Cursor, ImportBatch, Quarantine, SourceState

CONTACT: Any = Contact.__table__


def file_faults(engine: Engine) -> list[str]:
    """What the database says is wrong with its own pages and links; [] when sound.

    PostgreSQL says it of a page when that is read (where data checksums are on), so every row is read whole; not the indexes.
    """
    try:
        with engine.connect() as connection:
            return _page_faults(connection) if engine.dialect.name == "sqlite" else _read_all(connection)
    except DatabaseError as fault:
        if engine.dialect.name != "sqlite" and not is_damage(fault):
            raise
        return [plain(fault)]


def _page_faults(connection: Connection) -> list[str]:
    pages = [row[0] for row in connection.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
    links = connection.execute(text("PRAGMA foreign_key_check")).all()
    return pages + [f"{row[0]} row {row[1]} points to no {row[2]}" for row in links]


def _read_all(connection: Connection) -> list[str]:
    for table in Base.metadata.sorted_tables:
        whole: Any = cast(column(table.name), Text)  # a row as text, so that no long value is skipped
        connection.execute(select(func.sum(func.length(whole))).select_from(table))
    return []


def count_faults(engine: Engine) -> list[str]:
    """Where received is not stored + duplicates + quarantined, or more is held than was counted; [] when all adds up."""
    found = []
    with reading(engine) as connection:
        for table, name in ((SourceState, SourceState.source), (ImportBatch, ImportBatch.id)):
            parts = table.stored + table.duplicates + table.quarantined
            for row in connection.execute(select(name, table.received, parts).where(table.received != parts)):
                found.append(f"{table.__tablename__} {row[0]}: received {row[1]}, but {row[2]} accounted for")
        held: Any = select(Quarantine.source, func.count().label("n")).group_by(Quarantine.source).subquery()
        counted: Any = func.coalesce(SourceState.quarantined, 0)
        query = select(held.c.source, held.c.n, counted).outerjoin(SourceState, SourceState.source == held.c.source)
        for row in connection.execute(query.where(held.c.n > counted)):
            found.append(f"quarantine of {row[0]}: {row[1]} held, but {row[2]} counted")
    return found


def totals(engine: Engine) -> dict[str, int]:
    """How much there is: contacts, tombstones, sources read."""
    with reading(engine) as connection:
        gone = CONTACT.c.deleted_at.is_not(None)
        row = connection.execute(select(func.count(), func.count().filter(gone)).select_from(CONTACT)).one()
        cursors = connection.scalar(select(func.count()).select_from(Cursor)) or 0
    return {"contacts": row[0] - row[1], "tombstones": row[1], "cursors": cursors}


def empty_log(engine: Engine) -> None:
    """Bring everything from SQLite's write-ahead log into the file and cut the log off, so that nothing erased stays in it."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()  # type: ignore[union-attr]
