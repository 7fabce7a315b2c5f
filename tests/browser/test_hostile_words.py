"""F16: whatever customers write, on every page that shows their words: text, no script, no style, no load from elsewhere."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from store.rows import Batch, Observed, Placed, Row
from store.writes import save
from tests.browser.conftest import failed, start, stop
from tests.faults.counts import times
from tests.store.people_store import fresh

pytestmark = [pytest.mark.browser, pytest.mark.faults]
WORDS = json.loads(Path(__file__).with_name("hostile_words.json").read_text(encoding="utf8"))
CHANNELS = ("chat", "phone", "email", "social", "web")
SHOWN = 40  # fewer than a page of voices holds
PATIENCE_MS = 15_000


def attacks() -> list[str]:
    """Every core within every wrap, each with a name of its own to be found by."""
    made = [wrap.replace("{}", core) for wrap in WORDS["wraps"][: times(1, 5, 5)] for core in WORDS["cores"]]
    return [f"{attack} klant{n:03}x" for n, attack in enumerate(made)]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A company whose customers write nothing else; stored as they wrote it, so that the page alone must hold."""
    folder = tmp_path_factory.mktemp("hostile")
    engine, now = fresh(folder), round(time.time() * 1000)
    rows = []
    for n, attack in enumerate(attacks()):
        at, channel = now - 60_000 * (n + 1), CHANNELS[n // SHOWN]
        seen = [Observed("contacts", 1.0), Observed("sentiment", -0.5, 3.0)]
        placed = [Placed("airline", "service", "source")]
        rows.append(
            Row("post", "", f"m{n}", 1, "upsert", at, at, channel=channel, author_key=f"k{n}", text=attack, language="nl",
                url=f"javascript:window.hit={n}", segments=("<img/src=x/onerror=alert(1)>",), placed=placed, observed=seen)
        )  # fmt: skip
    saved = save(engine, Batch("post", rows), now_ms=now, zone="Europe/Amsterdam")
    assert saved.stored == len(rows) == len(attacks())
    engine.dispose()
    web, address = start(f"sqlite:///{folder / 'store.db'}", folder / "web.log")
    yield address
    stop(web)
    assert failed(folder / "web.log") == []


def looked_at(page, address):
    page.dialogs = []
    page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(address)
    page.locator("h1, h2").first.wait_for(timeout=PATIENCE_MS)


def assert_harmless(page):
    page.wait_for_timeout(1_500)
    assert page.dialogs == [] and page.evaluate("window.hit") is None
    assert page.faults == []
    assert page.locator('[href^="javascript:"], [src*="evil.example"], iframe[src*="evil"], base').count() == 0
    head = page.locator("h1, h2").first
    box = head.bounding_box()
    assert head.is_visible() and box and box["width"] > 50 and box["height"] > 10, "nothing is hidden"


TEXTS = """() => {
  const found = [];
  const walk = (node) => {
    if (node.nodeType === 3) found.push(node.data);
    if (node.shadowRoot) walk(node.shadowRoot);
    node.childNodes.forEach(walk);
  };
  walk(document.body);
  return found;
}"""


@pytest.mark.parametrize("channel", CHANNELS[: times(1, 5, 5)])
def test_the_voices_are_text_to_the_last_character(page, site, channel):
    looked_at(page, f"{site}/voices?lang=nl&channel={channel}")
    own = [attack for n, attack in enumerate(attacks()) if CHANNELS[n // SHOWN] == channel]
    page.get_by_text(own[-1][-8:]).first.wait_for(timeout=PATIENCE_MS, state="attached")
    assert_harmless(page)
    said = [" ".join(text.split()) for text in page.evaluate(TEXTS)]
    assert [attack for attack in own if not any(" ".join(attack.split()) in text for text in said)] == []


@pytest.mark.parametrize(
    "path", ["", "/week", "/journey?stage=service", "/promises", "/changes", "/sources", "/settings", "/wall"]
)
def test_every_other_page_is_harmless_too(page, site, path):
    if path == "/wall":
        page.goto(f"{site}/wall?lang=nl")
        page.wait_for_selector("#klantblik-wall", timeout=PATIENCE_MS, state="attached")
        page.wait_for_timeout(3_000)
        assert page.evaluate("window.hit") is None and page.faults == []
        return
    looked_at(page, f"{site}{path}")
    assert_harmless(page)
