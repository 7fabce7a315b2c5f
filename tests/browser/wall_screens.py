"""The wall's pictures, every state in both languages: `python -m tests.browser.wall_screens [STATE...]`."""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from store.engine import open_store, prepare
from tests.browser.chromium import chromium
from tests.browser.serving import ROOT, Site, serving
from tests.browser.wall_states import STATES, State

FOLDER = ROOT / "docs" / "screens" / "wall"
LANDSCAPE, PORTRAIT, FOUR_K = (1920, 1080), (1080, 1920), (3840, 2160)
TALL = ("live", "late", "closed", "focus")
SETTLED_MS = 1600
DEAD_MS = 13_000


def make(folder: Path = FOLDER, names: list[str] | None = None) -> list[Path]:
    """Take the pictures of these states (all of them), and return their files."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with chromium() as browser:
        for name in names or list(STATES):
            made += _pictures(browser, name, STATES[name], folder)
    return made


def filled(state: State, folder: Path) -> str:
    """A store in this state, in a folder; returns its address."""
    url = f"sqlite:///{folder / 'wall.db'}"
    engine = open_store(url, writer=True)
    prepare(engine)
    state.prepare(engine, state.now)
    engine.dispose()
    return url


def come_to(page: Page, site: Site, name: str, state: State, store: str) -> None:
    """Bring an open wall into its state, when that takes more than a store."""
    page.wait_for_selector(".code" if name == "enrol" else ".st")
    if name == "dead":
        site.kill()
    if name == "broken":
        Path(store.removeprefix("sqlite:///") + ".fail").touch()
    page.wait_for_selector(state.wait, timeout=30_000)
    page.wait_for_timeout(SETTLED_MS)


def _pictures(browser: Browser, name: str, state: State, folder: Path) -> list[Path]:
    made = []
    sizes = (
        [("", LANDSCAPE)] + ([("-portrait", PORTRAIT)] if name in TALL else []) + ([("-4k", FOUR_K)] if name == "live" else [])
    )
    with tempfile.TemporaryDirectory() as at:
        store = filled(state, Path(at))
        for language in ("nl", "en"):
            for suffix, size in sizes if not (language == "en" and name == "live") else sizes[:2]:
                with serving(store, state.now, state.environ) as site:
                    file = folder / f"{name}{suffix}-{language}.png"
                    _picture(browser, site, name, state, language, size, file, store)
                    made.append(file)
                Path(store.removeprefix("sqlite:///") + ".fail").unlink(missing_ok=True)
    return made


def _picture(
    browser: Browser, site: Site, name: str, state: State, language: str, size: tuple[int, int], file: Path, store: str
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, extra_http_headers=dict(state.headers))
    page = context.new_page()
    page.goto(f"{site.url}/wall?lang={language}" + (f"&slides={state.playlist}" if state.playlist else ""))
    come_to(page, site, name, state, store)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, optimize=True)
    context.close()


if __name__ == "__main__":
    for made_file in make(names=sys.argv[1:] or None):
        print(made_file.relative_to(ROOT))
