"""F20: fifty messages a second, ten walls and somebody who reads: no fault, no growth, and nothing lost or double at the end."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from config.journey import load_journey
from reports.week import edition
from store.engine import open_store
from store.reads.voices import Wanted, read_voices
from tests.browser.conftest import ROOT, failed, start, stop
from tests.faults.counts import times
from tests.ingest.conftest import KEY
from tests.ingest.kills import verdict, warm_up

pytestmark = pytest.mark.faults
SECONDS = times(8, 60, 3_600)
WALLS, GROWTH_MB = 10, 48.0  # half of what SQLite may keep in memory on either side
JOURNEY, ZONE = load_journey("airline"), ZoneInfo("Europe/Amsterdam")


class Wall(threading.Thread):
    """A screen: listens to its stream, and counts the frames and the beats that it gets."""

    def __init__(self, site: str) -> None:
        super().__init__(daemon=True)
        self.site, self.frames, self.beats, self.broken, self.over = site, 0, 0, [], threading.Event()

    def run(self) -> None:
        try:
            with httpx.stream("GET", f"{self.site}/live", timeout=httpx.Timeout(30.0)) as answer:
                for line in answer.iter_lines():
                    self.frames += line == "event: frame"
                    self.beats += line == "event: beat"
                    if self.over.is_set():
                        return
        except httpx.HTTPError as fault:
            self.broken.append(fault)
        if not self.over.is_set():
            self.broken.append("the stream ended")


@contextmanager
def ingest(url: str, folder: Path):
    command = [sys.executable, "-m", "tests.faults.soaking", url, str(folder / "acknowledged")]
    with (folder / "ingest.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        stop(process)


def megabytes(process) -> float:
    """What a process holds in memory."""
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def read_a_little(engine) -> int:
    """What a manager's click reads: the week and its voices."""
    now = datetime.now(ZONE)
    told = edition(engine, JOURNEY, 202610, ZONE, now)
    return len(told.week.rows) + len(read_voices(engine, Wanted(JOURNEY.id)).voices)


def test_a_busy_stretch(tmp_path, monkeypatch):
    monkeypatch.setenv("KLANTBLIK_KEY", KEY)
    url, log = f"sqlite:///{tmp_path}/store.db", tmp_path / "web.log"
    warm_up(url)
    web, site = start(url, log, KLANTBLIK_KEY=KEY)
    engine, held = open_store(url), {"web": [], "ingest": []}
    walls = [Wall(site) for _ in range(WALLS)]
    try:
        with ingest(url, tmp_path) as writing:
            for wall in walls:
                wall.start()
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                assert read_a_little(engine) > 0 and httpx.get(f"{site}/healthz", timeout=30).status_code == 200
                held["web"].append(megabytes(web))
                held["ingest"].append(megabytes(writing))
                assert writing.poll() is None, (tmp_path / "ingest.log").read_text()
                time.sleep(0.5)
            for wall in walls:
                wall.over.set()
    finally:
        engine.dispose()
        stop(web)
    assert [wall.broken for wall in walls if wall.broken] == []
    assert all(wall.beats > 1 and wall.frames > 1 for wall in walls), [(wall.frames, wall.beats) for wall in walls]
    assert failed(log) == [] and not any(word in (tmp_path / "ingest.log").read_text() for word in ("Traceback", "fell", "falls"))
    grown = {name: _grown(found) for name, found in held.items()}
    found = verdict(url, tmp_path / "acknowledged")
    print(json.dumps({"seconds": SECONDS, "grown MB": grown, **found}))
    assert len((tmp_path / "acknowledged").read_text().split()) > 20 * SECONDS
    assert (found["lost"], found["doubled"], found["wrong"], found["differences"], found["faults"]) == (0, 0, 0, 0, []), found
    assert all(growth < GROWTH_MB for growth in grown.values()), grown


def _grown(found: list[float]) -> float:
    """Megabytes that the last quarter of the time holds more than the second: the first is warming up."""
    quarter = max(1, len(found) // 4)
    return round(statistics.median(found[-quarter:]) - statistics.median(found[quarter : 2 * quarter]), 1)
