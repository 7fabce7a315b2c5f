"""`python -m tests.peers`: install what is missing, run the connectors against real servers, and close with a table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.peers.install import CACHE, INSTALLERS, Unavailable

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = ("peer", "sent", "received", "stored", "again", "bad", "lost", "doubled")


def main() -> int:
    missing = {}
    CACHE.mkdir(parents=True, exist_ok=True)
    for name, install in INSTALLERS.items():
        began = time.monotonic()
        try:
            install()
            print(f"peer {name}: ready ({time.monotonic() - began:.1f} s)", flush=True)
        except Unavailable as reason:
            missing[name] = str(reason)
            print(f"peer {name}: cannot be installed here: {reason}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "ledger"
        env = {**os.environ, "KLANTBLIK_PEER_LEDGER": str(ledger)}
        command = [sys.executable, "-m", "pytest", "tests/peers", "-o", "addopts=", "-q", "-rs", *sys.argv[1:]]
        status = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
        rows = [json.loads(line) for line in ledger.read_text().splitlines()] if ledger.exists() else []
    print(table(rows))
    for name, reason in missing.items():
        print(f"{name}: skipped, {reason}")
    print(
        f"Peers: {len({row['peer'] for row in rows})} run, {len(missing)} skipped, "
        f"{sum(row['lost'] for row in rows)} lost, {sum(row['doubled'] for row in rows)} doubled"
    )
    return status


def table(rows: list[dict]) -> str:
    """sent: operations at the peer; received: events that reached the store (again: those that changed nothing)."""
    lines = [f"{'peer':24}" + "".join(f"{column:>10}" for column in COLUMNS[1:]) + "  note"]
    for row in rows:
        lines.append(f"{row['peer']:24}" + "".join(f"{row[column]:>10}" for column in COLUMNS[1:]) + f"  {row['note']}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
