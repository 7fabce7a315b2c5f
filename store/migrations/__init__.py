"""Migrations: from any older schema to the newest, in one transaction, with a copy of the file kept beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError

from store.errors import DamagedStore, ForeignFile, NewerSchema

HERE = Path(__file__).resolve().parent
LOCK = 7_426_001  # any number, the same in every program that migrates a PostgreSQL store


def prepare(engine: Engine, target: str = "head") -> None:
    """Bring the store to schema `target` (the newest), or leave it as it was.

    A SQLite file that holds a store already is first copied beside itself, as `NAME.before-REVISION`. Raises NewerSchema when
    a newer program wrote the store, ForeignFile when the database belongs to something else, DamagedStore when it is none.
    """
    scripts = ScriptDirectory.from_config(_config())
    wanted = scripts.get_current_head() if target == "head" else target
    if _current(engine, scripts) == wanted:
        return
    with _Alone(engine) as connection:
        found = _revision(connection, scripts)
        if found == wanted:
            return
        if found is not None:
            _keep_copy(engine, str(wanted))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, str(wanted))
        _check_links(connection)


def schema(engine: Engine) -> str | None:
    """The revision of the store's schema; None when it is empty."""
    return _current(engine, ScriptDirectory.from_config(_config()))


def newest() -> str:
    """The revision that this program writes."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    return config


def _current(engine: Engine, scripts: ScriptDirectory) -> str | None:
    try:
        with engine.connect() as connection:
            return _revision(connection, scripts)
    except DatabaseError as fault:
        if engine.dialect.name != "sqlite" or isinstance(fault, OperationalError):
            raise  # locked, unreachable, not allowed: that says nothing of what is stored
        raise DamagedStore(_name(engine), str(fault.orig)) from fault


def _revision(connection: Connection, scripts: ScriptDirectory) -> str | None:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise NewerSchema(_name(connection.engine), found, str(scripts.get_current_head()))
    if found is None and (tables := inspect(connection).get_table_names()):
        raise ForeignFile(_name(connection.engine), sorted(tables))
    return found


class _Alone:
    """The one transaction of a migration: no other writer; on SQLite no foreign keys, for a rebuilt table would empty others."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.sqlite = engine, engine.dialect.name == "sqlite"

    def __enter__(self) -> Connection:
        self.connection = self.engine.connect().execution_options(klantblik_writes=True)
        self._foreign_keys("OFF")
        self.transaction = self.connection.begin()
        if not self.sqlite:
            self.connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        return self.connection

    def __exit__(self, kind: Any, *rest: Any) -> None:
        if kind is None:
            self.transaction.commit()
        else:
            self.transaction.rollback()
        self._foreign_keys("ON")
        self.connection.close()

    def _foreign_keys(self, value: str) -> None:
        if self.sqlite:
            driver: Any = self.connection.connection.driver_connection
            driver.execute(f"PRAGMA foreign_keys = {value}").close()


def _check_links(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise DamagedStore(_name(connection.engine), f"{len(broken)} rows that point nowhere, first in {broken[0][0]}")


def _keep_copy(engine: Engine, wanted: str) -> None:
    if engine.dialect.name != "sqlite" or engine.url.database in (None, "", ":memory:"):
        return
    file = Path(str(engine.url.database))
    copy = file.with_name(f"{file.name}.before-{wanted}")
    fresh = copy.with_name(copy.name + ".new")
    fresh.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(fresh)) as target:
        source.backup(target)
    fresh.replace(copy)


def _name(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)
