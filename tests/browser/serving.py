"""Starting and stopping the test site as a process of its own, on a port that is free."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_S = 60.0


@dataclass
class Site:
    """A running test site: where it is, its process, and how to start it again."""

    url: str
    command: list[str]
    environ: dict[str, str]
    process: subprocess.Popen

    def stop(self) -> None:
        """End the process, by force when it does not listen."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def kill(self) -> None:
        """End the process without a word, as a crash does."""
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        """Start again at the same address, and wait until it answers."""
        self.process = _started(self.command, self.environ)
        wait_for(self.url + "/_stcore/health")


@contextmanager
def serving(store_url: str, start_ms: int | None = None, environ: Mapping[str, str] | None = None) -> Iterator[Site]:
    """The wall over a store, stopped afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "tests.browser.wall_site", store_url, str(port)]
    command += [str(start_ms)] if start_ms is not None else []
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "KLANTBLIK_STORE_URL": store_url, **(environ or {})}
    site = Site(f"http://127.0.0.1:{port}", command, env, _started(command, env))
    try:
        wait_for(site.url + "/_stcore/health")
        yield site
    finally:
        site.stop()


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str, within_s: float = START_S) -> None:
    """Wait until the address answers; TimeoutError when it does not."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.1)
    raise TimeoutError(f"{url}: no answer within {within_s:g} s")


def _started(command: list[str], environ: dict[str, str]) -> subprocess.Popen:
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
