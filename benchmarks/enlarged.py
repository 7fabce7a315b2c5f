"""A store made many times larger, in SQL: every contact several times over with its rows, every rollup's sums as many times.

Each copy is a customer and a case of its own, so the store is what ingest would have made of so many contacts, to the unit;
writing it row by row would take an hour. Indexes that can be are made afterwards.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from store.tables import Contact, Observation, Placement, RollupDay, RollupHour, RollupMinute, RollupTheme, RollupWeek

ROLLUPS = (RollupMinute, RollupHour, RollupDay, RollupWeek, RollupTheme)
SUMS = {"n", "w", "w2", "m1", "m2", "v", "nm"}
NAMED = ("external_id", "author_key", "thread_key", "case_key")
MOST_GB = 15


def enlarge(small: Path, large: Path, contacts: int) -> int:
    """Copy the store at `small` to `large` and multiply it to at least `contacts`; gives how many it holds then."""
    shutil.copy(small, large)
    with closing(sqlite3.connect(large, isolation_level=None)) as connection:
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1500000", "locking_mode = EXCLUSIVE"):
            connection.execute(f"PRAGMA {setting}").fetchall()
        have, last = connection.execute("SELECT count(*), max(id) FROM contact").fetchone()
        times = -(-contacts // have)
        per_contact = large.stat().st_size / have * 1e-9
        if per_contact * have * times > MOST_GB * 1.6:
            raise SystemExit(f"enlarge: {have * times} contacts would take over {MOST_GB} GB")
        indexes = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        for table in (Contact, Placement, Observation):
            _repeat(connection, table.__table__, times, last)
        for table in ROLLUPS:
            sums = [column.name for column in table.__table__.columns if column.name in SUMS]
            moved = ", ".join(f"{name} = {name} * {times}" for name in sums)
            connection.execute(f"UPDATE {table.__table__.name} SET {moved}")
        for _, made in indexes:
            connection.execute(made)
        connection.execute("ANALYZE")
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
    return have * times


def _repeat(connection: sqlite3.Connection, table, times: int, last: int) -> None:
    """Insert every row another `times - 1` times, with ids and keys of its own."""
    began = time.monotonic()
    top = connection.execute("SELECT max(id) FROM observation").fetchone()[0] if table.name == "observation" else last
    names = [column.name for column in table.columns]
    values = {name: f'"{name}"' for name in names}
    values |= {"id": f"id + :k * {top}", "contact_id": f"contact_id + :k * {last}"}
    values |= {name: f"printf('%03d-', :k) || {name}" for name in NAMED}
    key = "contact_id" if table.name == "placement" else "id"
    query = f"""INSERT INTO {table.name} ({", ".join(f'"{name}"' for name in names)})
        SELECT {", ".join(values[name] for name in names)} FROM {table.name}
        WHERE {key} <= {top} ORDER BY {key}"""
    for k in range(1, times):
        connection.execute("BEGIN")
        connection.execute(query, {"k": k})
        connection.execute("COMMIT")
    print(f"  {table.name}: {times} times, {time.monotonic() - began:.0f} s", flush=True)
