"""Saving a batch: rows, rollup differences, quarantine, gaps, counts and cursor, in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, select

from store.bulk import taking_turns, upsert
from store.counters import beat, check_epoch, count, move_cursor, note_gaps, quarantine
from store.engine import reading
from store.erasing import forget
from store.evidence import replace
from store.judging import judged, still_stored
from store.prepared import Prepared, all_prepared
from store.rows import Batch, Refused, Row, Saved
from store.seals import current_seals
from store.tables import Cursor


def save(engine: Engine, batch: Batch, *, now_ms: int, zone: str) -> Saved:
    """Store a batch whole, or raise and store nothing of it; what became of each event is in the counts.

    `now_ms` is UTC epoch milliseconds, `zone` the company's time zone. A row that no store can hold (half characters, numbers
    that are none) goes to quarantine. Authors in `batch.forgotten` are erased first. Raises StaleEpoch when a newer runner
    took the source over, OtherZone when the store was filled in another zone.
    """
    ready, unfit = all_prepared(batch.rows, zone)
    refused = [*batch.refused, *unfit]
    with taking_turns(engine) as connection:
        check_epoch(connection, batch)
        saved = _write(connection, batch, ready, refused, now_ms, zone)
        count(connection, batch, saved, now_ms)
        move_cursor(connection, batch, now_ms)
        if saved.stored or refused or batch.missed or batch.forgotten:
            beat(connection, now_ms)
    return saved


def rewrite(engine: Engine, rows: Sequence[Row], *, now_ms: int, zone: str) -> int:
    """Write stored events again in their own version, read anew (other words, model or knots); how many were written.

    A row whose contact was changed or deleted meanwhile is left alone: a newer state wins. Raises BadRow for a row that
    cannot be stored, before anything is written.
    """
    ready, unfit = all_prepared(rows, zone)
    if unfit:
        raise ValueError(f"rewrite: found a row that cannot be stored: {unfit[0].reason}")
    with taking_turns(engine) as connection:
        winners = still_stored(connection, ready)
        if winners:
            replace(connection, winners, current_seals(connection, now_ms, zone), now_ms=now_ms, zone=zone)
            beat(connection, now_ms)
    return len(winners)


def begin_epoch(engine: Engine, source: str) -> int:
    """Take a source over: the epoch with which this runner may commit; every older runner's commits are refused from now on."""
    with taking_turns(engine) as connection:
        statement = upsert(connection, Cursor.__table__).values(source=source, epoch=1, updated_at=0)
        raised = {"epoch": Cursor.__table__.c.epoch + 1}
        connection.execute(statement.on_conflict_do_update(index_elements=["source"], set_=raised))
        return connection.scalars(select(Cursor.epoch).where(Cursor.source == source)).one()


def read_state(engine: Engine, source: str) -> str | None:
    """How far a source was read, as its connector wrote it; None from the beginning."""
    with reading(engine) as connection:
        return connection.scalar(select(Cursor.state).where(Cursor.source == source)) or None


def _write(
    connection: Connection, batch: Batch, ready: Sequence[Prepared], refused: Sequence[Refused], now_ms: int, zone: str
) -> Saved:
    if batch.forgotten or ready:
        seals = current_seals(connection, now_ms, zone)
        forget(connection, batch.source, batch.forgotten, seals, now_ms=now_ms, zone=zone)
        verdict = judged(connection, ready, batch.import_id)
        replace(connection, verdict.winners, seals, now_ms=now_ms, zone=zone)
        stored, duplicates = verdict.stored, verdict.duplicates
    else:
        stored = duplicates = 0
    quarantine(connection, batch, refused, now_ms)
    note_gaps(connection, batch.source, batch.missed)
    return Saved(len(batch.rows) + len(batch.refused), stored, duplicates, len(refused))
