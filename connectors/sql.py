"""Any database that SQLAlchemy can open: rows of one table or view, in the order of (updated, key), with a soft-delete column."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import sqlalchemy as sa
from pydantic import Field, SecretStr, field_validator
from sqlalchemy import exc

from connectors.aside import Stopped, aside
from connectors.base import AuthFault, BadRecord, Batch, Capabilities, CheckResult, Clock, ConfigFault, ConnectorConfig, Transient
from connectors.hints import checked
from connectors.metering import called
from connectors.record import Fields, to_event

PAGE = 500
REFUSED = ("password", "authentication", "access denied", "permission denied")


class Config(ConnectorConfig):
    """`updated` must rise with every change of a row; `overlap_s` reads that much again, for transactions that committed late."""

    url: SecretStr = Field(description="SQLAlchemy URL of an account with the right to read only")
    table: str = Field(description="table or view, with its schema if needed: service.contacts")
    key: str = Field(default="id", description="unique column, which breaks ties of `updated`")
    updated: str = "updated_at"
    fields: Fields = Field(default=Fields(at="created_at", version="updated_at"))
    channel: str = "web"
    stage: str = ""
    overlap_s: float = Field(default=60.0, ge=0)
    deadline_s: float = Field(default=30.0, gt=0, le=300)

    @field_validator("url")
    @classmethod
    def _readable(cls, url: SecretStr) -> SecretStr:
        try:
            sa.make_url(url.get_secret_value())
        except exc.ArgumentError:
            raise ValueError("url: expected one such as postgresql+psycopg://reader:password@host/database") from None
        return url


class Sql:
    """Rows as contacts or measures; rows that are equal in `updated` are told apart by their key, so none is skipped."""

    name: ClassVar[str] = "sql"
    channel: ClassVar[str] = "web"
    version: ClassVar[str] = "1"
    Config = Config
    capabilities: ClassVar[Capabilities] = Capabilities("poll", 60, edits=True, deletes=True, backfill=True)

    def check(self, config: Config) -> CheckResult:
        """Whether the table can be read and has these columns."""
        return checked(lambda: aside(lambda: _try(config), threading.Event(), 10.0), "sql")

    def read(self, config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """All rows after the state, a page at a time."""
        place = _place(state, config)
        try:
            with _table(config, stop) as (engine, table):
                while not stop.is_set():
                    rows = aside(lambda p=place: _page(engine, table, config, p), stop, config.deadline_s)
                    if rows:
                        place = (rows[-1][config.updated], rows[-1][config.key])
                    yield _batch(rows, config, place if rows else None)
                    if len(rows) < PAGE:
                        return
        except Stopped:
            return


def _place(state: str | None, config: Config) -> tuple[Any, Any] | None:
    """Where to read on: a stretch before the last row, since a transaction may have committed late."""
    if not state:
        return None
    known = json.loads(state)
    if known["kind"] != "time":
        return known["updated"], known["key"]
    return datetime.fromisoformat(known["updated"]) - timedelta(seconds=config.overlap_s), None


def _state(place: tuple[Any, Any]) -> str:
    updated, key = place
    if isinstance(updated, datetime | date):
        return json.dumps({"kind": "time", "updated": updated.isoformat(), "key": None})
    return json.dumps({"kind": "number", "updated": updated, "key": key}, default=str)


@contextmanager
def _table(config: Config, stop: threading.Event) -> Iterator[tuple[sa.Engine, sa.Table]]:
    engine = sa.create_engine(config.url.get_secret_value(), pool_pre_ping=True, hide_parameters=True)
    try:
        yield engine, aside(lambda: _reflect(engine, config), stop, config.deadline_s)
    finally:
        engine.dispose()


def _reflect(engine: sa.Engine, config: Config) -> sa.Table:
    schema, _, name = config.table.rpartition(".")
    with _our_faults(config):
        table = sa.Table(name, sa.MetaData(), schema=schema or None, autoload_with=engine)
    for column in (config.key, config.updated):
        if column not in table.c:
            raise ConfigFault(f"{config.table}: found no column {column!r}, expected one of {', '.join(c.name for c in table.c)}")
    return table


def _page(engine: sa.Engine, table: sa.Table, config: Config, place: tuple[Any, Any] | None) -> list[dict[str, Any]]:
    updated, key = table.c[config.updated], table.c[config.key]
    question = sa.select(table).where(updated.is_not(None)).order_by(updated, key).limit(PAGE)
    if place is not None:
        last, after = place
        question = question.where(
            updated > last if after is None else sa.or_(updated > last, sa.and_(updated == last, key > after))
        )
    called()
    with _our_faults(config), engine.connect() as connection:
        return [dict(row) for row in connection.execute(question).mappings()]


def _batch(rows: list[dict[str, Any]], config: Config, place: tuple[Any, Any] | None) -> Batch:
    batch = Batch(state=_state(place) if place else None)
    for row in rows:
        record = {name: _plain(value) for name, value in row.items()}
        try:
            batch.events.append(to_event(record, config.fields, config.table, config.channel, stage=config.stage or None))
        except BadRecord as bad:
            batch.bad.append(bad)
    return batch


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, str | int | float | bool | list | dict | type(None)) else str(value)


@contextmanager
def _our_faults(config: Config) -> Iterator[None]:
    """Faults without the URL and without rows."""
    try:
        yield
    except exc.NoSuchTableError:
        raise ConfigFault(f"table: found no {config.table!r} in this database") from None
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as fault:
        refused = any(word in str(fault.orig if isinstance(fault, exc.DBAPIError) else fault).casefold() for word in REFUSED)
        kind = AuthFault if refused else Transient
        raise kind(f"the database does not answer or refuses ({fault.__class__.__name__})") from None
    except exc.SQLAlchemyError as fault:
        raise ConfigFault(f"{config.table}: the database refuses the question ({fault.__class__.__name__})") from None


def _try(config: Config) -> None:
    with _table(config, threading.Event()) as (engine, table):
        _page(engine, table, config, None)
