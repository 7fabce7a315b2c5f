"""How long `python -m reports week` takes at a million contacts: a whole process, from start to the last file, per language."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.enlarged import enlarge
from benchmarks.figures import Ratio, show
from tests.browser.screens import demo
from tests.browser.serving import ROOT

SECONDS = 10.0
FILES = {".pdf", ".xlsx", ".csv", ".png", ".html", ".txt"}


def main(arguments: list[str]) -> int:
    """Print seconds per language and store; 1 when a report at the larger size took over 10 s."""
    options = argparse.ArgumentParser(prog="python -m benchmarks report", description=__doc__)
    options.add_argument("--contacts", type=int, default=30_000, help="contacts in the demo store that is enlarged")
    options.add_argument("--large", type=int, default=1_000_000)
    options.add_argument("--store", type=Path, help="an existing demo store (SQLite file) instead of a fresh one")
    options.add_argument("--runs", type=int, default=3)
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="klantblik-bench-") as place:
        folder = Path(place)
        small, large = chosen.store or folder / "demo.db", folder / "large.db"
        if not chosen.store:
            with demo(folder, chosen.contacts):
                pass
        sizes = {small: 0, large: enlarge(small, large, chosen.large)}
        lines = [_line(file, size, code, folder, chosen.runs) for file, size in sizes.items() for code in ("nl", "en")]
    slowest = max(line["seconds"] for line in lines if line["contacts"] != "demo")
    return show("report", lines, [Ratio("the report at the larger size / 10 s", slowest / SECONDS, 1.0, at_least=False)])


def _line(file: Path, size: int, code: str, folder: Path, runs: int) -> dict[str, Any]:
    taken = [_once(file, code, folder / f"out-{code}") for _ in range(runs)]
    return {"contacts": size or "demo", "language": code, "seconds": statistics.median(taken), "slowest": max(taken)}


def _once(file: Path, code: str, out: Path) -> float:
    command = [sys.executable, "-m", "reports", "week", "--lang", code, "--out", str(out), "--store", f"sqlite:///{file}"]
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    taken = time.perf_counter() - began
    missing = FILES - {each.suffix for each in out.iterdir()}
    if missing:
        raise SystemExit(f"report: {', '.join(sorted(missing))} missing in {out}")
    return taken
