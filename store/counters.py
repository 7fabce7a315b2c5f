"""The corridor's bookkeeping within a batch's transaction: cursor, counts, quarantine, gaps and the pulse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from store.bulk import upsert
from store.errors import StaleEpoch
from store.rows import Batch, Missed, Refused, Saved
from store.tables import Cursor, Gap, ImportBatch, Pulse, Quarantine, SourceState

RAW_CAP = 256 * 1024
AHEAD_MS = 600_000  # a stamp further ahead is a clock's fault, and says nothing of how live a source is
COUNTS = ("received", "stored", "duplicates", "quarantined")


def check_epoch(connection: Connection, batch: Batch) -> None:
    """Raise StaleEpoch when a newer runner took the source over."""
    if batch.epoch is None:
        return
    current = connection.scalar(select(Cursor.epoch).where(Cursor.source == batch.source))
    if current is not None and current > batch.epoch:
        raise StaleEpoch(batch.source, batch.epoch, current)


def move_cursor(connection: Connection, batch: Batch, now_ms: int) -> None:
    """Set the source's cursor to the batch's state, if it has one."""
    if batch.state is None:
        return
    statement = upsert(connection, Cursor.__table__)
    statement = statement.values(source=batch.source, state=batch.state, epoch=batch.epoch or 0, updated_at=now_ms)
    moved = {"state": statement.excluded.state, "updated_at": statement.excluded.updated_at}
    if batch.epoch is not None:
        moved["epoch"] = statement.excluded.epoch
    connection.execute(statement.on_conflict_do_update(index_elements=["source"], set_=moved))


def count(connection: Connection, batch: Batch, saved: Saved, now_ms: int) -> None:
    """Add what became of the batch to its source's counts, and to its import's."""
    table: Any = SourceState.__table__
    numbers = {name: getattr(saved, name) for name in COUNTS}
    newest = (
        max((row.happened_at for row in batch.rows if row.happened_at <= now_ms + AHEAD_MS), default=0) if saved.stored else 0
    )
    moments = {"last_event_at": newest, "last_stored_at": now_ms if saved.stored else 0}
    statement = upsert(connection, table).values(source=batch.source, **numbers, **moments)
    added: dict[str, Any] = {name: table.c[name] + statement.excluded[name] for name in COUNTS}
    greatest = func.greatest if connection.dialect.name == "postgresql" else func.max
    added |= {name: greatest(table.c[name], statement.excluded[name]) for name in moments}
    connection.execute(statement.on_conflict_do_update(index_elements=["source"], set_=added))
    if batch.import_id is not None:
        values: dict[Any, Any] = {name: getattr(ImportBatch, name) + number for name, number in numbers.items()}
        if batch.import_ended:
            values["finished_at"] = now_ms
        connection.execute(update(ImportBatch).where(ImportBatch.id == batch.import_id).values(values))


def quarantine(connection: Connection, batch: Batch, refused: Sequence[Refused], now_ms: int) -> None:
    """Keep refused payloads, raw up to 256 kB, with the reason."""
    rows = [
        {
            "source": batch.source,
            "stream": payload.stream,
            "received_at": now_ms,
            "reason": _reason(payload),
            "connector_version": payload.connector_version,
            "raw": payload.raw[:RAW_CAP],
            "import_id": batch.import_id,
        }
        for payload in refused
    ]
    if rows:
        connection.execute(insert(Quarantine), rows)


def note_gaps(connection: Connection, source: str, missed: Sequence[Missed]) -> None:
    """Note the spans that the source cannot replay, each once."""
    for span in missed:
        same = {"source": source, "stream": span.stream, "from_at": span.from_at, "to_at": span.to_at}
        if connection.scalar(select(Gap.id).filter_by(**same).limit(1)) is None:
            connection.execute(insert(Gap).values(**same, reason=span.reason))


def beat(connection: Connection, now_ms: int) -> None:
    """Tell the screens that something they show may have changed."""
    connection.execute(update(Pulse).where(Pulse.id == 1).values(version=Pulse.version + 1, at=now_ms))


def _reason(payload: Refused) -> str:
    size = len(payload.raw)
    return f"{payload.reason} (kept {RAW_CAP} of {size} bytes)" if size > RAW_CAP else payload.reason
