"""What a connector costs: events per CPU-second from its peer to the store, memory, and from a real PDS to the wall's frame.

Each connector runs in a process of its own, over the same loopback peer as in its tests; the peer's own work is counted along,
so the figures are lower bounds. What a process does once (imports, models, migrations) is `start CPU s`, apart from the rate.
`--latency` starts a Bluesky PDS, the runner and the wall's loop, and times posts one by one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.figures import Ratio, show
from connectors.base import Batch

EVENTS, POSTS = 2_000, 60
ROOT = Path(__file__).resolve().parents[1]


def main(arguments: list[str]) -> int:
    """Print events per CPU-second and memory per connector, or the latency; 1 when a target was missed."""
    options = argparse.ArgumentParser(prog="python -m benchmarks connectors", description=__doc__)
    options.add_argument("--events", type=int, default=EVENTS)
    options.add_argument("--one", default="", help="only this connector, as JSON")
    options.add_argument("--latency", action="store_true")
    chosen = options.parse_args(arguments)
    if chosen.latency:
        return _latency()
    if chosen.one:
        print(json.dumps(_measure(chosen.one, chosen.events)))
        return 0
    from tests.connectors.rigs import RIGS
    from tests.connectors.rigs_polled import POLLED

    lines = [_apart(rig.name, chosen.events) for rig in (*RIGS, *POLLED)]
    worst = min(line["store's part"] for line in lines)
    return show("connectors", lines, [Ratio("least part of the CPU that is pipeline and store", worst, 0.2)])


def _apart(name: str, events: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks", "connectors", "--one", name, "--events", str(events)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def _measure(name: str, events: int) -> dict[str, Any]:
    """Read all events of a rig without and then with the way to the store."""
    from tests.connectors.rigs import RIGS, when
    from tests.connectors.rigs_polled import POLLED

    with tempfile.TemporaryDirectory() as folder:
        rig = next(rig for rig in (*RIGS, *POLLED) if rig.name == name)(Path(folder))
        rig.clock, rig.page = lambda: when(10**8), 100
        for n in range(1, events + 1):
            rig.post(str(n), f"Bericht {n}: de koffer kwam niet aan en niemand belt terug")
        read, batches = _cpu(lambda: _read(rig, events))
        start, _ = _cpu(lambda: _save(rig, [Batch(batches[0].events[:1])], Path(folder)))
        saved, counts = _cpu(lambda: _save(rig, batches, Path(folder)))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        os.sync()
        line = {
            "connector": name,
            "events": counts[1],
            "read/CPU s": round(events / read),
            "whole way/CPU s": round(events / (read + saved)),
            "store's part": round(saved / (read + saved), 2),
            "start CPU s": round(start, 2),
            "peak MB": round(peak),
        }
        rig.close()
    return line


def _cpu(work) -> tuple[float, Any]:
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def _read(rig, events: int) -> list[Batch]:
    stop, found, seen = threading.Event(), [], set()
    for batch in rig.read(None, stop):
        found.append(batch)
        seen |= {event.external_id for event in batch.events}
        if len(seen) >= events:
            break
    stop.set()
    return found


def _save(rig, batches: list[Batch], folder: Path) -> list[int]:
    """As the writer does: small batches are committed together, up to 500 events."""
    from tests.connectors.suite import Books

    books = Books(rig, folder)
    together = Batch()
    for batch in batches:
        together.events += batch.events
        if len(together.events) >= 500:
            books.write(together)
            together = Batch()
    books.write(together)
    books.close()
    return books.counts


def _latency() -> int:
    from tests.peers import servers
    from tests.peers.test_bluesky import Account

    port, plc = servers.free_port(), servers.free_port()
    with tempfile.TemporaryDirectory() as folder, servers.bluesky(Path(folder), port, plc, servers.bluesky_keys()) as url:
        account = Account(url, "klant.test")
        frames, stop = _corridor(f"ws://127.0.0.1:{port}", Path(folder))
        time.sleep(3.0)
        waits = [_one(account, frames, n) for n in range(POSTS)]
        stop.set()
        time.sleep(2.5)
    waits.sort()
    line = {"posts": POSTS, "median ms": statistics.median(waits), "p95 ms": waits[int(0.95 * POSTS)], "worst ms": waits[-1]}
    return show(
        "connectors --latency (post on the PDS to the wall's frame)",
        [line],
        [Ratio("p95 in seconds", line["p95 ms"] / 1000, 2.0, False)],
    )


def _one(account, frames: list[tuple[float, str]], n: int) -> float:
    """Milliseconds from asking the PDS to post until a frame was built after the store had it."""
    seen, began = len(frames), time.monotonic()
    account.post(f"Bericht {n}: de koffer kwam niet aan")
    while len(frames) == seen:
        if time.monotonic() - began > 20:
            raise SystemExit("no frame within 20 s of a post")
        time.sleep(0.002)
    done = frames[seen][0]
    time.sleep(0.7)
    return (done - began) * 1000


def _corridor(service: str, folder: Path) -> tuple[list[tuple[float, str]], threading.Event]:
    """The runner with the one source, and the wall's loop, over one store; frames are noted as they are published."""
    from config.settings import read_settings
    from connectors.bluesky import Bluesky, Config
    from ingest.opening import open_place
    from ingest.runner import Runner
    from ingest.sources import Source
    from pages.wall.live import LOOK_S, Live

    os.environ.setdefault("KLANTBLIK_KEY", "0123456789abcdef0123456789abcdef")
    chosen = read_settings(environ={})
    place = open_place(f"sqlite:///{folder}/store.db", chosen)
    config = Config(service=service, transport="firehose", inside_hosts=("127.0.0.1",))
    stop, frames = threading.Event(), []
    runner = Runner(place, [Source("bluesky", Bluesky(), config)], stop, print)
    threading.Thread(target=runner.run, daemon=True).start()
    live = Live(place.engine, chosen, lambda: int(datetime.now(UTC).timestamp() * 1000))
    live.hub.publish = lambda frame, id, others: frames.append((time.monotonic(), id))  # type: ignore[method-assign]

    async def feed() -> None:
        while not stop.is_set():
            await live._look()
            await asyncio.sleep(LOOK_S)

    threading.Thread(target=lambda: asyncio.run(feed()), daemon=True).start()
    return frames, stop
