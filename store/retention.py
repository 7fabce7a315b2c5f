"""Retention of rollups: minutes live 48 hours and hours 400 days, counted back from the newest moment the store knows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, delete, func, select

from store.bulk import taking_turns
from store.seals import seal_hours
from store.tables import Contact, RollupHour, RollupMinute, RollupTheme


def prune(engine: Engine, now_ms: int) -> dict[str, int]:
    """Seal and delete what outlived its level: rows deleted per table.

    Lives count back from `now_ms` (UTC epoch ms), or from the newest contact where that is older: a store of old messages
    keeps what its newest week needs.
    """
    hours: Any = RollupHour.__table__
    minutes: Any = RollupMinute.__table__
    themes: Any = RollupTheme.__table__
    with taking_turns(engine) as connection:
        newest = connection.scalar(select(func.max(Contact.happened_at)).where(Contact.happened_at <= now_ms))
        seals = seal_hours(connection, now_ms if newest is None else newest)
        statements = (
            delete(minutes).where(minutes.c.bucket < seals.minute),
            delete(hours).where(hours.c.bucket < seals.hour),
            delete(themes).where(themes.c.level == "hour", themes.c.bucket < seals.hour),
        )
        return {_table(statement): connection.execute(statement).rowcount for statement in statements}


def _table(statement: Any) -> str:
    return str(statement.table.name)
