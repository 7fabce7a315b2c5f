"""Quarantine: payloads that could not be stored, held with their reason until they are retried or thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, case, delete, func, select, update

from store.bulk import among
from store.counters import beat
from store.engine import reading, writing
from store.tables import ImportBatch, Quarantine, SourceState

TABLE: Any = Quarantine.__table__


@dataclass(frozen=True, slots=True)
class Held:
    """One payload in quarantine; `raw` is 256 kB at most."""

    id: int
    source: str
    stream: str
    received_at: int
    reason: str
    connector_version: str
    raw: bytes
    attempts: int
    import_id: int | None


def held(engine: Engine, source: str = "", *, after: int = 0, limit: int = 500) -> list[Held]:
    """The next held payloads by id after `after`, of one source or of all; an empty list is the end."""
    columns = [TABLE.c[name] for name in Held.__dataclass_fields__]
    query = select(*columns).where(TABLE.c.state == "held", TABLE.c.id > after).order_by(TABLE.c.id).limit(limit)
    with reading(engine) as connection:
        rows = connection.execute(query.where(TABLE.c.source == source) if source else query)
        return [Held(**row._mapping) for row in rows]


def release(engine: Engine, ids: Sequence[int], now_ms: int) -> int:
    """Take payloads out that were stored after all, with their counts: each payload is counted in one place only."""
    with writing(engine) as connection:
        mine = among(connection, TABLE.c.id, ids)
        _uncount(connection, mine)
        gone = connection.execute(delete(TABLE).where(mine)).rowcount
        beat(connection, now_ms)
        return gone


def keep(engine: Engine, reasons: dict[int, str]) -> None:
    """Note that payloads were tried once more, and why they were refused this time."""
    if not reasons:
        return
    with writing(engine) as connection:
        why = case(reasons, value=TABLE.c.id, else_=TABLE.c.reason)
        tried = update(TABLE).where(among(connection, TABLE.c.id, list(reasons)))
        connection.execute(tried.values(attempts=TABLE.c.attempts + 1, reason=why))


def overwrite(engine: Engine, raw: dict[int, bytes]) -> int:
    """Put other bytes in the place of what these payloads held; how many there were."""
    with writing(engine) as connection:
        return sum(connection.execute(update(TABLE).where(TABLE.c.id == id).values(raw=to)).rowcount for id, to in raw.items())


def drop_with(engine: Engine, source: str, words: Sequence[bytes], now_ms: int) -> int:
    """Delete a source's ('' is: every) payloads that hold any of these bytes, counts included; how many there were."""
    ids = []
    after = 0
    while some := held(engine, source, after=after, limit=200):
        ids += [payload.id for payload in some if any(word in payload.raw for word in words)]
        after = some[-1].id
    return release(engine, ids, now_ms) if ids else 0


def _uncount(connection: Connection, mine: Any) -> None:
    for column, table, key in (("source", SourceState, SourceState.source), ("import_id", ImportBatch, ImportBatch.id)):
        owner = TABLE.c[column]
        query = select(owner, func.count()).where(mine, owner.is_not(None)).group_by(owner)
        for name, number in connection.execute(query).all():
            less: dict[str, Any] = {"received": table.received - number, "quarantined": table.quarantined - number}
            connection.execute(update(table).where(key == name).values(less))
