"""How fast edits reach a store: one statement for a batch of rows, against a statement for each row, on both databases.

Every contact of the store is edited, batch by batch, each batch committed: first as bare rows both ways, in turns within one run,
then through save(), which also takes the old contributions out of every rollup and adds the new ones.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select, update

from benchmarks.figures import Ratio, show
from benchmarks.made_up import contact_rows
from store.bulk import update_rows
from store.engine import open_store, prepare, writing
from store.evidence import STATE
from store.rows import Batch, Row
from store.tables import Contact
from store.writes import save
from tests.postgres import Unavailable, server

ZONE, NOW = "Europe/Amsterdam", 1_790_000_000_000
CONTACT: Any = Contact.__table__
TARGETS = {"postgresql": 1.2, "sqlite": 0.8}
Tuples = Sequence[tuple[Any, ...]]


def main(arguments: list[str]) -> int:
    """Print edits a second of both ways and their ratio per database; 1 when one is below its target."""
    options = argparse.ArgumentParser(prog="python -m benchmarks edits", description=__doc__)
    options.add_argument("--contacts", type=int, default=10_000)
    options.add_argument("--batch", type=int, default=1_000)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args(arguments)
    lines, ratios = [], []
    for engine in _stores():
        line = _measure(engine, contact_rows(chosen.contacts, NOW, 10_000.0), chosen.batch, chosen.rounds)
        name = engine.dialect.name
        lines.append({"database": name, **line})
        ratios.append(Ratio(f"one statement / one each, {name}", line["ratio"], TARGETS[name]))
    return show("edits", lines, ratios)


def _stores() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="klantblik-bench-") as folder, _prepared(f"sqlite:///{folder}/store.db") as engine:
        yield engine
    try:
        with server(()) as address, _prepared(_url(address)) as engine:
            yield engine
    except Unavailable as reason:
        print(f"not measured: {reason}")


def _url(address: str) -> str:
    host = address.split()[0].removeprefix("host=")
    return f"postgresql+psycopg://postgres@/postgres?host={host}"


@contextmanager
def _prepared(url: str) -> Iterator[Engine]:
    engine = open_store(url, writer=True)
    prepare(engine)
    yield engine
    engine.dispose()


def _measure(engine: Engine, rows: list[Row], size: int, rounds: int) -> dict[str, Any]:
    _save_all(engine, rows, size)
    with engine.connect() as connection:
        query = select(*(CONTACT.c[name] for name in (*STATE, "id"))).order_by(CONTACT.c.id)
        kept = [tuple(row) for row in connection.execute(query)]
    taken: dict[str, list[float]] = {"at once": [], "one each": []}
    for _ in range(rounds):
        taken["at once"].append(_timed(engine, kept, size, _at_once))
        taken["one each"].append(_timed(engine, kept, size, _one_each))
    pairs = zip(taken["one each"], taken["at once"], strict=True)
    begun = time.perf_counter()
    _save_all(engine, [replace(row, version=9, text=row.text + "!") for row in rows], size)
    saved = time.perf_counter() - begun
    return {
        **{f"{name} rows/s": round(len(kept) / statistics.median(spent)) for name, spent in taken.items()},
        "ratio": statistics.median(each / once for each, once in pairs),
        "saved edits/s": round(len(kept) / saved),
    }


def _save_all(engine: Engine, rows: list[Row], size: int) -> None:
    for start in range(0, len(rows), size):
        save(engine, Batch("made-up", rows[start : start + size], state=str(start)), now_ms=NOW, zone=ZONE)


def _timed(engine: Engine, kept: Tuples, size: int, work: Callable[[Connection, Tuples], None]) -> float:
    edited = [(row[0] + 1, *row[1:]) for row in kept]
    begun = time.perf_counter()
    for start in range(0, len(edited), size):
        with writing(engine) as connection:
            work(connection, edited[start : start + size])
    return time.perf_counter() - begun


def _at_once(connection: Connection, rows: Tuples) -> None:
    update_rows(connection, CONTACT, STATE, rows)


def _one_each(connection: Connection, rows: Tuples) -> None:
    names = [*STATE, "id"]
    sets = {name: bindparam(f"to_{name}") for name in STATE}
    statement = update(CONTACT).where(CONTACT.c.id == bindparam("to_id")).values(sets)
    connection.execute(statement, [{f"to_{name}": value for name, value in zip(names, row, strict=True)} for row in rows])
