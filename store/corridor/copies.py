"""Whole stores out of and into a database: an image of the file on SQLite, every table by COPY in one snapshot on PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, func, select, text, update

from store.bulk import taking_turns
from store.copying import copying
from store.engine import reading
from store.erasing import forget
from store.seals import current_seals
from store.tables import Base, Contact, Erasure, Promise, Pulse

Opened = Callable[[str], AbstractContextManager[Any]]
Gone = set[tuple[str, str]]  # (source, author_key) of whoever was forgotten
CHUNK = 1 << 20


def image(file: Path, target: Path) -> None:
    """Copy a SQLite store, as of one moment, while others write: one step holds one read transaction, which stops no writer."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy, pages=-1)


def put_image(source: Path, file: Path) -> None:
    """Write an image over a SQLite store: one transaction, so whoever reads sees the old or the new, as does a killed process."""
    with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(file, timeout=30.0)) as target:
        target.execute("PRAGMA journal_mode = WAL").close()
        target.execute("PRAGMA synchronous = FULL").close()
        copy.backup(target, pages=-1)
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def tables_out(engine: Engine, opened: Opened) -> dict[str, int]:
    """Write every table of a PostgreSQL store, all of one moment, into what `opened` gives per table; the rows of each."""
    with reading(engine) as connection:
        for table in Base.metadata.sorted_tables:
            with opened(table.name) as out, copying(connection, _copy(table, "TO STDOUT")) as copy:
                for part in copy:
                    out.write(part)
        return _counts(connection)


def tables_in(engine: Engine, opened: Opened, gone: Gone, *, now_ms: int, zone: str) -> None:
    """Put tables in the place of those of a PostgreSQL store, and forget `gone` in them: one transaction, or nothing at all."""
    with taking_turns(engine) as connection:
        version = connection.scalar(select(Pulse.version)) or 0
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names}"))
        for table in Base.metadata.sorted_tables:
            with opened(table.name) as given, copying(connection, _copy(table, "FROM STDIN")) as copy:
                for part in _parts(given):
                    copy.write(part)
        _set_sequences(connection)
        _forget(connection, gone, now_ms, zone)
        _beat(connection, version, now_ms)


def forget_in(engine: Engine, gone: Gone, version: int, *, now_ms: int, zone: str) -> None:
    """Forget in a store whoever was forgotten in another, and let its pulse go on after `version`."""
    with taking_turns(engine) as connection:
        _forget(connection, gone, now_ms, zone)
        _beat(connection, version, now_ms)


def row_counts(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with reading(engine) as connection:
        return _counts(connection)


def holds_data(engine: Engine) -> int:
    """How many contacts and promises a store holds: what a restore would take away."""
    with reading(engine) as connection:
        return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in (Contact, Promise))


def forgotten(engine: Engine) -> tuple[Gone, int]:
    """Who was forgotten in a store, and the version of its pulse."""
    with reading(engine) as connection:
        gone = {(row.source, row.author_key) for row in connection.execute(select(Erasure.source, Erasure.author_key))}
        return gone, connection.scalar(select(Pulse.version)) or 0


def _forget(connection: Connection, gone: Gone, now_ms: int, zone: str) -> None:
    seals = current_seals(connection, now_ms, zone)
    for source in sorted({source for source, _ in gone}):
        keys = sorted(key for its, key in gone if its == source)
        forget(connection, source, keys, seals, now_ms=now_ms, zone=zone, reason="restored")


def _beat(connection: Connection, version: int, now_ms: int) -> None:
    newest = max(version, connection.scalar(select(Pulse.version)) or 0)
    connection.execute(update(Pulse).where(Pulse.id == 1).values(version=newest + 1, at=now_ms))


def _counts(connection: Connection) -> dict[str, int]:
    tables = Base.metadata.sorted_tables
    return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def _copy(table: Any, way: str) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    return f"COPY {table.name} ({columns}) {way}"


def _parts(given: BinaryIO) -> Iterator[bytes]:
    while part := given.read(CHUNK):
        yield part


def _set_sequences(connection: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        if "id" in table.c and connection.scalar(select(func.pg_get_serial_sequence(table.name, "id"))):
            last = connection.scalar(select(func.max(table.c.id)))
            sequence = func.pg_get_serial_sequence(table.name, "id")
            connection.execute(select(func.setval(sequence, last or 1, last is not None)))
