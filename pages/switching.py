"""The moment between two stores: the page says what happens, waits for the new processes and opens itself again."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from streamlit.components.v2 import component

SCRIPT = Path(__file__).with_name("switching.js")


def draw(words: str, home: bool) -> None:
    """Cover the page, `home` or one beside it, with `words` until the web process went away and another answers; then open home.

    Streamlit's own box about a lost connection, which speaks to programmers, stays under the cover.
    """
    _component()(data={"words": words, "home": home}, key="switching")


@lru_cache(maxsize=1)
def _component() -> Any:
    return component("klantblik_switching", js=SCRIPT.read_text(encoding="utf8"), isolate_styles=False)
