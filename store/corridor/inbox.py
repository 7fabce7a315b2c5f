"""The inbox: a webhook's raw delivery is committed before it is answered, and processed later."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, func, select

from store.bulk import among, upsert
from store.engine import reading, writing
from store.tables import Inbox

TABLE: Any = Inbox.__table__


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery as it came: headers by lower-case name, the raw body."""

    id: int
    source: str
    delivery_id: str
    received_at: int
    headers: dict[str, str]
    body: bytes


def put(engine: Engine, source: str, delivery_id: str, headers: Mapping[str, str], body: bytes, now_ms: int) -> bool:
    """Keep a delivery; False when this source delivered it before. It is on disk when this returns."""
    values = {
        "source": source,
        "delivery_id": delivery_id,
        "received_at": now_ms,
        "headers": json.dumps(dict(headers)),
        "body": body,
    }
    with writing(engine) as connection:
        kept = upsert(connection, TABLE).values(**values).on_conflict_do_nothing().returning(TABLE.c.id)
        return connection.execute(kept).first() is not None


def waiting(engine: Engine, source: str, limit: int = 100) -> list[Delivery]:
    """The oldest deliveries of a source that were not processed yet."""
    columns = [TABLE.c[name] for name in ("id", "source", "delivery_id", "received_at", "headers", "body")]
    new = (TABLE.c.state == "new", TABLE.c.source == source)
    query = select(*columns).where(*new).order_by(TABLE.c.id).limit(limit)
    with reading(engine) as connection:
        rows = [row._mapping for row in connection.execute(query)]
    return [Delivery(**{**row, "headers": json.loads(row["headers"])}) for row in rows]


def backlog(engine: Engine) -> int:
    """How many deliveries wait, of all sources."""
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(TABLE).where(TABLE.c.state == "new")) or 0


def settle(engine: Engine, ids: Sequence[int]) -> None:
    """Note that these deliveries were processed: body and headers are emptied, the id stays so that a retry is known again."""
    with writing(engine) as connection:
        done = TABLE.update().where(among(connection, TABLE.c.id, ids)).values(state="done", body=b"", headers="{}")
        connection.execute(done)


def forget_settled(engine: Engine, before_ms: int) -> int:
    """Delete processed deliveries that came before `before_ms`, and return how many: no vendor retries that long."""
    with writing(engine) as connection:
        return connection.execute(delete(TABLE).where(TABLE.c.state == "done", TABLE.c.received_at < before_ms)).rowcount
