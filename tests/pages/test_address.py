"""Filters in the address: values, never names; nonsense is ignored; the default is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = """
import streamlit as st
from pages.address import asked, filter
before = asked("stage", ["a", "b"], "a")
kind = "{kind}"
how = {{"required": True}} if kind == "segmented_control" else {{}}
value = filter(st, kind, "Stage", ["a", "b"], key="stage", default="a", name=lambda v: v.upper() + "!", **how)
st.text(f"{{before}} {{value}} {{st.query_params.to_dict()}}")
"""


def page(kind="selectbox", **query):
    at = AppTest.from_string(SCRIPT.format(kind=kind))
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


@pytest.mark.parametrize("kind", ["selectbox", "segmented_control"])
@pytest.mark.parametrize(
    "query, said", [({}, "a a {}"), ({"stage": "b"}, "b b {'stage': 'b'}"), ({"stage": "B!"}, "a a {'stage': 'B!'}")]
)
def test_the_address_gives_the_value(kind, query, said):
    assert page(kind, **query).text[0].value == said


def test_a_choice_on_screen_goes_into_the_address_and_the_default_out_of_it():
    at = page(lang="nl")
    at.selectbox(key="stage").set_value("b").run()
    assert at.text[0].value == "b b {'lang': 'nl', 'stage': 'b'}"
    at.selectbox(key="stage").set_value("a").run()
    assert at.text[0].value == "a a {'lang': 'nl'}"


def test_no_form_is_named_as_a_filter():
    """Streamlit refuses to set a filter whose name is that of a form drawn in the same run: the page would fail after a save."""
    pages = [file.read_text(encoding="utf8") for file in (Path(__file__).resolve().parents[2] / "pages").glob("*.py")]
    forms = {name for text in pages for name in re.findall(r'st\.form\(\s*f?"([\w-]+)', text)}
    filters = {name for text in pages for name in re.findall(r'\bfilter\([^;]{0,300}?key="([\w-]+)"', text)}
    assert forms and {"promise", "period"} <= filters and not forms & filters, forms & filters
