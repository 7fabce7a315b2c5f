"""The router, and the script that Streamlit runs: identity, language and menu; each page checks its role again."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages import changes, home, journey, promises, settings, sources, visit, voices, week

ICON = Path(__file__).parent / "static" / "klantblik.png"


def _wall() -> None:
    from pages.wall.page import show

    show()


def navigate() -> None:
    """Register the pages under their addresses, draw the menu in the reader's language, and run the page asked for."""
    t = visit.language()
    st.set_page_config(page_title="Klantblik", page_icon=str(ICON), layout="wide")
    ways = [
        st.Page(home.show, title=t("nav.home"), url_path="home", default=True),
        st.Page(_wall, title=t("nav.wall"), url_path="wall"),
        st.Page(week.show, title=t("nav.week"), url_path="week"),
        st.Page(promises.show, title=t("nav.promises"), url_path="promises"),
        st.Page(journey.show, title=t("nav.journey"), url_path="journey"),
        st.Page(changes.show, title=t("nav.changes"), url_path="changes"),
        st.Page(voices.show, title=t("nav.voices"), url_path="voices"),
        st.Page(sources.show, title=t("nav.sources"), url_path="sources"),
        st.Page(settings.show, title=t("nav.settings"), url_path="settings"),
    ]
    st.navigation(ways, position="top").run()


navigate()
