"""A fresh SQLite store with every table, for the tests of people's writes and of reads."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, create_engine, event

from store.tables import Base

DAY = 86_400_000
NOW = 1_795_000_000_000  # 18 November 2026


def fresh(folder: Path, begin: bool = False) -> Engine:
    """A store in `folder`; with `begin`, transactions begin explicitly, as store.engine sets them up."""
    engine = create_engine(f"sqlite:///{folder / 'store.db'}")
    if begin:
        event.listen(engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    Base.metadata.create_all(engine)
    return engine
