"""What sources used of their budgets, per hour: added up by all who call a vendor, so that several processes share one budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, delete, select

from store.bulk import upsert
from store.engine import reading, writing
from store.tables import Usage

TABLE: Any = Usage.__table__
Spending = dict[tuple[str, int], int]  # (measure, hour in UTC epoch ms) -> how many


def add_usage(engine: Engine, source: str, spent: Mapping[tuple[str, int], int]) -> None:
    """Add what a source used: `spent` is how many by measure and hour."""
    rows = [{"source": source, "measure": m, "hour_at": hour, "amount": n} for (m, hour), n in sorted(spent.items()) if n]
    if not rows:
        return
    with writing(engine) as connection:
        statement = upsert(connection, TABLE).values(rows)
        added = {"amount": TABLE.c.amount + statement.excluded.amount}
        connection.execute(statement.on_conflict_do_update(index_elements=["source", "measure", "hour_at"], set_=added))


def usage(engine: Engine, source: str, since_ms: int) -> Spending:
    """What a source used in each hour from `since_ms` (UTC epoch ms) on."""
    query = select(TABLE.c.measure, TABLE.c.hour_at, TABLE.c.amount).where(TABLE.c.source == source, TABLE.c.hour_at >= since_ms)
    with reading(engine) as connection:
        return {(row.measure, row.hour_at): row.amount for row in connection.execute(query)}


def forget_usage(engine: Engine, before_ms: int) -> int:
    """Delete what was used before a moment that no budget looks back to, and return how many rows."""
    with writing(engine) as connection:
        return connection.execute(delete(TABLE).where(TABLE.c.hour_at < before_ms)).rowcount
