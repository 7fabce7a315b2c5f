"""Where the server's time goes when a page is drawn: each page's script run in this process, cold and warm, under cProfile."""

from __future__ import annotations

import cProfile
import os
import pstats
import time
from collections.abc import Mapping

from streamlit.testing.v1 import AppTest

from config.settings import settings

SHOWN = 45


def profile(page: str, stores: Mapping[str, str]) -> int:
    """Print what took most, first when nothing is cached and then again, for each store."""
    for name, store in stores.items():
        os.environ["KLANTBLIK_STORE_URL"] = store
        settings.cache_clear()
        at = AppTest.from_string(f"from pages import {page or 'home'} as page\npage.show()", default_timeout=600)
        at.query_params["lang"] = "nl"
        for how in ("cold", "warm"):
            kept, began = cProfile.Profile(), time.perf_counter()
            kept.runcall(at.run)
            print(f"\n{page or 'home'}, {name}, {how}: {time.perf_counter() - began:.2f} s with the profiler")
            pstats.Stats(kept).sort_stats("cumulative").print_stats(
                "main/(pages|reports|store|metrics|config)|execute|fetchall", SHOWN
            )
    return 0
