"""Where the server's time goes when a page is drawn: the page's script run in this process, cold and warm, under cProfile."""

from __future__ import annotations

import cProfile
import os
import pstats
from collections.abc import Mapping
from importlib import import_module

from streamlit.testing.v1 import AppTest

from app import WARM
from config.settings import settings

SHOWN = 60
KEPT: list[cProfile.Profile] = []
SCRIPT = """
import cProfile
from benchmarks.profiled import KEPT
from pages import {page} as page
KEPT.append(cProfile.Profile())
KEPT[-1].runcall(page.show)
"""


def profile(page: str, stores: Mapping[str, str]) -> int:
    """Print what took most, first when nothing is cached and then again, for each store; imports that start-up makes are made."""
    for name in WARM:
        import_module(name)
    for name, store in stores.items():
        os.environ["KLANTBLIK_STORE_URL"] = store
        settings.cache_clear()
        at = AppTest.from_string(SCRIPT.format(page=page or "home"), default_timeout=600)
        at.query_params["lang"] = "nl"
        for how in ("cold", "warm"):
            at.run()
            print(f"\n{page or 'home'}, {name}, {how}")
            pstats.Stats(KEPT[-1]).sort_stats("cumulative").print_stats(SHOWN)
    return 0
