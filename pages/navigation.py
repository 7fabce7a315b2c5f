"""The router, and the script that Streamlit runs: identity, language and menu; each page checks its role again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages import changes, home, journey, promises, settings, sources, visit, voices, week
from pages.fault import whole
from pages.roles import OPENS, whoever

ICON = Path(__file__).parent / "static" / "klantblik.png"


def _wall() -> None:
    from pages.wall.page import show

    show()


def navigate() -> None:
    """Register the pages under their addresses, draw the menu in the reader's language, and run the page asked for."""
    t, person = visit.language(), whoever()

    def page(name: str, show: Callable[[], None], default: bool = False) -> st.Page:
        """A page of the menu, left out of it for who may not open it; its address still answers, and says why not."""
        may = name in ("home", "wall") or (person is not None and person.may(*OPENS[name]))
        menu = "visible" if may else "hidden"
        return st.Page(whole(name, show), title=t(f"nav.{name}"), url_path=name, visibility=menu, default=default)

    st.set_page_config(page_title="Klantblik", page_icon=str(ICON), layout="wide")
    ways = [
        page("home", home.show, default=True),
        page("wall", _wall),
        page("week", week.show),
        page("promises", promises.show),
        page("journey", journey.show),
        page("changes", changes.show),
        page("voices", voices.show),
        page("sources", sources.show),
        page("settings", settings.show),
    ]
    st.navigation(ways, position="top").run()


navigate()
