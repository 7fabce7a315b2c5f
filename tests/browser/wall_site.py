"""The wall behind the real server and router: what app.py mounts of it, with a clock that a test may set.

Run as a script it serves one store: `python -m tests.browser.wall_site STORE_URL PORT [START_MS]`; with START_MS the server's
clock starts there and runs on, so that a picture always shows the same moment. While STORE.fail exists
the store does not answer; STORE.build at the start holds another build id, as an upgrade would have.
"""

from __future__ import annotations

import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from config.settings import settings
from pages.headers import SecurityHeaders
from pages.wall import live
from store.engine import open_store
from store.reads.wall import pulse_version

SCRIPT = Path(__file__).resolve().parents[2] / "pages" / "navigation.py"


def site(store_url: str, start_ms: int | None = None) -> st.App:
    """The product's own pages with the wall's stream at /live."""
    began = time.monotonic()

    def clock() -> int:
        return live.now_ms() if start_ms is None else start_ms + int(1000 * (time.monotonic() - began))

    failing = Path(store_url.removeprefix("sqlite:///") + ".fail")

    def look(engine):
        if failing.exists():
            raise OSError("the store does not answer")
        return pulse_version(engine)

    live.pulse_version = look
    other = Path(store_url.removeprefix("sqlite:///") + ".build")
    if other.exists():
        live.build_id = lambda: other.read_text(encoding="utf8")

    @asynccontextmanager
    async def lifespan(application):
        engine = open_store(store_url)
        async with live.lifespan_task(application, engine, settings(), clock):
            yield {}
        engine.dispose()

    return st.App(SCRIPT, lifespan=lifespan, routes=live.routes(), middleware=[Middleware(SecurityHeaders)])


if __name__ == "__main__":
    url, port = sys.argv[1], int(sys.argv[2])
    start = int(sys.argv[3]) if len(sys.argv) > 3 else None
    site(url, start).run(config={"server.port": port, "server.address": "127.0.0.1"})
