"""How long a scorecard takes: 52 weeks x 7 stages x 4 channels, read as the page reads it, at 1 and at 10 million contacts.

The same observations lie in a DuckDB table of its own file, which sums them for the same answer. At the smaller size the
store holds the contacts themselves as well; at the larger only their rollups (with --whole everything, which takes
7 GB and a good ten minutes): a scorecard reads nothing else.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from sqlalchemy import Engine

from benchmarks.figures import Ratio, show
from benchmarks.made_up import CHANNELS, JOURNEY, SEGMENTS, STAGES, TEXT
from store.bulk import insert_rows
from store.calendar import day_of, week_of
from store.differences import KEY, SUMS
from store.engine import open_store, prepare, writing
from store.reads.scorecard import week_frame
from store.tables import Contact, Observation, Placement, RollupWeek

START = date(2025, 12, 1)
WEEKS = 52
DAYS = pd.DataFrame({"day": [START + timedelta(days=i) for i in range(WEEKS * 7)]})
DAYS["week"], DAYS["day"] = DAYS["day"].map(week_of), DAYS["day"].map(day_of)
CHUNK = 500_000
RUNS = 25
HOUR_0 = (START - date(1970, 1, 1)).days * 24

SUMMED = """count(*) AS n, sum(1000) AS w, sum(1000000) AS w2, sum(mark) AS m1, sum(mark * mark) AS m2, sum(value) AS v"""
CELLS = f"""SELECT week AS bucket, '{JOURNEY}' AS journey, stage, channel, segment, metric, 0 AS bin, {SUMMED}
FROM (SELECT * REPLACE ('' AS segment) FROM seen UNION ALL SELECT * FROM seen) GROUP BY ALL"""
SCORECARD = f"""SELECT week, stage, channel, metric, {SUMMED} FROM seen WHERE journey = '{JOURNEY}' AND week BETWEEN ? AND ?
GROUP BY week, stage, channel, metric"""


def main(arguments: list[str]) -> int:
    """Print milliseconds a read; 1 when ten times the contacts cost more than 1.3 times, or DuckDB less than 5 times."""
    options = argparse.ArgumentParser(prog="python -m benchmarks scorecard", description=__doc__)
    options.add_argument("--small", type=int, default=1_000_000)
    options.add_argument("--large", type=int, default=10_000_000)
    options.add_argument("--whole", action="store_true", help="put the contacts of the larger store into it too")
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="klantblik-bench-") as folder:
        small = _Sized(Path(folder) / "small", chosen.small, whole=True)
        large = _Sized(Path(folder) / "large", chosen.large, whole=chosen.whole)
        taken = _in_turns({"small": small.read, "large": large.read, "duckdb": large.scan, "duckdb small": small.scan})
        lines = [small.line(taken["small"], taken["duckdb small"]), large.line(taken["large"], taken["duckdb"])]
    ratios = [
        Ratio("ten times the contacts / once", taken["large"] / taken["small"], 1.3, at_least=False),
        Ratio("DuckDB / the page's read, at the larger", taken["duckdb"] / taken["large"], 5),
    ]
    return show("scorecard", lines, ratios)


class _Sized:
    """A store and a DuckDB file over the same contacts."""

    def __init__(self, folder: Path, contacts: int, *, whole: bool) -> None:
        folder.mkdir()
        self.contacts, self.whole = contacts, whole
        self.engine = open_store(f"sqlite:///{folder}/store.db")
        prepare(self.engine)
        self.duck = duckdb.connect(str(folder / "seen.duckdb"))
        _fill(self.duck, self.engine if whole else None, contacts)
        cells = self.duck.execute(CELLS).fetchall()
        with writing(self.engine) as connection:
            insert_rows(connection, RollupWeek.__table__, ("bucket", *KEY, *SUMS), [tuple(map(_plain, cell)) for cell in cells])
        self.same()

    def read(self) -> pd.DataFrame:
        """As pages/ reads it."""
        return week_frame(self.engine, JOURNEY, int(DAYS["week"].iloc[0]), int(DAYS["week"].iloc[-1]))

    def scan(self) -> pd.DataFrame:
        """The same answer from the observations."""
        return self.duck.execute(SCORECARD, [int(DAYS["week"].iloc[0]), int(DAYS["week"].iloc[-1])]).df()

    def same(self) -> None:
        """Fail unless both give the same answer."""
        mine, theirs = self.read(), self.scan()
        assert len(mine) == len(theirs) == WEEKS * len(STAGES) * len(CHANNELS) * 2
        assert int(mine["n"].sum()) == int(theirs["n"].sum()) == 2 * self.contacts
        assert abs(mine["m1"].sum() * 1_000 - float(theirs["m1"].sum())) < 1

    def line(self, read: float, scan: float) -> dict[str, Any]:
        """A line of the table."""
        stored = "contacts and rollups" if self.whole else "rollups"
        rows = len(self.read())
        return {"contacts": self.contacts, "in the store": stored, "rows read": rows, "page ms": read, "DuckDB ms": scan}


def _in_turns(reads: dict[str, Callable[[], Any]]) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in reads}
    for run in range(RUNS + 3):
        for name, read in reads.items():
            begin = time.perf_counter()
            read()
            if run >= 3:  # the first ones warm up
                taken[name].append((time.perf_counter() - begin) * 1_000)
    return {name: statistics.median(found) for name, found in taken.items()}


def _fill(duck: duckdb.DuckDBPyConnection, engine: Engine | None, contacts: int) -> None:
    duck.execute(
        "CREATE TABLE seen (week INT, journey TEXT, stage TEXT, channel TEXT, segment TEXT, metric TEXT, mark INT, value INT)"
    )
    for number, chunk in enumerate(_chunks(contacts)):
        for metric in ("contacts", "sentiment"):
            numbers = "mark, value" if metric == "sentiment" else "0, 1000"
            duck.register("chunk", chunk)
            duck.execute(f"INSERT INTO seen SELECT week, journey, stage, channel, segment, '{metric}', {numbers} FROM chunk")
        if engine is not None:
            _insert(engine, chunk, number * CHUNK)


def _chunks(contacts: int) -> Iterator[pd.DataFrame]:
    draw = np.random.default_rng(1)
    for start in range(0, contacts, CHUNK):
        size = min(CHUNK, contacts - start)
        tone = draw.uniform(-1, 1, size)
        at = np.sort(draw.integers(0, len(DAYS), size))
        yield DAYS.iloc[at].assign(
            journey=JOURNEY,
            hour=HOUR_0 + at * 24 + draw.integers(8, 20, size),
            stage=draw.choice(STAGES, size),
            channel=draw.choice(CHANNELS, size),
            segment=draw.choice(SEGMENTS, size),
            mark=np.round(5_500 + 4_500 * tone).astype(int),
            value=np.round(1_000 * tone).astype(int),
        )


def _insert(engine: Engine, chunk: pd.DataFrame, before: int) -> None:
    contacts, placements, observations = [], [], []
    for i, c in enumerate(chunk.itertuples(index=False), before + 1):
        at = c.hour * 3_600_000
        contacts.append(
            (i, "made-up", "contacts", str(i), 1, "contact", c.channel, at, at, "nl", TEXT, 1, "", c.segment, "", "1")
        )
        placements.append((i, JOURNEY, c.stage, "rule", 1.0))
        where = (JOURNEY, c.stage, c.channel, c.segment, at, c.hour * 60, c.hour, c.day, c.week)
        observations.append((i, "contacts", 1.0, None, *where, 1, 1_000, 1_000_000, 0, 0, 1_000))
        moved = (1, 1_000, 1_000_000, c.mark, c.mark * c.mark, c.value)
        observations.append((i, "sentiment", c.value / 1_000, c.mark / 1_000, *where, *moved))
    with writing(engine) as connection:
        insert_rows(connection, Contact.__table__, CONTACT, [(*c, "customer", False) for c in contacts])
        insert_rows(connection, Placement.__table__, ("contact_id", "journey", "stage", "by", "confidence"), placements)
        insert_rows(connection, Observation.__table__, OBSERVATION, [(*o, 1.0, 1.0, 0, 0) for o in observations])


CONTACT = (
    *("id", "source", "stream", "external_id", "version", "kind", "channel", "happened_at", "received_at", "language", "text"),
    *("mask_version", "themes", "segments", "url", "engine", "provenance", "import_new"),
)
OBSERVATION = (
    *("contact_id", "metric", "value", "mark", "journey", "stage", "channel", "segments", "happened_at", "minute", "hour", "day"),
    *("week", *SUMS, "count", "weight", "knots", "bin"),
)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else int(value)
