"""F1: ingest killed with SIGKILL at random moments while its source delivers again with overlap."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.counts import times

pytestmark = pytest.mark.faults

ROOT = Path(__file__).resolve().parents[2]
KILLS = times(20, 40, 1_000)


def kill(url, kills, *more):
    seed = random.randrange(10**6)
    command = [sys.executable, "-m", "tests.ingest.kills", url, str(kills), str(seed), *more]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60 + 10 * kills)
    assert done.returncode == 0, done.stderr[-2_000:]
    print(done.stdout)
    return json.loads(done.stdout)


def test_nothing_acknowledged_is_lost_and_nothing_is_stored_twice(store_url):
    found = kill(store_url, KILLS if store_url.startswith("sqlite") or KILLS > 20 else 5)
    assert found["acknowledged"] > 20 and found["duplicates"] > 0, found
    assert (found["lost"], found["doubled"], found["wrong"], found["differences"], found["faults"]) == (0, 0, 0, 0, []), found


def test_the_check_can_fail(tmp_path):
    found = kill(f"sqlite:///{tmp_path}/store.db", 8, "early")
    assert found["lost"] > 0, found


def test_an_import_that_is_killed_goes_on_and_stores_all_once(tmp_path):
    file, url = tmp_path / "berichten.csv", f"sqlite:///{tmp_path}/store.db"
    rows = "".join(f"{n},Mijn vlucht {n} was vertraagd,2026-01-01 09:00\n" for n in range(6_000))
    file.write_text("id,text,at\n" + rows, encoding="utf8")
    command = [sys.executable, "-m", "ingest", "import", str(file), "--source", "post", "--store", url]
    command += ["--map", "text=text,happened_at=at,external_id=id"]
    environ = {**os.environ, "KLANTBLIK_KEY": "0123456789abcdef0123456789abcdef"}
    for n in range(3):
        with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(1.2 + 0.4 * n)
            except subprocess.TimeoutExpired:
                process.kill()
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    verbs = [["doctor", "--recount"], ["undo"]]
    counts, listed = (
        subprocess.run([*command[:3], *verb, "--store", url], cwd=ROOT, env=environ, capture_output=True, text=True)
        for verb in verbs
    )
    assert counts.returncode == 0, counts.stdout
    assert "6,000 received, 6,000 stored, 0 duplicates, 0 quarantined" in listed.stdout
