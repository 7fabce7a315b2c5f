"""The kiosk script: with a browser that is none, for what it does when; and with Chromium on a screen of its own."""

from __future__ import annotations

import os
import shutil
import signal
import struct
import subprocess
import threading
import time
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Error

from tests.browser.conftest import ROOT, free_port
from tests.browser.office import office
from tests.browser.wall_screens import SETTLED_MS
from tests.browser.wall_states import STATES

KIOSK = ROOT / "tools" / "kiosk"
# Writes a line when it starts and when it is asked to stop, and holds its profile by a link that leads nowhere, as Chromium does.
BROWSER = """#!/usr/bin/env bash
for each in "$@"; do case $each in --user-data-dir=*) profile=${each#*=} ;; esac; done
[ -L "$profile/SingletonLock" ] && { echo locked >> "$profile/log"; exit 21; }
ln -s "here-$$" "$profile/SingletonLock"
trap 'sleep 0.3; rm -f "$profile/SingletonLock"; echo stopped >> "$profile/log"; exit 0' TERM
[ -e "$profile/deaf" ] && trap '' TERM
echo "started $*" >> "$profile/log"
while true; do sleep 0.05; done
"""


def until(condition, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.05)
    return found


class Server:
    """A server that answers what `status` says, and notes what it was asked for."""

    def __init__(self, port=0, status=502):
        self.status, self.asked = status, []
        outer = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.http = HTTPServer(("127.0.0.1", port), Answer)
        self.url = f"http://127.0.0.1:{self.http.server_port}/wall"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def server():
    with closing(Server()) as made:
        yield made


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
        processes.append(subprocess.Popen([str(KIOSK), url, "--extra"], env=environ, preexec_fn=heeding))
        return processes[-1], lambda: (profile / "log").read_text().splitlines() if (profile / "log").exists() else []

    yield start
    for process in processes:
        process.terminate()
        process.wait(20)


