"""Keeping what was computed from customers' paths: the newest only."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Engine, delete, insert

from store.counters import beat
from store.engine import writing
from store.reads.customers import CUSTOMERS
from store.tables import Result


def keep_customers(engine: Engine, data: dict[str, Any], now_ms: int) -> None:
    """Keep it as it holds at `now_ms` (UTC epoch ms), in place of what was kept before."""
    with writing(engine) as connection:
        connection.execute(delete(Result).where(Result.name == CUSTOMERS))
        connection.execute(insert(Result).values(name=CUSTOMERS, as_of=now_ms, data=json.dumps(data)))
        beat(connection, now_ms)
