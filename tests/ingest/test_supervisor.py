"""The supervisor starts what fell, follows a switch of store, and leaves nothing behind."""

import socket
import subprocess
import sys
import threading
import time

import pytest

from ingest import supervisor
from ingest.errors import AlreadyRuns, Unfit
from ingest.lock import only_runner
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


def test_a_port_that_another_program_has_is_refused_by_name_before_anything_starts(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unfit, match=rf"PORT: found {port} not to be had on 127.0.0.1 .*, or: PORT=9000 make run"):
            supervisor.wait_for_port("127.0.0.1", port, 0.0)
        threading.Timer(0.5, taken.close).start()
        supervisor.wait_for_port("127.0.0.1", port, 10.0)  # it leaves in time


def test_a_store_that_another_ingest_reads_into_is_refused_before_anything_starts(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setattr(supervisor, "commands", lambda *_: pytest.fail("something was started"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with only_runner(url), pytest.raises(AlreadyRuns, match="another ingest running over it"):
        supervisor.up(url, port=port, stop=threading.Event())
    assert not (tmp_path / "store.db").exists()


def test_a_real_store_never_gets_the_made_up_company(monkeypatch):
    monkeypatch.delenv("KLANTBLIK_INGEST_CONNECTORS", raising=False)
    environ = supervisor._environment("sqlite:///real.db", demo=False)
    assert "sample" not in environ["KLANTBLIK_INGEST_CONNECTORS"]
    assert environ["KLANTBLIK_STORE_URL"] == "sqlite:///real.db"
    assert "KLANTBLIK_INGEST_CONNECTORS" not in supervisor._environment("sqlite:///demo.db", demo=True)
