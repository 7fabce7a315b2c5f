"""Facts: what a store says of itself (`demo`, `company_nl`, settings made on screen)."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, insert, select, update

from store.people.audit import record
from store.people.writing import writing
from store.tables import Fact


def read_fact(connection: Connection, key: str, default: str = "") -> str:
    """The fact's value within the caller's transaction, or `default`."""
    value = connection.scalar(select(Fact.value).where(Fact.key == key))
    return default if value is None else value


def write_fact(connection: Connection, key: str, value: str) -> None:
    """Set the fact within the caller's transaction; it replaces the value that stood there."""
    if not connection.execute(update(Fact).where(Fact.key == key).values(value=value)).rowcount:
        connection.execute(insert(Fact).values(key=key, value=value))


def get_fact(engine: Engine, key: str, default: str = "") -> str:
    """The fact's value, or `default` when this store does not have it."""
    with engine.connect() as connection:
        return read_fact(connection, key, default)


def facts(engine: Engine) -> dict[str, str]:
    """Every fact of this store."""
    with engine.connect() as connection:
        return {row.key: row.value for row in connection.execute(select(Fact.key, Fact.value))}


def set_fact(engine: Engine, key: str, value: str, who: str, now_ms: int) -> None:
    """Set a fact, with its audit row: who changed it, from what, to what."""
    with writing(engine, now_ms) as connection:
        before = read_fact(connection, key)
        write_fact(connection, key, value)
        record(connection, who, "set", f"fact {key}", {"before": before, "after": value}, now_ms)
