"""A page that fails says so in words, and its log line says where and never what a customer wrote."""

from __future__ import annotations

import logging

import pytest
from streamlit.testing.v1 import AppTest

from config.errors import ConfigError
from config.language import texts
from config.settings import settings
from pages.fault import place
from tests.pages.screens import said

CUSTOMER = "Jan de Vries, 0612345678"
PAGE = f"""
from pages.fault import whole
from pages.sheet import el, sheet

def show():
    sheet([el("h1", None, "Half")], "answer")
    raise ValueError({CUSTOMER!r})

whole("week", show)()
"""


def run(script, code):
    settings.cache_clear()
    at = AppTest.from_string(script)
    at.query_params["lang"] = code
    return at.run()


@pytest.mark.parametrize("code", ["nl", "en"])
def test_the_reader_reads_what_is_safe_and_a_number(code, caplog):
    at, t = run(PAGE, code), texts(code)
    words = said(at, "fault")
    assert not at.exception and t("fault.title") in words and t("fault.safe") in words and CUSTOMER not in words
    line = next(record.getMessage() for record in caplog.records if record.name == "klantblik.pages")
    number = line.split("number ")[1][:6]
    assert line.startswith("page week failed, number ") and "ValueError" in line and CUSTOMER not in line
    assert t("fault.next", number=number) in words


def test_a_page_that_stops_or_works_is_left_alone(caplog):
    at = run("import streamlit as st\nfrom pages.fault import whole\nwhole('week', st.stop)()", "nl")
    assert not at.exception and said(at) == ""
    at = run("import streamlit as st\nfrom pages.fault import whole\nwhole('week', lambda: st.text('ok'))()", "nl")
    assert at.text[0].value == "ok" and said(at) == ""
    assert [record for record in caplog.records if record.levelno >= logging.ERROR and record.name == "klantblik.pages"] == []


def test_the_way_goes_through_our_own_files_only():
    with pytest.raises(ConfigError) as caught:
        texts("nl")("no.such.text")
    way = place(caught.value)
    assert way.startswith("ConfigError < config/language.py:") and "site-packages" not in way and "no.such.text" not in way
