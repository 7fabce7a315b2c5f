"""A fresh SQLite store with every table, for the tests of people's writes, of reads and of pages."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from store.engine import open_store, prepare

DAY = 86_400_000
NOW = 1_795_000_000_000  # 18 November 2026


def fresh(folder: Path) -> Engine:
    """A store in `folder`, with its tables and nothing in them."""
    engine = open_store(f"sqlite:///{folder / 'store.db'}")
    prepare(engine)
    return engine
