"""COPY on PostgreSQL: past SQLAlchemy to the driver, with faults that are told as those of every other statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


@contextmanager
def copying(connection: Connection, statement: str) -> Iterator[Any]:
    """The driver's own copy (psycopg.Copy) of a COPY statement, within the connection's transaction.

    A full disk or a server that went away is raised as sqlalchemy.exc.OperationalError: whoever waits for such a fault to pass
    knows it by that.
    """
    dialect: Any = connection.dialect
    pooled: Any = connection.connection
    try:
        with pooled.driver_connection.cursor() as cursor, cursor.copy(statement) as copy:
            yield copy
    except dialect.loaded_dbapi.Error as fault:
        if dialect.is_disconnect(fault, pooled.driver_connection, None):
            connection.invalidate(fault)
        error = dialect.loaded_dbapi.Error
        raise DBAPIError.instance(statement, None, fault, error, hide_parameters=True, dialect=dialect) from fault
