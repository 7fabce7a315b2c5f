"""When a page's own content stands on the glass of a real Chromium, and how much of that was the server's time."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import DecodeError
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

# Every frame: is a heading of the page (or the wall) drawn? Then the moment just after it was painted. The old page's heading,
# which a click leaves standing for a while, does not count.
WATCH = """() => {
  const find = (root, wanted) => {
    const found = root.querySelector(wanted);
    if (found) return found;
    for (const each of root.querySelectorAll('*')) {
      const inner = each.shadowRoot && find(each.shadowRoot, wanted);
      if (inner) return inner;
    }
    return null;
  };
  window.klantblik = { painted: 0, done: 0, from: 0, before: '' };
  const content = () => {
    const drawn = find(document, '.sheet h1') || find(document, '.wall[data-frame]');
    return drawn && drawn.textContent !== window.klantblik.before ? drawn : null;
  };
  const look = () => {
    const seen = window.klantblik;
    if (!seen.painted && content()) setTimeout(() => { if (!seen.painted) seen.painted = performance.now() - seen.from; }, 0);
    const app = document.querySelector('[data-testid=stApp]');
    if (seen.painted && !seen.done && app && app.getAttribute('data-test-script-state') === 'notRunning')
      seen.done = performance.now() - seen.from;
    requestAnimationFrame(look);
  };
  window.klantblikAgain = () => {
    const drawn = find(document, '.sheet h1') || find(document, '.wall[data-frame]');
    Object.assign(window.klantblik, { painted: 0, done: 0, from: performance.now(), before: drawn ? drawn.textContent : '' });
  };
  requestAnimationFrame(look);
}"""
PATIENCE_MS = 120_000


@dataclass
class Frames:
    """What the server and the browser said to each other, with the browser's own clock (seconds)."""

    asked: float = 0.0
    drawn: float = 0.0
    finished: float = 0.0
    sheets: list[float] = field(default_factory=list)

    def watch(self, session: Any) -> None:
        """Listen to the frames of a page from now on."""
        session.send("Network.enable")
        session.on("Network.webSocketFrameSent", lambda event: self._sent(event["timestamp"]))
        session.on("Network.webSocketFrameReceived", lambda event: self._received(event))

    def again(self) -> None:
        """Forget what was said: the next run is the one that counts."""
        self.asked = self.drawn = self.finished = 0.0

    def _sent(self, at: float) -> None:
        self.asked = self.asked or at

    def _received(self, event: dict[str, Any]) -> None:
        message = ForwardMsg()
        try:
            message.ParseFromString(base64.b64decode(event["response"]["payloadData"]))
        except (DecodeError, ValueError):
            return
        at = event["timestamp"]
        component = message.delta.new_element.bidi_component
        if component.ByteSize() and '"h1"' in component.json:
            self.drawn = self.drawn or at
        if message.WhichOneof("type") == "script_finished":
            self.finished = self.finished or at


@dataclass(frozen=True)
class Painted:
    """Seconds from asking to the first content and to the whole page, and the server's part of each."""

    first: float
    whole: float
    server_first: float
    server_whole: float


def visit(page: Any, frames: Frames, address: str) -> Painted:
    """Open an address as a person who types it."""
    frames.again()
    page.goto(address, wait_until="commit")
    return _measured(page, frames)


def click(page: Any, frames: Frames, name: str) -> Painted:
    """Go to a page by its name in the menu."""
    frames.again()
    page.evaluate("klantblikAgain()")
    page.get_by_test_id("stTopNavLink").filter(has_text=name).first.click(no_wait_after=True)
    return _measured(page, frames)


def opened(browser: Any, language: str = "nl") -> tuple[Any, Frames]:
    """A browser of somebody's own with an empty cache, that notices when content is painted."""
    page = browser.new_context(viewport={"width": 1366, "height": 900}, locale=language).new_page()
    page.add_init_script(f"({WATCH})()")
    frames = Frames()
    frames.watch(page.context.new_cdp_session(page))
    return page, frames


def _measured(page: Any, frames: Frames) -> Painted:
    page.wait_for_function("window.klantblik && window.klantblik.painted && window.klantblik.done", timeout=PATIENCE_MS)
    until = time.monotonic() + 2
    while not frames.finished and time.monotonic() < until:
        page.wait_for_timeout(20)
    seen = page.evaluate("window.klantblik")
    server = [max(0.0, at - frames.asked) if at and frames.asked else float("nan") for at in (frames.drawn, frames.finished)]
    return Painted(seen["painted"] / 1000, seen["done"] / 1000, *server)
