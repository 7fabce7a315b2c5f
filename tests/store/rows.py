"""Small rows and batches for the store's tests: a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, text

from store.engine import ms, reading
from store.rows import Batch, Observed, Placed, Row, Saved
from store.writes import save

ZONE = "Europe/Amsterdam"
NOW = ms(datetime(2026, 11, 25, 12, tzinfo=UTC))
HOUR = 3_600_000


def row(external_id: str = "1", version: int = 1, **said: Any) -> Row:
    """A placed contact with a sentiment, an hour ago."""
    values: dict[str, Any] = {
        "source": "helpdesk",
        "stream": "tickets",
        "op": "upsert",
        "happened_at": NOW - HOUR,
        "received_at": NOW,
        "channel": "chat",
        "placed": [Placed("airline", "fly", "rule")],
        "observed": [Observed("contacts", 1.0), Observed("sentiment", 0.5, 7.75)],
    }
    return Row(external_id=external_id, version=version, **(values | said))


def gone(external_id: str = "1", version: int = 1) -> Row:
    """A delete, which carries only its identity."""
    return Row("helpdesk", "tickets", external_id, version, "delete", NOW - HOUR, NOW)


def keep(engine: Engine, *rows: Row, now_ms: int = NOW, **more: Any) -> Saved:
    """Save rows as one batch of the help desk."""
    return save(engine, Batch("helpdesk", list(rows), **more), now_ms=now_ms, zone=ZONE)


def all_of(engine: Engine, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query, in its own order, or sorted where it asks for none: PostgreSQL then promises nothing."""
    with reading(engine) as connection:
        found = [tuple(row) for row in connection.execute(text(query), values)]
    return found if "ORDER BY" in query else sorted(found, key=str)


def one_of(engine: Engine, query: str, **values: Any) -> Any:
    """The one value of a query."""
    with reading(engine) as connection:
        return connection.execute(text(query), values).scalar_one()


def cases_in(engine: Engine, level: str = "week", metric: str = "contacts", segment: str = "") -> int:
    """How many cases a level of rollups counts in all."""
    query = f"SELECT coalesce(sum(n), 0) FROM rollup_{level} WHERE metric = :metric AND segment = :segment"
    return int(one_of(engine, query, metric=metric, segment=segment))
