"""Imports: one record per import of one file, so that it can be known again, resumed and undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, insert, select, update

from store.engine import reading, writing
from store.errors import NoSuchImport
from store.tables import ImportBatch

TABLE: Any = ImportBatch.__table__


@dataclass(frozen=True, slots=True)
class Import:
    """One import. Times are UTC epoch milliseconds, 0 is: not yet; received = stored + duplicates + quarantined."""

    id: int
    source: str
    file: str
    sha256: str
    mapping: str
    started_at: int
    finished_at: int
    undone_at: int
    received: int
    stored: int
    duplicates: int
    quarantined: int


def begin_import(engine: Engine, source: str, file: str, sha256: str, mapping: str, now_ms: int) -> Import:
    """A new import's record, or that of the same file and mapping which was broken off: it goes on after `received` records."""
    same = (TABLE.c.source == source, TABLE.c.sha256 == sha256, TABLE.c.mapping == mapping)
    with writing(engine) as connection:
        found = connection.execute(_open(*same)).first()
        if found is None:
            values = {"source": source, "file": file, "sha256": sha256, "mapping": mapping, "started_at": now_ms}
            made = connection.execute(insert(ImportBatch).values(**values))
            found = connection.execute(select(TABLE).where(TABLE.c.id == made.inserted_primary_key[0])).one()  # type: ignore[index]
        return Import(**found._mapping)


def dropped_import(engine: Engine, source: str, file: str, sha256: str, mapping: str, since_ms: int) -> Import:
    """The record of a file that was met in a drop folder at `since_ms` (epoch milliseconds); made at the first call.

    Laid there anew it was met at another moment, and is an import of its own, also when the one before was undone.
    """
    same = (TABLE.c.source == source, TABLE.c.sha256 == sha256, TABLE.c.started_at == since_ms, TABLE.c.file == file)
    with reading(engine) as connection:
        found = connection.execute(select(TABLE).where(*same)).first()
    if found is None:
        values = {"source": source, "file": file, "sha256": sha256, "mapping": mapping, "started_at": since_ms}
        with writing(engine) as connection:
            connection.execute(insert(ImportBatch).values(**values))
            found = connection.execute(select(TABLE).where(*same)).one()
    return Import(**found._mapping)


def finish_import(engine: Engine, import_id: int, now_ms: int) -> Import:
    """Note that the import read its file to the end, and return its record."""
    with writing(engine) as connection:
        connection.execute(update(ImportBatch).where(ImportBatch.id == import_id).values(finished_at=now_ms))
        return Import(**connection.execute(select(TABLE).where(TABLE.c.id == import_id)).one()._mapping)


def finished_import(engine: Engine, source: str, sha256: str, mapping: str) -> Import | None:
    """The import that read this very file with this mapping to its end and was not undone; None when there is none."""
    same = (TABLE.c.source == source, TABLE.c.sha256 == sha256, TABLE.c.mapping == mapping)
    done = (*same, TABLE.c.finished_at > 0, TABLE.c.undone_at == 0)
    with reading(engine) as connection:
        found = connection.execute(select(TABLE).where(*done).order_by(TABLE.c.id.desc()).limit(1)).first()
        return None if found is None else Import(**found._mapping)


def imports(engine: Engine, limit: int = 50) -> list[Import]:
    """The newest imports first, at most `limit`."""
    with reading(engine) as connection:
        rows = connection.execute(select(TABLE).order_by(TABLE.c.id.desc()).limit(limit))
        return [Import(**row._mapping) for row in rows]


def import_of(engine: Engine, import_id: int) -> Import:
    """One import's record. Raises NoSuchImport."""
    with reading(engine) as connection:
        found = connection.execute(select(TABLE).where(TABLE.c.id == import_id)).first()
    if found is None:
        raise NoSuchImport(import_id)
    return Import(**found._mapping)


def remembered_mapping(engine: Engine, source: str) -> str:
    """The mapping with which this source was imported last, as JSON text; '' when it never was."""
    with reading(engine) as connection:
        query = select(TABLE.c.mapping).where(TABLE.c.source == source, TABLE.c.received > 0)
        return connection.scalar(query.order_by(TABLE.c.id.desc()).limit(1)) or ""


def _open(*same: ColumnElement[bool]) -> Any:
    unfinished = (TABLE.c.finished_at == 0, TABLE.c.undone_at == 0)
    return select(TABLE).where(*same, *unfinished).order_by(TABLE.c.id.desc()).limit(1)