def heeding():
    """Take up again the signals that whoever runs the tests may ignore (nohup, a background job): bash cannot trap those."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def browsers(profile):
    """The numbers of the processes of the browser on this profile."""
    found = subprocess.run(["pgrep", "-f", f"user-data-dir={profile}"], capture_output=True, text=True).stdout.split()
    return [int(number) for number in found]


def crash(profile):
    """End the browser without a word."""
    for number in browsers(profile):
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


def held(profile):
    return (profile / "SingletonLock").is_symlink()


@pytest.mark.parametrize("status", [502, 503, 404])
def test_an_error_in_place_of_the_page_is_no_server(server, kiosk, status):
    server.status = status
    _, log = kiosk(server.url)
    until(lambda: len(server.asked) >= 3)
    assert log() == [] and set(server.asked) == {"/wall"}
    server.status = 200
    until(log)
    assert log()[0].startswith("started --kiosk") and f"--app={server.url}" in log()[0] and log()[0].endswith("--extra")


def test_a_server_that_is_not_there_yet_is_waited_for(kiosk):
    port = free_port()
    process, log = kiosk(f"http://127.0.0.1:{port}/wall?slides=journey,focus")
    time.sleep(0.5)
    assert process.poll() is None and log() == []
    with closing(Server(port, status=200)) as server:
        until(log)
        assert set(server.asked) == {"/wall?slides=journey,focus"}


def test_a_browser_that_falls_is_started_again_over_the_lock_that_it_left(server, kiosk, tmp_path):
    server.status = 200
    _, log = kiosk(server.url)
    until(log)
    profile = tmp_path / "profile"
    crash(profile)
    until(lambda: len(log()) == 2)
    assert [line.split()[0] for line in log()] == ["started", "started"] and held(profile)


def test_a_browser_that_falls_with_its_server_waits_for_the_server(server, kiosk, tmp_path):
    server.status = 200
    _, log = kiosk(server.url)
    until(log)
    server.status = 502
    crash(tmp_path / "profile")
    before = len(server.asked)
    until(lambda: len(server.asked) >= before + 3)
    assert len(log()) == 1
    server.status = 200
    until(lambda: len(log()) == 2)


def test_pages_of_a_browser_that_was_cut_off_are_not_offered_again(server, kiosk, tmp_path):
    settings = tmp_path / "profile" / "Default" / "Preferences"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"profile":{"exit_type":"Crashed","name":"wall"}}')
    server.status = 200
    _, log = kiosk(server.url)
    until(log)
    assert settings.read_text() == '{"profile":{"exit_type":"Normal","name":"wall"}}'


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_when_it_is_stopped_the_browser_has_ended_before_it(server, kiosk, tmp_path, number):
    server.status = 200
    process, log = kiosk(server.url)
    until(log)
    process.send_signal(number)
    assert process.wait(20) == 0
    assert log()[-1] == "stopped" and not held(tmp_path / "profile") and browsers(tmp_path / "profile") == []


def test_a_browser_that_does_not_listen_is_ended_by_force(server, kiosk, tmp_path):
    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / "deaf").touch()
    server.status = 200
    process, log = kiosk(server.url)
    until(log)
    process.terminate()
    assert process.wait(20) == 0
    assert log()[-1] != "stopped" and not held(profile) and browsers(profile) == []


def test_it_stops_while_it_waits_for_a_server(kiosk):
    process, _ = kiosk(f"http://127.0.0.1:{free_port()}/wall")
    time.sleep(0.3)
    process.terminate()
    assert process.wait(20) == 0


@pytest.mark.parametrize(("commands", "lacks"), [((), "chromium"), (("chromium",), "curl")])
def test_what_it_lacks_is_said(tmp_path, commands, lacks):
    for name in commands:
        (tmp_path / name).symlink_to("/bin/true")
    done = subprocess.run(["/bin/bash", str(KIOSK), "http://x/wall"], env={"PATH": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 1 and f"install the package {lacks}" in done.stderr


@contextmanager
def screen(folder):
    """An X screen of 1920 x 1080 that nobody looks at; gives its name, and keeps its picture in the folder."""
    read, write = os.pipe()
    size = ["-screen", "0", "1920x1080x24", "-fbdir", str(folder)]
    command = ["Xvfb", "-displayfd", str(write), *size, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as named:
        number = named.readline().strip()
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


def picture(folder):
    """What stands on the X screen, with its pointer and all: rows x columns x (red, green, blue), 0 to 255.

    Xvfb keeps it as an X window dump: 25 numbers of 4 bytes, the first the header's length, then 12 bytes a colour (XWDFile.h).
    """
    dump = (folder / "Xvfb_screen0").read_bytes()
    head = struct.unpack(">25I", dump[:100])
    width, height, line, colours = head[4], head[5], head[12], head[19]
    pixels = np.frombuffer(dump, np.uint8, offset=head[0] + 12 * colours, count=line * height)
    return pixels.reshape(height, line // 4, 4)[:, :width, 2::-1].astype(int)


@pytest.fixture
def needs_screen():
    if not shutil.which("Xvfb"):
        if os.environ.get("KLANTBLIK_REQUIRE_BROWSER"):
            pytest.fail("no Xvfb: make test installs it")
        pytest.skip("no Xvfb: apt-get install xvfb")


@pytest.mark.browser
@pytest.mark.usefixtures("needs_screen")
def test_the_wall_fills_a_real_kiosks_screen_and_comes_back(tmp_path, browser):
    profile, port, now = tmp_path / "profile", free_port(), round(time.time() * 1000)
    environ = {"KIOSK_PROFILE": str(profile), "KIOSK_PAUSE": "0.2", "KIOSK_SIZE": "1920,1080"}
    options = ["--no-sandbox", "--disable-gpu", f"--remote-debugging-port={port}"]
    with office(tmp_path, lambda place: STATES["live"].prepare(place.engine, now)) as company, screen(tmp_path) as display:
        command = [str(KIOSK), f"{company.site}/wall", *options]
        process = subprocess.Popen(
            command, env={**os.environ, **environ, "DISPLAY": display}, stderr=subprocess.DEVNULL, preexec_fn=heeding
        )
        try:
            for _ in ("at first", "after a crash"):
                found = looked(browser.browser_type, port, tmp_path)
                assert fills(found) and found["scrolls"] is False and found["cursor"] == "none", found
                crash(profile)
        finally:
            process.terminate()
            assert process.wait(20) == 0
    assert not list(profile.glob("Singleton*")) and browsers(profile) == []


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


def alike(page, glass):
    """Whether the glass shows the page's own picture, edge to edge, without a pointer; a blinking colon may differ."""
    if folder := os.environ.get("KIOSK_PICTURE"):
        Image.fromarray(glass.astype(np.uint8)).save(folder)
    apart = np.abs(page - glass[: page.shape[0], : page.shape[1]]).max(axis=2) > 60
    pointer = apart[540:580, 960:990]  # X puts it in the middle, and no one moves it
    return glass.shape == (1080, 1920, 3) and apart.mean() < 0.002 and not pointer.any()


def looked(chromium, port, folder):
    """What stands on the kiosk's screen once a frame of the wall is drawn: its sizes, when the glass shows the page."""

    def connected():
        try:
            return chromium.connect_over_cdp(f"http://127.0.0.1:{port}", timeout=3_000)
        except Error:
            return None

    browser = until(connected, 60)
    page = until(lambda: next((page for context in browser.contexts for page in context.pages if "/wall" in page.url), None))
    found = until(lambda: page.evaluate(LOOK), 60)
    page.wait_for_timeout(SETTLED_MS)

    def shown():  # again, should a slide have changed between the two pictures
        shot = np.asarray(Image.open(BytesIO(page.screenshot())).convert("RGB")).astype(int)
        return alike(shot, picture(folder))

    until(shown)
    browser.close()
    return found
