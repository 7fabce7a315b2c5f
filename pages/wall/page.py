"""The wall's page: mounts the component once and then leaves it alone; everything that moves comes over /live.

The page itself holds no number, so it may be drawn for anyone: what a screen sees is decided where it is read, at /live.
"""

from __future__ import annotations

from functools import lru_cache

from streamlit.components.v2 import component

from config.language import CODES, texts
from config.settings import settings
from pages import visit
from pages.wall.build import script, style

PARTS = ("wall.", "channel.", "shape.")


def component_data(language: str) -> dict[str, object]:
    """What the component needs to draw: its style, every text of both languages, and where it hangs."""
    chosen = settings()
    return {
        "style": style(),
        "language": language,
        "zone": chosen.company.timezone,
        "distance": chosen.wall.distance_m,
        "name": "Klantblik",
        "texts": {code: _wall_texts(code) for code in CODES},
    }


def show() -> None:
    """Draw the wall over the whole page, in the reader's language; an enrolled screen's own language wins over it."""
    _component()(data=component_data(visit.language().code), key="wall", height="content")


@lru_cache(maxsize=1)
def _component():
    return component("klantblik_wall", js=script(), isolate_styles=False)


def _wall_texts(code: str) -> dict[str, str]:
    return {key: text for key, text in texts(code).texts.items() if key.startswith(PARTS)}
