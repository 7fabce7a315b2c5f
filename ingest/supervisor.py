"""The supervisor behind `make run`: one web process, one ingest process, both over the same store.

It prepares the store, starts the two, starts again what fell (with a growing pause), starts both again when another store
is chosen on screen, and ends them within five seconds on Ctrl-C or SIGTERM.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field

from config.active import DEMO, active_store, shown_store
from config.settings import ROOT, settings
from config.sign_in import provider
from ingest.errors import Unfit
from ingest.lock import only_runner

PATIENCE_S = 4.0
LONGEST_PAUSE_S = 30.0


@dataclass
class Child:
    """One process that must be up: its command, and how often it fell lately."""

    name: str
    command: list[str]
    process: subprocess.Popen | None = None
    falls: int = 0
    started: float = 0.0
    again_at: float = field(default=0.0)

    def start(self, environ: dict[str, str]) -> None:
        """Start it in a session of its own, so that a Ctrl-C reaches it only through us."""
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=environ, start_new_session=True)
        self.started, self.again_at = time.monotonic(), 0.0

    def tend(self, environ: dict[str, str], say) -> None:
        """Start it again when it fell: at once the first time, later after a growing pause."""
        now = time.monotonic()
        if self.process and self.process.poll() is not None:
            self.falls = 1 if now - self.started > 60 else self.falls + 1
            pause = 0.0 if self.falls == 1 else min(LONGEST_PAUSE_S, 2.0**self.falls)
            say(f"{self.name} stopped with code {self.process.returncode}; starting it again in {pause:.0f} s.")
            self.process, self.again_at = None, now + pause
        if self.process is None and now >= self.again_at:
            self.start(environ)


def end(children: list[Child], patience_s: float = PATIENCE_S) -> None:
    """Ask all to stop, and kill what is still there when the patience is over."""
    running = [child.process for child in children if child.process and child.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + patience_s
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def commands(port: int, host: str, url: str) -> list[Child]:
    """The two processes, as this machine starts them."""
    web = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.address", host]
    return [Child("web", web), Child("ingest", [sys.executable, "-m", "ingest", "run", "--store", url])]


def up(url: str | None = None, *, port: int | None = None, stop: threading.Event | None = None) -> int:
    """Run everything until stopped; returns the exit code. `url` pins the store, else the one chosen on screen is followed.

    Raises Unfit when another program has the port, and AlreadyRuns when another ingest reads into the store: nothing started.
    """
    provider(settings().sign_in)  # refused here, in one line, before anything starts
    stop = stop or _stop_on_signals()
    web = settings().web
    port = port or web.port
    wait_for_port(web.host, port, PATIENCE_S)
    with only_runner(url or active_store()):
        pass
    while not stop.is_set():
        current = url or active_store()
        environ = _environment(current, _prepare(current))
        children = commands(port, web.host, current)
        _say(f"Klantblik starts on http://localhost:{port} over {shown_store(current)}. Ctrl-C stops it.")
        threading.Thread(target=_announce, args=(port, stop), daemon=True).start()
        try:
            _watch(children, environ, stop, lambda now=current: (url or active_store()) != now)
        finally:
            end(children)
    _say("Klantblik has stopped.")
    return 0


def wait_for_port(host: str, port: int, patience_s: float) -> None:
    """Wait until nobody listens on the port: who stopped a moment ago may still be leaving. Raises Unfit."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
                return
        except OSError as fault:
            if time.monotonic() > deadline:
                why = os.strerror(fault.errno) if fault.errno else str(fault)
                found = f"PORT: found {port} not to be had on {host} ({why}), expected a free one"
                raise Unfit(f"{found}. Stop what listens there (Klantblik may run already), or: PORT=9000 make run.") from fault
        time.sleep(0.2)


def _prepare(url: str) -> bool:
    """Migrate the store, fill the demo's own store with its people's records, and tell whether this store is a demo."""
    # Imported here: the supervisor's own start must not wait for pandas and SQLAlchemy.
    from ingest.demo import seed
    from store.engine import open_store, prepare
    from store.people.facts import get_fact

    engine = open_store(url, writer=True)
    try:
        prepare(engine)
        if url == DEMO:
            seed(engine, int(time.time() * 1000))
        return get_fact(engine, "demo") == "1"
    finally:
        engine.dispose()


def _environment(url: str, demo: bool) -> dict[str, str]:
    environ = dict(os.environ, KLANTBLIK_STORE_URL=url, PYTHONUNBUFFERED="1")
    if not demo:  # a made-up customer never enters a real store
        kept = [name for name in settings().ingest.connectors if name != "sample"]
        environ["KLANTBLIK_INGEST_CONNECTORS"] = ",".join(kept)
    return environ


def _watch(children: list[Child], environ: dict[str, str], stop: threading.Event, switched) -> None:
    while not stop.is_set() and not switched():
        for child in children:
            child.tend(environ, _say)
        stop.wait(0.25)


def _announce(port: int, stop: threading.Event) -> None:
    while not stop.wait(0.5):
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
            _say(f"Klantblik is live: http://localhost:{port}")
            return


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _say(text: str) -> None:
    print(text, flush=True)
