"""From a customer's message to the glass: a signed webhook at the real web door, its inbox, ingest with its batching, the frame.

Everything is as `make run` starts it: app.py and `python -m ingest run` as two processes over SQLite, and a real Chromium that
shows /wall. Each message comes after a quiet while; `stored` is when ingest had it on disk, `glass` when a frame that holds it
was painted. `--burst N` delivers N messages at once instead, and measures the last of them.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import random
import statistics
import tempfile
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from benchmarks.figures import Ratio, show
from benchmarks.wall import open_wall
from ingest.opening import Place
from store.reads.wall import pulse_version
from tests.browser.chromium import chromium
from tests.browser.office import ZONE, office
from tests.pages import example

SECRET, SOURCE = "a-key-of-this-benchmark", "shop"
LIMIT_MS = 800.0
WARM_UP = 3


def main(arguments: list[str]) -> int:
    """Print milliseconds; 1 when the target was missed."""
    options = argparse.ArgumentParser(prog="python -m benchmarks glass", description=__doc__)
    options.add_argument("--messages", type=int, default=40)
    options.add_argument("--burst", type=int, default=1, help="messages in one delivery")
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="klantblik-bench-") as folder:
        sources = Path(folder) / "sources.toml"
        sources.write_text(f'[{SOURCE}]\nconnector = "webhook"\npreset = "generic"\nchannel = "chat"\n')
        environ = {"KLANTBLIK_SOURCES": str(sources), "KLANTBLIK_SOURCE_SHOP_SECRETS": SECRET}
        with office(Path(folder), _fill, **environ) as house, chromium() as browser:
            page = open_wall(browser, house.site)
            found = [_one(page, house.site, house.engine, i, chosen.burst) for i in range(WARM_UP + chosen.messages)][WARM_UP:]
    glass = sorted(one["glass"] for one in found)
    stored = [one["stored"] for one in found]
    p95 = glass[min(len(glass) - 1, round(0.95 * len(glass)))]
    line = {"messages": len(found), "in one delivery": chosen.burst, "to the store p50 ms": statistics.median(stored)}
    line |= {"to glass p50 ms": statistics.median(glass), "p95 ms": p95}
    return show("glass", [line], [Ratio(f"p95 from message to glass / {LIMIT_MS:g} ms", p95 / LIMIT_MS, 1, False)])


def _fill(place: Place) -> None:
    example.fill(place.engine, weeks=4, last=datetime.now(ZONE).date() - timedelta(days=1), demo=False)


def _one(page: Any, site: str, engine: Engine, number: int, burst: int) -> dict[str, float]:
    """Milliseconds from the moment before a delivery is sent to its rows on disk, and to the glass."""
    page.wait_for_timeout(1_200 + random.random() * 300)
    ids = [f"m{number}-{i}" for i in range(burst)]
    began = time.time() * 1000
    _deliver(site, ids)
    while not _is_stored(engine, ids[-1]):
        time.sleep(0.005)
    stored, version = time.time() * 1000, pulse_version(engine)
    seen = page.wait_for_function(
        "(v) => window.glass.find((g) => Number(g.id.split('-')[1]) >= v && g.painted)", arg=version, timeout=20_000
    ).json_value()
    return {"stored": stored - began, "glass": seen["painted"] - began}


def _is_stored(engine: Engine, id: str) -> bool:
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT 1 FROM contact WHERE source = :source AND external_id = :id"), {"source": SOURCE, "id": id}
        )
        return found.first() is not None


def _deliver(site: str, ids: list[str]) -> None:
    now = datetime.now(UTC)
    records = [{"id": id, "text": "Ik wacht al een uur op antwoord in de chat", "at": now.isoformat()} for id in ids]
    body, stamp, id = json.dumps(records).encode(), str(int(now.timestamp())), ids[0]
    mine = base64.b64encode(hmac.new(SECRET.encode(), f"{id}.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
    headers = {
        "webhook-id": id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{mine}",
        "content-type": "application/json",
    }
    with urllib.request.urlopen(urllib.request.Request(f"{site}/hooks/{SOURCE}", body, headers), timeout=10) as answer:
        assert answer.status == 200, answer.status
