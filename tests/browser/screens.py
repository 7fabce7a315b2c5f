"""The pictures of docs/screens: the wall in every state, each page of a demo store made for them; `make screens` runs this."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from sqlalchemy import func, select

from ingest.demo import seed
from store.engine import open_store, prepare, reading
from store.tables import Contact
from tests.browser import wall_screens
from tests.browser.chromium import chromium
from tests.browser.conftest import failed, start, stop
from tests.browser.serving import ROOT

FOLDER = ROOT / "docs" / "screens"
PAGES = {"home": "", **{name: name for name in ("week", "promises", "journey", "changes", "voices", "sources", "settings")}}
CONTACTS = 30_000
TALL = (1366, 1500)
SETTLED_MS = 4_000


def main() -> None:
    """Make all pictures anew."""
    wall_screens.make()
    for language in ("nl", "en"):
        shutil.copyfile(FOLDER / "wall" / f"live-{language}.png", FOLDER / f"wall-{language}.png")
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as store:
        process, address = start(store, Path(folder) / "web.log")
        try:
            page_pictures(address)
        finally:
            stop(process)
        assert failed(Path(folder) / "web.log") == [], "a page failed: its picture is not worth keeping"


def page_pictures(address: str) -> None:
    """A picture of every page in both languages."""
    with chromium() as browser:
        for language in ("nl", "en"):
            page = browser.new_context(viewport={"width": TALL[0], "height": TALL[1]}, locale=language).new_page()
            for name, path in PAGES.items():
                page.goto(f"{address}/{path}?lang={language}")
                page.wait_for_selector(".sheet", timeout=60_000)
                page.wait_for_timeout(SETTLED_MS)
                picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
                picture.quantize(128, dither=Image.Dither.NONE).save(FOLDER / f"{name}-{language}.png", optimize=True)
            page.close()


@contextmanager
def demo(folder: Path, contacts: int = CONTACTS):
    """A demo store with a history of about so many contacts in it, and its live stream running."""
    url = f"sqlite:///{folder / 'demo.db'}"
    engine = open_store(url, writer=True)
    prepare(engine)
    seed(engine, int(time.time() * 1000))
    environ = {**os.environ, "KLANTBLIK_SAMPLE_CONTACTS": str(contacts)}
    ingest = subprocess.Popen(
        [sys.executable, "-m", "ingest", "run", "--store", url], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for_history(engine, contacts)
        yield url
    finally:
        stop(ingest)
        engine.dispose()


def _wait_for_history(engine, contacts: int) -> None:
    """Until the store stops growing faster than the live stream."""
    before, until = -1, time.monotonic() + 1200
    while time.monotonic() < until:
        with reading(engine) as connection:
            count = connection.scalar(select(func.count()).select_from(Contact)) or 0
        if count > contacts / 2 and count - before < 50:
            return
        before = count
        time.sleep(5)
    raise TimeoutError(f"demo store: {before} contacts after 1200 s, expected about {contacts}")


if __name__ == "__main__":
    main()
