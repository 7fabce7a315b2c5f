"""A page of one button that changes the store, for tests/browser/test_switching.py: nothing on this machine is changed by it."""

import streamlit as st

from pages import switching

if st.button("wissel"):
    switching.draw("Klantblik start opnieuw.", home=True)
