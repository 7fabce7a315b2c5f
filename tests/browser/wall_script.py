"""The script of the test site: the wall at /wall, and nothing else."""

import streamlit as st

from pages.wall.page import show

st.set_page_config(page_title="Klantblik")
st.navigation(
    [st.Page(lambda: st.write("home"), title="home", url_path="home", default=True), st.Page(show, title="wall", url_path="wall")]
).run()
