"""Opening a store: one URL for SQLite and PostgreSQL, transactions that say whether they write, times nobody can misread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.pool import StaticPool

from store.errors import DamagedStore
from store.migrations import prepare

__all__ = ["instant", "ms", "open_store", "prepare", "reading", "writing"]

TEMPORARY = "klantblik_temporary"  # in a connection's info: the names of the temporary tables that it has
BUSY_MS = 5_000
CACHE_KB = 64_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def open_store(url: str, *, writer: bool = False) -> Engine:
    """An engine on the store at `url` (`sqlite:///FILE`, `sqlite://`, `postgresql://...`); a file's folder is made when absent.

    `writer` is for ingest: freed pages are overwritten with zeros, so that what was erased is gone from the file, and the
    cache is larger. Every commit is on disk before it returns, whoever made it. Raises sqlalchemy.exc.ArgumentError for an
    address that is none.
    """
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        engine = create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True)
    else:
        engine = _open_sqlite(address, writer)

    @event.listens_for(engine, "rollback")
    def _forget(connection: Connection) -> None:
        if not connection.invalidated:  # a connection that broke is gone with its tables; asking it would hide the fault
            connection.info.pop(TEMPORARY, None)  # they are rolled back too

    return engine


def _open_sqlite(address: URL, writer: bool) -> Engine:
    options: dict[str, Any] = {"connect_args": {"timeout": BUSY_MS / 1000, "check_same_thread": False}, "hide_parameters": True}
    if address.database in (None, "", ":memory:"):
        options["poolclass"] = StaticPool
    else:
        Path(str(address.database)).resolve().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, **options)

    @event.listens_for(engine, "connect")
    def _set_up(dbapi: Any, _record: Any) -> None:
        # Without this the driver begins transactions by its own rules, and DDL would commit by itself.
        dbapi.isolation_level = None
        try:
            for pragma in _pragmas(writer):
                dbapi.execute(f"PRAGMA {pragma}").close()
        except UnicodeDecodeError as fault:  # the driver's own words of a broken schema, with its bytes in them
            raise DamagedStore(address.render_as_string(hide_password=True), "its schema cannot be read") from fault

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and then writes cannot wait for another writer: it must take its turn at the start.
        writes = connection.get_execution_options().get("klantblik_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _pragmas(writer: bool) -> list[str]:
    pragmas = [
        f"busy_timeout = {BUSY_MS}",
        "journal_mode = WAL",
        "foreign_keys = ON",
        "synchronous = FULL",
        "temp_store = MEMORY",
    ]
    return [*pragmas, "secure_delete = ON", f"cache_size = -{CACHE_KB}", "wal_autocheckpoint = 4000"] if writer else pragmas


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: committed at the end of the block, rolled back whole on any error."""
    with engine.connect().execution_options(klantblik_writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One read transaction: everything read in the block is of one moment, and holds up no writer."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def ms(moment: datetime) -> int:
    """The UTC epoch milliseconds of a moment, rounded down; ValueError without a time zone.

    >>> ms(datetime(2026, 1, 1, tzinfo=UTC))
    1767225600000
    """
    if moment.tzinfo is None:
        raise ValueError(f"time: found {moment.isoformat()}, expected one with a time zone. Say which zone it is in.")
    return (moment - EPOCH) // MILLISECOND


def instant(epoch_ms: int) -> datetime:
    """The moment (UTC) of epoch milliseconds; OverflowError outside the years 1 to 9999.

    >>> instant(1767225600000).isoformat()
    '2026-01-01T00:00:00+00:00'
    """
    return EPOCH + epoch_ms * MILLISECOND
