"""Changing the store restarts the web door: the page says so, covers what Streamlit says of it, and opens itself again."""

from __future__ import annotations

import pytest

from tests.browser.conftest import free_port, start, stop

pytestmark = pytest.mark.browser
ON_TOP = "document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('#klantblik-switch')?.innerText"


def test_the_page_waits_for_the_other_store_and_opens_itself(page, tmp_path):
    port, script = free_port(), "tests/browser/switching_page.py"
    web, site = start("sqlite://", tmp_path / "web.log", port, script)
    try:
        page.goto(f"{site}/?lang=nl")
        page.get_by_role("button", name="wissel").click()
        page.wait_for_function(f"{ON_TOP} === 'Klantblik start opnieuw.'", timeout=30_000)
        page.wait_for_timeout(2_000)
        assert page.evaluate(ON_TOP), "the cover stays while the old process still answers"
        stop(web)
        page.get_by_text("Connection error").first.wait_for(state="attached", timeout=60_000)
        page.wait_for_timeout(1_500)
        assert page.evaluate(ON_TOP) == "Klantblik start opnieuw."
        web, _ = start("sqlite://", tmp_path / "again.log", port, script)
        page.wait_for_selector("#klantblik-switch", state="detached", timeout=60_000)
        page.get_by_role("button", name="wissel").wait_for(timeout=60_000)
        assert page.url == f"{site}/?lang=nl"
    finally:
        stop(web)
