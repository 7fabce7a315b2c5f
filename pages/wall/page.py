"""The wall's page: mounts the component once and then leaves it alone; everything that moves comes over /live."""

from __future__ import annotations

import streamlit as st

from config.language import CODES, texts
from config.settings import settings
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


def draw(language: str) -> None:
    """Draw the wall over the whole page in this language; an enrolled screen's own language wins over it."""
    wall = st.components.v2.component("klantblik_wall", js=script(), isolate_styles=False)
    wall(data=component_data(language), key="wall", height="content")


def _wall_texts(code: str) -> dict[str, str]:
    return {key: text for key, text in texts(code).texts.items() if key.startswith(PARTS)}
