"""The kiosk script: with a browser that is none, for what it does when; and with Chromium on a screen of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import Error, sync_playwright

from tests.browser.conftest import ROOT, free_port
from tests.browser.serving import serving
from tests.browser.wall_screens import filled
from tests.browser.wall_states import STATES
from tests.browser.wall_store import NOON

KIOSK = ROOT / "tools" / "kiosk"
# Writes a line when it starts and when it is asked to stop, and holds the profile as Chromium does.
BROWSER = """#!/usr/bin/env bash
for each in "$@"; do case $each in --user-data-dir=*) profile=${each#*=} ;; esac; done
[ -e "$profile/SingletonLock" ] && { echo locked >> "$profile/log"; exit 21; }
touch "$profile/SingletonLock"; echo "started $*" >> "$profile/log"
trap 'sleep 0.3; rm -f "$profile/SingletonLock"; echo stopped >> "$profile/log"; exit 0' TERM
while true; do sleep 0.05; done
"""


def until(condition, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.05)
    return found


class Server:
    """A server whose health answers what `status` says, and that counts who asked."""

    def __init__(self):
        self.status, self.asked = 502, []
        outer = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.http = HTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.http.server_port}/wall"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def server():
    made = Server()
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def kiosk(tmp_path):
    """`kiosk(url)` starts the script over a browser that is none; gives the process and what the browser logged."""
    fake = tmp_path / "bin" / "chromium"
    fake.parent.mkdir()
    fake.write_text(BROWSER)
    fake.chmod(0o755)
    profile, processes = tmp_path / "profile", []

    def start(url):
        environ = {
            **os.environ,
            "PATH": f"{fake.parent}:{os.environ['PATH']}",
            "KIOSK_PROFILE": str(profile),
            "KIOSK_PAUSE": "0.1",
        }
        processes.append(subprocess.Popen([str(KIOSK), url, "--extra"], env=environ))
        return processes[-1], lambda: (profile / "log").read_text().splitlines() if (profile / "log").exists() else []

    yield start
    for process in processes:
        process.terminate()
        process.wait(20)


def fell(log):
    """The number of the browser's process, found by its profile, as a crash would end it."""
    found = subprocess.run(["pgrep", "-f", f"user-data-dir={log}"], capture_output=True, text=True).stdout.split()
    return [int(number) for number in found]


def test_it_waits_for_a_server_that_answers_and_a_proxys_error_is_none(server, kiosk):
    _, log = kiosk(server.url)
    until(lambda: len(server.asked) >= 3)
    assert log() == [] and set(server.asked) == {"/healthz"}
    server.status = 200
    until(log)
    assert log()[0].startswith("started --kiosk") and f"--app={server.url}" in log()[0] and log()[0].endswith("--extra")


def test_a_server_that_is_not_there_yet_is_waited_for(kiosk):
    port = free_port()
    process, log = kiosk(f"http://127.0.0.1:{port}/wall")
    time.sleep(0.5)
    assert process.poll() is None and log() == []


def test_a_browser_that_falls_is_started_again_over_the_lock_that_it_left(server, kiosk, tmp_path):
    server.status = 200
    _, log = kiosk(server.url)
    until(log)
    profile = tmp_path / "profile"
    for number in fell(profile):
        os.kill(number, signal.SIGKILL)
    until(lambda: len(log()) == 2)
    assert [line.split()[0] for line in log()] == ["started", "started"] and (profile / "SingletonLock").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_when_it_is_stopped_the_browser_has_ended_before_it(server, kiosk, tmp_path, number):
    server.status = 200
    process, log = kiosk(server.url)
    until(log)
    process.send_signal(number)
    assert process.wait(20) == 0
    assert log()[-1] == "stopped" and not (tmp_path / "profile" / "SingletonLock").exists()


def test_it_stops_at_once_while_it_waits_for_a_server(kiosk):
    process, _ = kiosk(f"http://127.0.0.1:{free_port()}/wall")
    time.sleep(0.3)
    process.terminate()
    assert process.wait(5) == 0


@contextmanager
def screen():
    """An X screen of 1920 x 1080 that nobody looks at; gives its name."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as named:
        number = named.readline().strip()
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.browser
def test_the_wall_fills_a_real_kiosks_screen_and_comes_back(tmp_path):
    if not shutil.which("Xvfb"):
        if os.environ.get("KLANTBLIK_REQUIRE_BROWSER"):
            pytest.fail("no Xvfb: make test installs it")
        pytest.skip("no Xvfb: apt-get install xvfb")
    profile, port = tmp_path / "profile", free_port()
    with serving(filled(STATES["live"], tmp_path), NOON) as site, screen() as display:
        # wall_site has no /healthz of its own; its pages answer any path, as the product's health does when all is well
        environ = {
            **os.environ,
            "DISPLAY": display,
            "KIOSK_PROFILE": str(profile),
            "KIOSK_PAUSE": "0.2",
            "KIOSK_SIZE": "1920,1080",
        }
        options = ["--no-sandbox", "--disable-gpu", f"--remote-debugging-port={port}"]
        process = subprocess.Popen([str(KIOSK), f"{site.url}/wall", *options], env=environ, stderr=subprocess.DEVNULL)
        try:
            with sync_playwright() as playwright:
                first = looked(playwright, port)
                assert fills(first) and first["scrolls"] is False and first["cursor"] == "none", first
                for number in fell(profile):
                    os.kill(number, signal.SIGKILL)
                assert fills(looked(playwright, port)), "it came back by itself"
        finally:
            process.terminate()
            assert process.wait(20) == 0
    assert not list(profile.glob("Singleton*")) and fell(profile) == []


def fills(found):
    """The wall and its window have the screen's size; without a window manager Chromium keeps the last pixel free."""
    return all(abs(one - of) <= 1 for name in ("wall", "inner") for one, of in zip(found[name], (1920, 1080), strict=True))


LOOK = """() => {
  const host = [...document.body.children].find((each) => getComputedStyle(each).zIndex === '2147483647');
  const wall = host && (host.shadowRoot || host).querySelector('.wall[data-frame]');
  if (!wall) return null;
  const box = wall.getBoundingClientRect();
  const root = document.scrollingElement;
  return { wall: [Math.round(box.width), Math.round(box.height)], inner: [innerWidth, innerHeight],
           scrolls: root.scrollHeight > innerHeight && getComputedStyle(root).overflowY !== 'hidden',
           cursor: getComputedStyle(host).cursor };
}"""


def looked(playwright, port):
    """What stands on the kiosk's screen once a frame of the wall is drawn."""

    def connected():
        try:
            return playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}", timeout=3_000)
        except Error:
            return None

    browser = until(connected, 60)
    page = until(lambda: next((page for context in browser.contexts for page in context.pages if "/wall" in page.url), None))
    found = until(lambda: page.evaluate(LOOK), 60)
    if folder := os.environ.get("KIOSK_PICTURE"):
        page.screenshot(path=folder)
    browser.close()
    return found
