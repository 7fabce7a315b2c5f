"""Debian's Chromium, driven by Playwright: nothing is downloaded, and nothing of it reaches the network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
]


class NoBrowser(Exception):
    """There is no Chromium on this machine; `make test` installs it."""


def chromium_path() -> str:
    """Where Chromium is; KLANTBLIK_CHROMIUM names another one. Raises NoBrowser."""
    found = os.environ.get("KLANTBLIK_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise NoBrowser("chromium: found none, expected Debian's package. Install it: apt-get install chromium.")
    return found


def required() -> bool:
    """Whether a missing browser is a failure instead of a skip."""
    return os.environ.get("KLANTBLIK_REQUIRE_BROWSER") == "1"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser, closed afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGS)
        try:
            yield browser
        finally:
            browser.close()
