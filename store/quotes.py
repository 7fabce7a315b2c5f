"""Keeping the quotes for the wall: one row, replaced, so that no earlier choice stays behind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, delete, insert

from store.bulk import taking_turns
from store.counters import beat
from store.reads.wall import QUOTES
from store.tables import Result


def keep_quotes(engine: Engine, chosen_at: int, data: Mapping[str, Any], now_ms: int) -> None:
    """Replace the quotes on the wall by these, chosen at `chosen_at` (UTC epoch ms), and tell the screens."""
    row = {"name": QUOTES, "as_of": chosen_at, "data": json.dumps(data, ensure_ascii=False)}
    with taking_turns(engine) as connection:
        connection.execute(delete(Result).where(Result.name == QUOTES))
        connection.execute(insert(Result).values(**row))
        beat(connection, now_ms)
