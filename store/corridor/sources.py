"""Sources: how each is doing, as its runner last said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, func, select

from store.bulk import upsert
from store.counters import beat
from store.engine import reading, writing
from store.tables import Cursor, Quarantine, SourceState

TABLE: Any = SourceState.__table__
QUARANTINE: Any = Quarantine.__table__


def report(engine: Engine, source: str, now_ms: int, **values: Any) -> None:
    """Keep what is known of a source (columns of `source_state`); screens are told when its status or detail changed.

    `since_at` is set to `now_ms` when the status changes.
    """
    with writing(engine) as connection:
        before = connection.execute(select(TABLE.c.status, TABLE.c.detail).where(TABLE.c.source == source)).first()
        status = values.get("status", before.status if before else "")
        if before is None or before.status != status:
            values = {**values, "since_at": now_ms}
        statement = upsert(connection, TABLE).values(source=source, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["source"], set_=values))
        if before is None or (before.status, before.detail) != (status, values.get("detail", before.detail)):
            beat(connection, now_ms)


def held(engine: Engine) -> dict[str, int]:
    """How many payloads each source has in quarantine now."""
    query = select(QUARANTINE.c.source, func.count()).where(QUARANTINE.c.state == "held").group_by(QUARANTINE.c.source)
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def current_epoch(engine: Engine, source: str) -> int:
    """The epoch of the runner that holds this source now; 0 when nobody ever did."""
    with reading(engine) as connection:
        return connection.scalar(select(Cursor.epoch).where(Cursor.source == source)) or 0
