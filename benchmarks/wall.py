"""The wall: from a commit to the glass of a real Chromium with 1, 25 and 100 listeners, the server's cost, and how long it lasts.

`--minutes M` soaks it at five changes a second and prints heap, nodes and memory by the minute; `--faults` restarts the server
and pulls the cable. Everything runs on this machine, the listeners beside the browser as one small client.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from benchmarks.figures import Ratio, show
from store.engine import open_store
from store.reads.wall import pulse_version
from store.rows import Batch
from store.writes import save
from tests.browser.cable import cable
from tests.browser.chromium import chromium
from tests.browser.serving import Site, serving
from tests.browser.wall_screens import filled
from tests.browser.wall_states import STATES
from tests.browser.wall_store import NOON, STAGES, ZONE, contact

LISTENERS = (1, 25, 100)
LIMIT_MS = {1: 250.0, 25: 250.0, 100: 400.0}
CHANGES_A_SECOND = 5
TICKS = os.sysconf("SC_CLK_TCK")
WATCH = """() => {
  window.glass = [];
  const root = document.querySelector('#klantblik-wall').shadowRoot;
  const now = () => performance.timeOrigin + performance.now();
  new MutationObserver(() => {
    const id = root.querySelector('.wall')?.getAttribute('data-frame') || '', dom = now();
    if (!window.glass.length || window.glass.at(-1).id !== id) {
      const seen = { id, dom, painted: 0 };
      window.glass.push(seen);
      requestAnimationFrame(() => setTimeout(() => { seen.painted = now(); }, 0));
    }
  }).observe(root, { subtree: true, attributes: true, attributeFilter: ['data-frame'] });
}"""


def main(arguments: list[str]) -> int:
    """Print what was measured; 1 when a target was missed."""
    options = argparse.ArgumentParser(prog="python -m benchmarks wall", description=__doc__)
    options.add_argument("--commits", type=int, default=40, help="commits after quiet, per number of listeners")
    options.add_argument("--seconds", type=float, default=20.0, help="how long the server's cost is measured")
    options.add_argument("--minutes", type=float, default=0.0, help="soak for so long instead")
    options.add_argument("--faults", action="store_true", help="restart the server and pull the cable instead")
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        store = filled(STATES["live"], Path(folder))
        engine = open_store(store, writer=True)
        with serving(store, NOON) as site, chromium() as browser:
            if chosen.faults:
                return _faults(site, browser)
            page = open_wall(browser, site.url)
            if chosen.minutes:
                return _soak(site, page, engine, chosen.minutes)
            return _measure(site, page, engine, chosen.commits, chosen.seconds)


def _measure(site: Site, page: Any, engine: Engine, commits: int, seconds: float) -> int:
    lines, ratios, costs = [], [], {}
    for count in LISTENERS:
        with _listeners(site.url, count - 1):
            latencies = [_one(page, engine) for _ in range(commits)]
            costs[count], rate = _cost(site, engine, seconds)
        dom = sorted(one["dom"] for one in latencies)
        line = {"listeners": count, "commit to DOM p50 ms": statistics.median(dom), "p95 ms": _p95(dom)}
        line |= {
            "to glass p95 ms": _p95([one["painted"] for one in latencies]),
            "server % of a core": 100 * costs[count],
            "changes/s": rate,
        }
        lines.append(line)
        ratios.append(
            Ratio(
                f"p95 to glass / {LIMIT_MS[count]:g} ms, {count} listeners", line["to glass p95 ms"] / LIMIT_MS[count], 1, False
            )
        )
    each = 100 * (costs[100] - costs[1]) / 99
    ratios.append(Ratio("% of a core per listener / 0.1", each / 0.1, 1, False))
    fifty = 100 * (costs[1] + (costs[100] - costs[1]) * 49 / 99)
    ratios.append(Ratio("% of a core for 50 listeners / 10", fifty / 10, 1, False))
    return show("wall", lines, ratios)


def _one(page: Any, engine: Engine) -> dict[str, float]:
    """Milliseconds from a commit, after quiet, to the DOM and to the painted glass."""
    page.wait_for_timeout(700 + random.random() * 300)
    version = _change(engine)
    committed = time.time() * 1000
    found = page.wait_for_function(
        "(v) => window.glass.find((g) => Number(g.id.split('-')[1]) >= v && g.painted)", arg=version, timeout=10_000
    ).json_value()
    return {"dom": found["dom"] - committed, "painted": found["painted"] - committed}


def _cost(site: Site, engine: Engine, seconds: float) -> tuple[float, float]:
    """Cores used by the server at about five changes a second, and how many there really were."""
    began, spent, changes = time.monotonic(), _cpu(site), 0
    while (passed := time.monotonic() - began) < seconds:
        _change(engine)
        changes += 1
        time.sleep(max(0.0, changes / CHANGES_A_SECOND - passed))
    return (_cpu(site) - spent) / passed, changes / passed


def _soak(site: Site, page: Any, engine: Engine, minutes: float) -> int:
    session, lines = page.context.new_cdp_session(page), []
    session.send("Performance.enable")
    with _listeners(site.url, 24):
        for minute in range(int(minutes) + 1):
            session.send("HeapProfiler.collectGarbage")
            known = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
            lines.append(
                {
                    "minute": minute,
                    "JS heap MB": known["JSHeapUsedSize"] / 1e6,
                    "nodes": int(known["Nodes"]),
                    "server MB": _memory(site),
                }
            )
            began = time.monotonic()
            while minute < minutes and time.monotonic() - began < 60:
                _change(engine)
                page.wait_for_timeout(1000 / CHANGES_A_SECOND - 20)
    warm = lines[min(len(lines) - 1, 1 + len(lines) // 6)]
    ratios = [
        Ratio(f"{name}, last / after warm-up", lines[-1][name] / warm[name], 1.10, False)
        for name in ("JS heap MB", "nodes", "server MB")
    ]
    return show("wall soak", lines, ratios)


def _faults(site: Site, browser: Any) -> int:
    lines = []
    with cable(int(site.url.rsplit(":", 1)[1])) as wire:
        page = open_wall(browser, f"http://127.0.0.1:{wire.port}")
        for seconds in (3, 20, 60):
            wire.pull()
            lines.append(_fault(page, f"cable pulled {seconds} s", seconds, wire.plug))
        site.kill()
        lines.append(_fault(page, "server killed, started after 12 s", 12, site.start))
    late = max(line["back after s"] for line in lines[:3])
    ratios = [
        Ratio("back after a cut / 15 s", late / 15, 1, False),
        Ratio("back after a restart / 5 s", lines[3]["back after s"] / 5, 1, False),
    ]
    return show("wall faults", lines, ratios)


def _fault(page: Any, name: str, seconds: float, mend: Any) -> dict[str, Any]:
    began, marked = time.monotonic(), None
    while time.monotonic() - began < seconds:
        if marked is None and page.evaluate(_IS_DEAD):
            marked = time.monotonic() - began
        page.wait_for_timeout(100)
    beats = page.evaluate("window.klantblikBeats")
    mend()
    mended = time.monotonic()
    page.wait_for_function(f"(beats) => window.klantblikBeats > beats && !({_IS_DEAD})()", arg=beats, timeout=60_000)
    line = {"fault": name, "marked dead after s": marked or "never", "back after s": time.monotonic() - mended}
    page.wait_for_timeout(3000)
    return line


_IS_DEAD = "() => !!document.querySelector('#klantblik-wall').shadowRoot.querySelector('.dead')"


def open_wall(browser: Any, url: str) -> Any:
    """A screen of 1920 x 1080 that shows the journey, with `window.glass`: each frame and when it was painted."""
    page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    page.goto(f"{url}/wall?lang=nl&slides=journey")
    page.wait_for_selector(".st")
    page.evaluate(WATCH)
    return page


def _change(engine: Engine) -> int:
    """Commit one more customer, and return the version of the store."""
    _change.count = getattr(_change, "count", 0) + 1  # type: ignore[attr-defined]
    stage = list(STAGES)[_change.count % len(STAGES)]  # type: ignore[attr-defined]
    row = contact(NOON - 1000, stage, f"bench{_change.count}-{os.getpid()}", random.Random(_change.count))  # type: ignore[attr-defined]
    save(engine, Batch("mail", [row]), now_ms=NOON, zone=ZONE.key)
    return pulse_version(engine)


@contextmanager
def _listeners(url: str, count: int) -> Iterator[None]:
    """So many streams of /live, read by one thread."""
    port, ready, stop = int(url.rsplit(":", 1)[1]), threading.Event(), threading.Event()

    async def listen() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        with suppress(asyncio.CancelledError, OSError):
            while await reader.read(65536):
                pass
        writer.close()

    async def everyone() -> None:
        tasks = [asyncio.create_task(listen()) for _ in range(count)]
        await asyncio.sleep(1.0)
        ready.set()
        while not stop.is_set():
            await asyncio.sleep(0.1)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    thread = threading.Thread(target=lambda: asyncio.run(everyone()), daemon=True)
    thread.start()
    ready.wait(20)
    try:
        yield
    finally:
        stop.set()
        thread.join(10)


def _cpu(site: Site) -> float:
    """Seconds of processor that the server has used."""
    fields = Path(f"/proc/{site.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory(site: Site) -> float:
    lines = Path(f"/proc/{site.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1000


def _p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]
