"""A live server on a free port over a given store, and a browser that reports what went wrong on a page."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("KLANTBLIK_CHROMIUM", "/usr/bin/chromium")
PATIENCE = 60.0
CODE = re.compile(r"^\s*[A-Z2-9]{4} [A-Z2-9]{4}\s*$")


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start(store_url: str, log: Path, port: int = 0, script: str = "app.py", **environ: str) -> tuple[subprocess.Popen, str]:
    """Start the web door over a store and wait until it answers; gives the process and its address."""
    port = port or free_port()
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        script,
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "KLANTBLIK_STORE_URL": store_url, **environ}
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return process, address
        except OSError:
            time.sleep(0.2)
    stop(process)
    raise RuntimeError(f"the server did not answer on {address}:\n{log.read_text()[-3000:]}")


def stop(process: subprocess.Popen) -> None:
    """End a server that `start` began."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


def failed(log: Path) -> list[str]:
    """The lines in which a web door says that a page failed (pages/fault.py): a later run may have hidden it from the test."""
    return [line for line in log.read_text(encoding="utf8").splitlines() if " failed, number " in line]


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """`live_server(store_url, **environ)` gives the address of a web door over that store; one process per store and settings."""
    running: dict[tuple, tuple[subprocess.Popen, str]] = {}
    folder = tmp_path_factory.mktemp("servers")

    def serve(store_url: str, **environ: str) -> str:
        key = (store_url, *sorted(environ.items()))
        if key not in running:
            running[key] = start(store_url, folder / f"{len(running)}.log", **environ)
        return running[key][1]

    yield serve
    for process, _ in running.values():
        stop(process)
    assert [line for log in sorted(folder.glob("*.log")) for line in failed(log)] == []


@pytest.fixture(scope="session")
def browser():
    """A real Chromium; the test is skipped with the reason when there is none, unless KLANTBLIK_REQUIRE_BROWSER is set."""
    if not shutil.which(CHROMIUM):
        reason = f"no browser at {CHROMIUM}: apt-get install chromium, or set KLANTBLIK_CHROMIUM"
        if os.environ.get("KLANTBLIK_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def reader(browser):
    """One reader's browser per module: scripts that were read once stay read, as on the desk of somebody who comes back."""
    context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="nl-NL")
    yield context
    context.close()


@pytest.fixture
def page(reader):
    """A page of 1366 x 900 in Dutch that knows nothing of the one before it; `page.faults` lists console errors, page errors and
    requests to other hosts."""
    opened = reader.new_page()
    opened.faults = watch(opened)
    yield opened
    for left in reader.pages:
        if left.url.startswith("http"):
            left.evaluate("localStorage.clear(); sessionStorage.clear()")
        left.close()
    reader.clear_cookies()


def shown_code(wall) -> str:
    """The code that a screen shows; before it was told one it shows an ellipsis."""
    code = wall.locator(".code").filter(has_text=CODE).first
    code.wait_for(timeout=60_000)
    return code.inner_text()


def watch(opened) -> list[str]:
    """Collect what a person with the console open would see go wrong."""
    faults: list[str] = []
    opened.on("console", lambda message: faults.append(f"console: {message.text}") if message.type == "error" else None)
    opened.on("pageerror", lambda error: faults.append(f"error: {error}"))
    local = ("http://127.0.0.1", "http://localhost", "data:", "blob:", "ws://127.0.0.1")
    opened.on("request", lambda r: None if r.url.startswith(local) else faults.append(f"outside: {r.url}"))
    return faults
