"""The web door: Streamlit's pages, the wall's live stream, webhooks, health and figures, behind one set of security headers.

Start it with `make run`, with `streamlit run app.py`, or under any ASGI server. It is only a launcher: the script that
Streamlit runs is pages/navigation.py, which has no pages/ folder beside it, so that a deep link always meets the router.
"""

from __future__ import annotations

import gc
import inspect
import os
import sys
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402

from config.active import active_store  # noqa: E402
from config.errors import ConfigError  # noqa: E402
from config.settings import settings  # noqa: E402
from config.sign_in import provider  # noqa: E402
from ingest import inbox  # noqa: E402
from pages import entry, health, hooks  # noqa: E402
from pages.headers import SecurityHeaders  # noqa: E402
from pages.returning import Returning  # noqa: E402
from pages.wall import live  # noqa: E402
from store.engine import open_store, prepare  # noqa: E402

os.environ.setdefault("KLANTBLIK_STORE_URL", active_store())
# What the first visitor would otherwise wait for: the pages with their numbers and charts.
SCREENS = ("home", "week", "promises", "journey", "changes", "voices", "sources", "settings")
WARM = ("altair", "pyarrow.pandas_compat", "scipy.optimize", "scipy.special", *(f"pages.{name}" for name in SCREENS))


def engine():
    """The store that the lifespan opened."""
    return app.state["engine"]


@asynccontextmanager
async def lifespan(application):
    """Open the store, start the wall's frame, and freeze what start-up made, so that no later collection walks through it."""
    store = open_store(active_store())
    prepare(store)
    for name in WARM:
        import_module(name)
    inspect.stack()  # Streamlit asks for it at the very first element, and the first time it looks at every module there is
    async with live.lifespan_task(application, store, settings()):
        gc.collect()
        gc.freeze()
        yield {"engine": store}
    store.dispose()


def sign_in() -> dict:
    """The sign-in for Streamlit; ends the process in one line when it cannot work as it is set."""
    try:
        return provider(settings().sign_in)
    except ConfigError as fault:
        raise SystemExit(f"app: {fault}") from None


app = st.App(
    ROOT / "pages" / "navigation.py",
    lifespan=lifespan,
    routes=[*entry.routes(), *live.routes(), *health.routes(engine), *hooks.routes(engine, inbox.accept, inbox.answer)],
    middleware=[Middleware(SecurityHeaders), *([Middleware(Returning)] if settings().sign_in.issuer else [])],
    secrets=sign_in() or None,
)

if __name__ == "__main__":
    app.run(config={"server.port": settings().web.port, "server.address": settings().web.host})
