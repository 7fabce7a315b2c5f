"""A source of numbered messages that ends, whose place tells exactly which messages must be stored."""

from __future__ import annotations

import threading
from pathlib import Path

from config.settings import read_settings
from connectors.base import Batch, Capabilities
from ingest.opening import open_place
from ingest.runner import Runner
from ingest.sources import Source
from store.corridor.soundness import count_faults, file_faults
from store.recount import recount
from store.stored import stored_rows
from store.writes import read_state
from tests.ingest.conftest import event
from tests.ingest.fakes import Config

SIZE = 20
TEXTS = ("Mijn vlucht was vertraagd, waardeloos", "Thanks for the quick help!", "koffer kwijt", "Prima geholpen")


class Numbered:
    """Messages 0 to `until`, twenty a batch, each batch acknowledged in a file once it is said to be on disk."""

    name, channel, version, Config = "numbered", "social", "1", Config
    capabilities = Capabilities("once", 1.0)

    def __init__(self, until: int, acknowledged: Path) -> None:
        self.until, self.acknowledged = until, acknowledged

    def read(self, config, state, stop, clock):
        for at in range(int(state or 0), self.until, SIZE):
            if stop.is_set():
                return
            made = [event(str(n), TEXTS[n % 4], author=f"k{n % 9}", thread=f"t{n % 30}") for n in range(at, at + SIZE)]
            yield Batch(made, state=str(at + SIZE), acknowledge=lambda at=at: self.acknowledge(at))

    def acknowledge(self, at: int) -> None:
        with self.acknowledged.open("a") as file:
            file.write("".join(f"{n}\n" for n in range(at, at + SIZE)))


def read_all(url: str, source: Numbered, ready=lambda engine: None) -> None:
    """Read the source to its end, a batch at a time; `ready` is given the engine first."""
    place = open_place(url, read_settings(environ={}))
    ready(place.engine)
    Runner(place, [Source("numbered", source, Config())], threading.Event(), lambda line: None, events=SIZE, gather_s=0.0).run()
    place.close()


def assert_whole(url: str, acknowledged: Path) -> int:
    """All up to the source's place is stored once, and nothing beyond it; counts and rollups hold. How far it came."""
    place = open_place(url, read_settings(environ={}))
    try:
        far = int(read_state(place.engine, "numbered") or 0)
        assert sorted(int(row.external_id) for _, row in stored_rows(place.engine, limit=100_000)) == list(range(far))
        told = [int(line) for line in acknowledged.read_text().split()] if acknowledged.exists() else []
        assert all(number < far for number in told), "acknowledged, and not stored"
        assert recount(place.engine, place.zone) == [] == count_faults(place.engine) == file_faults(place.engine)
        return far
    finally:
        place.close()
