"""Falls on a page: on the week in which they stood and beside the sources while they stand, with figures and cause in words."""

from datetime import date

import pytest

from config.language import texts
from store.alerts import Begun, keep_alerts
from store.engine import open_store
from tests.pages.conftest import MONDAY
from tests.pages.example import ms
from tests.pages.screens import opened, said

NOW = ms(date(2026, 11, 23))
HOUR = 3_600_000
DETAIL = {
    "before": 7.12, "now": 6.2, "n": 81, "mostly_mix": False, "themes": [], "words": ["chatbot", "afgesloten"],
    "parts": [{"channel": "chat", "effect": -0.8, "low": -1.1, "high": -0.4}],
}  # fmt: skip


def with_fall(url, began, ended=None, **changed):
    engine = open_store(url, writer=True)
    begun = Begun("drop", "airline", "service", "", "", began, 1.1, {**DETAIL, **changed})
    keep_alerts(engine, "drop", {begun.key: begun}, began)
    if ended:
        keep_alerts(engine, "drop", {}, ended)
    engine.dispose()


@pytest.mark.parametrize(("code", "mark"), [("nl", "7,1"), ("en", "7.1")])
def test_a_fall_of_the_week_is_told_with_its_figures_channel_and_words(code, mark, own, monkeypatch):
    url = own("demo")
    with_fall(url, NOW - 60 * HOUR, NOW - 30 * HOUR)
    at = opened("week", url, monkeypatch, lang=code, **MONDAY)
    assert not at.exception
    text = said(at)
    assert texts(code)("fall.title") in text
    assert mark in text
    assert "n 81" in text
    assert "“chatbot”" in text


def test_other_customers_are_said_to_be_that(own, monkeypatch):
    url = own("demo")
    with_fall(url, NOW - 60 * HOUR, mostly_mix=True)
    text = said(opened("week", url, monkeypatch, lang="nl", **MONDAY))
    assert texts("nl")("fall.mix") in text


def test_a_week_without_a_fall_has_no_heading_of_falls(own, monkeypatch):
    url = own("demo")
    with_fall(url, NOW - 60 * 24 * HOUR, NOW - 59 * 24 * HOUR)
    assert texts("nl")("fall.title") not in said(opened("week", url, monkeypatch, lang="nl", **MONDAY))


def test_sources_tell_what_stands_and_not_what_is_over(own, monkeypatch):
    url = own("demo")
    with_fall(url, NOW - 60 * HOUR)
    assert texts("nl")("fall.title") in said(opened("sources", url, monkeypatch, lang="nl", **MONDAY))
    with_fall(url, NOW - 60 * HOUR, NOW - 50 * HOUR)
    assert texts("nl")("fall.title") not in said(opened("sources", url, monkeypatch, lang="nl", **MONDAY))
