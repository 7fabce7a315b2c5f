"""Seals: below them a level of rollups is no longer kept, and no recount is expected to find it."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, select

from store.bulk import upsert
from store.calendar import HOUR_MS
from store.errors import OtherZone
from store.tables import Fact, Observation

MINUTE_LIFE_H, HOUR_LIFE_H = 48, 400 * 24
FACT: Any = Fact.__table__
KEYS = ("sealed_minute", "sealed_hour", "zone")
_NEVER = -(2**62)


class Seals(NamedTuple):
    """The first bucket that is kept at the levels that do not keep all: minutes and hours since 1970 UTC."""

    minute: int = _NEVER
    hour: int = _NEVER

    def of(self, level: str) -> int:
        """The first bucket that is kept at a level; far below all where everything is kept."""
        return getattr(self, level) if level in self._fields else _NEVER


def current_seals(connection: Connection, now_ms: int, zone: str) -> Seals:
    """The seals of a write at this moment: minutes are kept 48 hours, so older ones are not even written.

    Raises OtherZone when the days and weeks of this store are those of another zone.
    """
    facts = _facts(connection)
    _check_zone(connection, facts.get("zone", ""), zone)
    before = _seals(facts)
    after = before._replace(minute=max(before.minute, (now_ms // HOUR_MS - MINUTE_LIFE_H) * 60))
    return _keep(connection, before, after)


def read_seals(connection: Connection) -> Seals:
    """The seals as they stand."""
    return _seals(_facts(connection))


def seal_hours(connection: Connection, newest_ms: int) -> Seals:
    """Move both seals up to the life of their level before `newest_ms`, never down."""
    before, hour = read_seals(connection), newest_ms // HOUR_MS
    after = Seals(max(before.minute, (hour - MINUTE_LIFE_H) * 60), max(before.hour, hour - HOUR_LIFE_H))
    return _keep(connection, before, after)


def _facts(connection: Connection) -> dict[str, str]:
    found = connection.execute(select(FACT.c.key, FACT.c.value).where(FACT.c.key.in_(KEYS)))
    return {row.key: row.value for row in found}


def _seals(facts: dict[str, str]) -> Seals:
    return Seals(*(int(facts.get(f"sealed_{level}", _NEVER)) for level in Seals._fields))


def _check_zone(connection: Connection, found: str, zone: str) -> None:
    if found == zone:
        return
    if found and connection.scalar(select(exists(select(Observation.id)))):
        raise OtherZone(found, zone)
    _set(connection, "zone", zone)


def _keep(connection: Connection, before: Seals, after: Seals) -> Seals:
    for level in Seals._fields:
        if getattr(after, level) != getattr(before, level):
            _set(connection, f"sealed_{level}", str(getattr(after, level)))
    return after


def _set(connection: Connection, key: str, value: str) -> None:
    statement = upsert(connection, FACT).values(key=key, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value}))
