"""The weekly mail, carried out: `python -m reports` in a process of its own, since ingest makes no papers itself."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from config.settings import ROOT
from ingest.errors import Unfit
from ingest.opening import Place, now_ms
from store.corridor.jobs import OPEN, ask, jobs
from store.people.mailing import plan_due

FOLDER = ROOT / "data" / "reports"
OUTBOX = "outbox"
PATIENCE_S, LOOK_S = 600.0, 0.5
AGAIN_MS = 600_000
Heard = Callable[[], bool]


def plan(place: Place, folder: Path = FOLDER) -> None:
    """Ask for the report when its moment has come; and, ten minutes after the last time, for another try of what waits."""
    plan_due(place.engine, place.zoneinfo, now_ms())
    if not list((folder / OUTBOX).glob("*.eml")):
        return
    tries = jobs(place.engine, 1, ("report", OUTBOX))
    if not tries or (tries[0].state not in OPEN and tries[0].finished_at < now_ms() - AGAIN_MS):
        ask(place.engine, OUTBOX, {}, now_ms())


def post(place: Place, arguments: dict[str, Any], heard: Heard, folder: Path = FOLDER) -> dict[str, Any]:
    """Make a week's report and send it: what the reports' own command said. Unfit when it could not."""
    command = ["week", "--store", place.url, "--lang", arguments["language"], "--out", str(folder)]
    if week := int(arguments.get("week") or 0):
        command += ["--week", f"{week // 100}-W{week % 100:02d}"]
    for address in arguments["to"]:
        command += ["--mail-to", address]
    return _told([*command, "--once", arguments["key"]], heard)


def hand_in(heard: Heard, folder: Path = FOLDER) -> dict[str, Any]:
    """Try again what waits in the outbox."""
    return _told([OUTBOX, "--out", str(folder)], heard)


def _told(command: Sequence[str], heard: Heard) -> dict[str, Any]:
    """The last line of a command of the reports, and whether it says that something was sent."""
    limit = time.monotonic() + PATIENCE_S
    running = subprocess.Popen(
        [sys.executable, "-m", "reports", *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        while True:
            try:
                said, complaint = running.communicate(timeout=LOOK_S)
                break
            except subprocess.TimeoutExpired:
                if not heard() or time.monotonic() > limit:
                    raise Unfit("report: it was stopped before it was sent.") from None
    finally:
        running.kill()
    if running.returncode:
        raise Unfit(" ".join(complaint.split())[-300:] or f"report: it ended with code {running.returncode}.")
    line = (said.strip().splitlines() or [""])[-1]
    return {"lines": [line], "sent": line.startswith("Sent ")}
