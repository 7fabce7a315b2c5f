"""The supervisor starts what fell, follows a switch of store, and leaves nothing behind."""

import subprocess
import sys
import threading
import time

from ingest import supervisor
from ingest.supervisor import Child, end

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
FALL = [sys.executable, "-c", "raise SystemExit(3)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)",
]


def wait_until(true, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_a_child_that_falls_is_started_again_with_a_growing_pause():
    said = []
    child = Child("web", FALL)
    child.tend({}, said.append)
    first = child.process
    wait_until(lambda: first.poll() is not None)
    child.tend({}, said.append)
    assert child.process is not first, "the first fall is mended at once"
    wait_until(lambda: child.process.poll() is not None)
    child.tend({}, said.append)
    assert child.process is None and child.again_at > time.monotonic(), "the second waits"
    assert "code 3" in said[0]


def test_all_are_ended_also_one_that_ignores_the_request():
    polite, stubborn = Child("a", SLEEP), Child("b", STUBBORN)
    polite.start({})
    stubborn.process = subprocess.Popen(STUBBORN, stdout=subprocess.PIPE, start_new_session=True)
    stubborn.process.stdout.readline()
    end([polite, stubborn, Child("never started", SLEEP)], patience_s=0.3)
    assert polite.process.poll() is not None
    assert stubborn.process.poll() is not None
    stubborn.process.stdout.close()


def test_it_watches_until_told_to_stop():
    stop, child = threading.Event(), Child("a", SLEEP)
    watcher = threading.Thread(target=supervisor._watch, args=([child], {}, stop, lambda: False))
    watcher.start()
    wait_until(lambda: child.process is not None)
    stop.set()
    watcher.join(5)
    assert not watcher.is_alive()
    end([child])


def test_a_switch_of_store_ends_the_watch():
    child = Child("a", SLEEP)
    supervisor._watch([child], {}, threading.Event(), lambda: True)
    end([child])


def test_a_real_store_never_gets_the_made_up_company(monkeypatch):
    monkeypatch.delenv("KLANTBLIK_INGEST_CONNECTORS", raising=False)
    environ = supervisor._environment("sqlite:///real.db", demo=False)
    assert "sample" not in environ["KLANTBLIK_INGEST_CONNECTORS"]
    assert environ["KLANTBLIK_STORE_URL"] == "sqlite:///real.db"
    assert "KLANTBLIK_INGEST_CONNECTORS" not in supervisor._environment("sqlite:///demo.db", demo=True)
