"""How fast a store takes rows in: save() with every rollup, against raw executemany of just the rows.

Both write the same contacts, placements and observations into the same tables and indexes, in batches of the same size,
each batch committed to disk, in turns within one run.
"""

from __future__ import annotations

import argparse
import gc
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.figures import Ratio, show
from benchmarks.made_up import contact_rows
from store.engine import open_store, prepare
from store.rows import Batch, Row
from store.writes import save

ZONE, NOW = "Europe/Amsterdam", 1_790_000_000_000
TABLES = ("contact", "placement", "observation")
CASES = {"live: ten a second": 100.0, "the last 30 hours": 0.0, "a year of history": 0.0}
TARGETED = ("live: ten a second", "the last 30 hours")  # with all four levels; of older history the minutes are not kept
HOURS = {"the last 30 hours": 30, "a year of history": 24 * 365}
Batches = list[dict[str, list[tuple[Any, ...]]]]


class Spent(NamedTuple):
    """Seconds on the clock and of the processor: the latter does not mind other work on the machine."""

    seconds: float
    cpu: float

    def until_now(self) -> Spent:
        """What was spent since."""
        return Spent(time.perf_counter() - self.seconds, time.process_time() - self.cpu)


def main(arguments: list[str]) -> int:
    """Print rows a second of both, and their ratio; 1 when it is below 0.35."""
    options = argparse.ArgumentParser(prog="python -m benchmarks ingest", description=__doc__)
    options.add_argument("--contacts", type=int, default=30_000)
    options.add_argument("--batch", type=int, default=1_000)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args(arguments)
    lines, ratios = [], []
    for name in CASES:
        every = CASES[name] or HOURS[name] * 3_600_000 / chosen.contacts
        line = _measure(contact_rows(chosen.contacts, NOW, every), chosen.batch, chosen.rounds)
        lines.append({"case": name, **line})
        if name in TARGETED:
            ratios.append(Ratio(f"save / raw, {name}", line["ratio"], 0.35))
    return show("ingest", lines, ratios)


def _measure(rows: list[Row], size: int, rounds: int) -> dict[str, Any]:
    taken: dict[str, list[Spent]] = {"save": [], "raw": []}
    with tempfile.TemporaryDirectory(prefix="klantblik-bench-") as folder:
        model = Path(folder) / "model.db"
        _save_all(model, rows, size)
        batches = list(_rows_as_stored(model, size))
        for _ in range(rounds):
            taken["save"].append(_timed(lambda file: _save_all(file, rows, size), Path(folder)))
            taken["raw"].append(_timed(lambda file: _insert_all(file, batches), Path(folder)))
    written = sum(len(found) for batch in batches for found in batch.values())
    pairs = list(zip(taken["raw"], taken["save"], strict=True))
    seconds = {name: statistics.median(spent.seconds for spent in found) for name, found in taken.items()}
    return {
        "rows": written,
        "contacts/s": round(len(rows) / seconds["save"]),
        **{f"{name} rows/s": round(written / spent) for name, spent in seconds.items()},
        "ratio": statistics.median(raw.seconds / saved.seconds for raw, saved in pairs),
        "ratio of CPU": statistics.median(raw.cpu / saved.cpu for raw, saved in pairs),
    }


def _timed(work: Callable[[Path], Spent], folder: Path) -> Spent:
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        return work(Path(fresh) / "store.db")


def _save_all(file: Path, rows: list[Row], size: int) -> Spent:
    engine = open_store(f"sqlite:///{file}", writer=True)
    prepare(engine)
    begin = _settled()
    for start in range(0, len(rows), size):
        save(engine, Batch("made-up", rows[start : start + size], state=str(start)), now_ms=NOW, zone=ZONE)
    spent = begin.until_now()
    engine.dispose()
    return spent


def _insert_all(file: Path, batches: Batches) -> Spent:
    engine = open_store(f"sqlite:///{file}", writer=True)
    prepare(engine)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        begin = _settled()
        for batch in batches:
            driver.execute("BEGIN IMMEDIATE")
            for table, found in batch.items():
                driver.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})", found)
            driver.execute("COMMIT")
        spent = begin.until_now()
    engine.dispose()
    return spent


def _settled() -> Spent:
    # A real ingest holds one batch at a time; without this the collector walks all made-up rows again and again.
    gc.collect()
    gc.freeze()
    return Spent(time.perf_counter(), time.process_time())


def _rows_as_stored(file: Path, size: int) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
    with closing(sqlite3.connect(file)) as connection:
        last = connection.execute("SELECT max(id) FROM contact").fetchone()[0]
        for start in range(0, last, size):
            span = (start, start + size)
            yield {table: connection.execute(_query(table), span).fetchall() for table in TABLES}


def _query(table: str) -> str:
    key = "id" if table == "contact" else "contact_id"
    return f"SELECT * FROM {table} WHERE {key} > ? AND {key} <= ?"
