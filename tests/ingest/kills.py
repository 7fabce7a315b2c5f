"""Kills an ingest process over and over while its source delivers again: python -m tests.ingest.kills URL KILLS SEED.

Prints JSON: what was acknowledged and is not stored (lost), what is stored twice (doubled), and what a recount finds.
With `early` as a fourth argument deliveries are acknowledged before they are stored, to show that the check can fail.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from config.settings import read_settings
from connectors.base import Batch, Capabilities
from ingest.opening import open_place
from ingest.runner import Runner
from ingest.sources import Source
from store.corridor.soundness import count_faults, file_faults
from store.reads.sources import read_sources as sources
from store.recount import recount
from store.stored import stored_rows
from tests.ingest.conftest import KEY, event
from tests.ingest.fakes import Config

OVERLAP = 60
TEXTS = ("Mijn vlucht was vertraagd, waardeloos", "Thanks for the quick help!", "koffer kwijt", "Prima geholpen")


class Redelivering:
    """Numbered messages without end; reading again starts a little before the committed place. Some are edited, some deleted."""

    name, channel, version, Config = "redelivering", "social", "1", Config

    def __init__(self, acknowledged: Path, until: int | None, early: bool) -> None:
        self.acknowledged, self.until, self.early = acknowledged, until, early
        self.capabilities = Capabilities("once" if until else "stream", 1.0, edits=True, deletes=True)

    def read(self, config, state, stop, clock):
        at, chance = max(0, int(state or 0) - OVERLAP), random.Random(os.getpid())
        while not stop.is_set() and (self.until is None or at < self.until):
            size = chance.randint(1, 40)
            numbers = range(at, at + size)
            at += size
            if self.early:
                self._acknowledge(numbers)
            yield Batch([self._event(n) for n in numbers], state=str(at), acknowledge=lambda n=numbers: self._acknowledge(n))

    def _event(self, number: int):
        id = number if number % 7 else max(0, number - 21)
        if number % 13 == 5:
            return event(str(id), op="delete", version=number)
        return event(str(id), TEXTS[number % 4], version=number, author=f"k{id % 9}", thread=f"t{id % 50}")

    def _acknowledge(self, numbers: range) -> None:
        if self.early or self.until is None:
            with self.acknowledged.open("a") as file:
                file.write("".join(f"{n}\n" for n in numbers))


def live(url: str, acknowledged: Path, until: int | None, early: bool) -> None:
    """One life of the process."""
    place = open_place(url, read_settings(environ={}))
    stop = threading.Event()
    source = Source("redelivering", Redelivering(acknowledged, until, early), Config())
    Runner(place, [source], stop, lambda line: None).run()
    place.close()


def warm_up(url: str) -> None:
    """Make the store and load the words, so that each life begins at once and dies in the middle of its work."""
    place = open_place(url, read_settings(environ={}))
    place.pipeline("warm").prepare([event(str(n), text) for n, text in enumerate(TEXTS)], 1_772_442_000_000)
    place.close()


def killed(url: str, acknowledged: Path, chance: random.Random, early: bool) -> None:
    """A life that ends by SIGKILL: one in five while it starts, the others some time after their first commit."""
    child = os.fork()
    if child == 0:
        live(url, acknowledged, None, early)
        os._exit(0)
    before = acknowledged.stat().st_size if acknowledged.exists() else 0
    deadline = time.monotonic() + (chance.uniform(0.0, 0.2) if chance.random() < 0.2 else 5.0)
    while time.monotonic() < deadline and (acknowledged.stat().st_size if acknowledged.exists() else 0) == before:
        time.sleep(0.01)
    time.sleep(chance.uniform(0.0, 0.3))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def expected(until: int, source: Redelivering) -> dict[str, tuple[int, bool]]:
    """What each contact must be after all messages: its highest version, and whether that deletes it."""
    states: dict[str, tuple[int, bool]] = {}
    for number in range(until):
        made = source._event(number)
        states[made.external_id] = max(states.get(made.external_id, (-1, False)), (made.version, made.op == "delete"))
    return states


def verdict(url: str, acknowledged: Path) -> dict[str, object]:
    """Compare what is stored with what was acknowledged, before and after a last life that reads to the end."""
    numbers = {int(line) for line in acknowledged.read_text().split("\n")[:-1]} if acknowledged.exists() else set()
    lost = _lost(url, numbers)
    until = max(numbers, default=0) + 1
    live(url, acknowledged.with_suffix(".none"), until, False)
    place = open_place(url, read_settings(environ={}))
    with place.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT external_id, version, deleted_at FROM contact").all()
    doubled = sum(count - 1 for count in Counter(row[0] for row in rows).values())
    found = {row[0]: (row[1], row[2] is not None) for row in rows}
    wanted = expected(until, Redelivering(acknowledged, 1, False))
    wrong = sum(1 for id, state in wanted.items() if found.get(id, (-1, False)) < state)
    (source,) = sources(place.engine)
    out = {
        "acknowledged": len(numbers),
        "lost": lost,
        "doubled": doubled,
        "wrong": wrong,
        "contacts": len(rows),
        "live": len(stored_rows(place.engine, limit=1_000_000)),
        "differences": len(recount(place.engine, place.zone)),
        "faults": [*file_faults(place.engine), *count_faults(place.engine)],
        "duplicates": source.duplicates,
    }
    place.close()
    return out


def _lost(url: str, numbers: set[int]) -> int:
    """Acknowledged messages whose contact is not stored in their version or a newer one."""
    place = open_place(url, read_settings(environ={}))
    source = Redelivering(Path("/dev/null"), 1, False)
    with place.engine.connect() as connection:
        stored = dict(connection.exec_driver_sql("SELECT external_id, version FROM contact").all())
    place.close()
    made = (source._event(number) for number in numbers)
    return sum(1 for each in made if stored.get(each.external_id, -1) < each.version)


def main(url: str, kills: int, seed: int, early: bool = False) -> dict[str, object]:
    """Kill it `kills` times and say what came of it."""
    os.environ["KLANTBLIK_KEY"] = KEY
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        acknowledged = Path(folder) / "acknowledged"
        warm_up(url)
        started = time.monotonic()
        for _ in range(kills):
            killed(url, acknowledged, chance, early)
        return {"kills": kills, "seed": seed, "seconds": round(time.monotonic() - started, 1), **verdict(url, acknowledged)}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), "early" in sys.argv[4:])))
