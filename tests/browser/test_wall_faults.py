"""F12: the web server restarted and the network cut: the wall is live again by itself, and says meanwhile how old it is."""

import random
import time

import pytest

from store.engine import open_store
from store.rows import Batch
from store.writes import save
from tests.browser.cable import cable
from tests.browser.serving import Site, serving
from tests.browser.test_wall import SHADOW, opened, tile
from tests.browser.wall_screens import filled
from tests.browser.wall_states import STATES
from tests.browser.wall_store import NOON, ZONE, contact
from tests.faults.counts import times

pytestmark = [pytest.mark.browser, pytest.mark.faults]
PATIENCE_MS = 30_000
NOT_DEAD = f"() => !{SHADOW}.querySelector('.dead')"
NEWER = f"(old) => {SHADOW}.querySelector('.wall').getAttribute('data-frame') !== old && !{SHADOW}.querySelector('.dead')"


@pytest.fixture
def site(tmp_path):
    store = filled(STATES["live"], tmp_path)
    with serving(store, NOON) as running:
        running.store = store
        yield running


def frame(page):
    return page.evaluate(f"{SHADOW}.querySelector('.wall').getAttribute('data-frame')")


def another_customer(store, n):
    engine = open_store(store, writer=True)
    save(engine, Batch("mail", [contact(NOON - 1000, "fly", f"late{n}", random.Random(n))]), now_ms=NOON, zone=ZONE.key)
    engine.dispose()


def test_the_server_is_restarted_again_and_again(browser, site):
    with opened(browser, site) as page:
        page.wait_for_selector(".st")
        page.evaluate("window.notReloaded = true")
        for n in range(times(1, 3, 100)):
            old = frame(page)
            site.kill()
            page.wait_for_selector(".dead .overlay", timeout=PATIENCE_MS)
            assert "Geen verbinding sinds 14:" in page.locator(".overlay").inner_text(), "the number shown carries its age"
            assert tile(page, "fly").locator(".mark").is_visible()
            another_customer(site.store, n)
            site.start()
            page.wait_for_function(NEWER, arg=old, timeout=PATIENCE_MS)
        assert page.evaluate("window.notReloaded"), "by itself, and without loading the page again"


@pytest.mark.parametrize("seconds", times([3], [3, 20, 60], [3, 20, 60] * 10))
def test_the_network_is_cut(browser, site, seconds):
    with cable(int(site.url.rsplit(":", 1)[1])) as wire:
        through = Site(f"http://127.0.0.1:{wire.port}", [], {}, site.process)
        with opened(browser, through) as page:
            page.wait_for_selector(".st")
            page.wait_for_timeout(2500)
            old = frame(page)
            wire.pull()
            cut = time.monotonic()
            another_customer(site.store, int(cut * 1000))
            if seconds > 15:
                page.wait_for_selector(".dead .overlay", timeout=PATIENCE_MS)
            page.wait_for_timeout(max(0, 1000 * (seconds - (time.monotonic() - cut))))
            assert frame(page) == old, "nothing came through the cut"
            wire.plug()
            page.wait_for_function(NEWER, arg=old, timeout=PATIENCE_MS)
            page.wait_for_function(NOT_DEAD)
