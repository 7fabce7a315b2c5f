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
SIZES = (("", (1920, 1080)), ("-portrait", (1080, 1920)), ("-4k", (3840, 2160)))
DESTRUCTIVE = ("dead", "broken")  # each picture of these needs a server of its own
TALL = ("live", "late", "closed", "focus")
SETTLED_MS = 1600


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
    wanted = [
        (f"{name}{suffix}-{language}", size, language)
        for suffix, size in SIZES
        for language in ("nl", "en")
        if _has(name, suffix)
    ]
    made = []
    with tempfile.TemporaryDirectory() as at:
        store = filled(state, Path(at))
        for group in [[one] for one in wanted] if name in DESTRUCTIVE else [wanted]:
            with serving(store, state.now, state.environ) as site:
                for file, size, language in group:
                    _picture(browser, site, name, state, language, size, folder / f"{file}.png", store)
                    made.append(folder / f"{file}.png")
            Path(store.removeprefix("sqlite:///") + ".fail").unlink(missing_ok=True)
    return made


def _has(name: str, suffix: str) -> bool:
    return not suffix or (name == "live" if suffix == "-4k" else name in TALL)


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
