"""Frustration and delight on the journey page: the shares, the mean beside them, the way to the words, and too few."""

from __future__ import annotations

import pytest
import streamlit as st
from sqlalchemy import select

from config.language import texts
from metrics.feelings import Feelings, feelings
from metrics.weeks import start_ms
from pages import journey_feelings as section
from store.engine import open_store, reading
from store.tables import Observation
from tests.pages.conftest import MONDAY
from tests.pages.example import ZONE
from tests.pages.screens import attributes, opened, said

WEEK = 202647


@pytest.fixture
def page(store, monkeypatch):
    """`page(found, lang)`: the journey page with these feelings (None: those of the store)."""

    def of(found: Feelings | None = None, lang: str = "nl"):
        st.cache_data.clear()
        if found:
            monkeypatch.setattr(section, "of_week", lambda *_: found)
        return opened("journey", store("demo"), monkeypatch, lang=lang, stage="service", **MONDAY)

    return of


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize(
    "found, kind",
    [
        (feelings(200, 5.9, 62, 60), "divided"),
        (feelings(200, 4.0, 90, 10), "frustrated"),
        (feelings(200, 7.7, 10, 90), "delighted"),
        (feelings(200, 5.5, 10, 10), "even"),
    ],
)
def test_the_title_answers_how_many_are_angry_and_how_many_glad(page, found, kind, lang):
    at, t = page(found, lang), texts(lang)
    low, high = (t.percent(part.value) for part in (found.frustrated, found.delighted))
    assert not at.exception
    assert t(f"feelings.title_{kind}", mean=t.number(found.mean), low=low, high=high) in said(at, "feelings")
    assert t("feelings.how", week=47, mean=t.number(found.mean), n="200") in said(at, "feelings") and "[" in said(at, "feelings")


def test_each_share_leads_to_the_words_behind_it(page):
    links = attributes(page(feelings(200, 5.9, 62, 60)), "href", "feelings")
    assert len(links) == 2 and all("stage=service" in link and "week=2026-W47" in link for link in links)
    assert ["mood=unhappy" in links[0], "mood=happy" in links[1]] == [True, True]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_too_few_is_said_and_below_the_floor_not_how_few(page, lang):
    t = texts(lang)
    words = said(page(feelings(9, 5.0, 4, 4), lang), "feelings")
    assert t("feelings.few", n="9", needed=10) in words and "%" not in words
    words = said(page(feelings(4, 5.0, 4, 0), lang), "feelings")
    assert t("feelings.hidden") in words and not any(digit.isdigit() for digit in words)


def test_the_shares_are_those_of_the_stored_marks(page, store):
    from zoneinfo import ZoneInfo

    engine, zone = open_store(store("demo")), ZoneInfo(ZONE)
    query = select(Observation.mark).where(Observation.metric == "sentiment", Observation.stage == "service")
    query = query.where(Observation.happened_at >= start_ms(WEEK, zone), Observation.happened_at < start_ms(WEEK + 1, zone))
    with reading(engine) as connection:
        marks = [mark for mark in connection.scalars(query) if mark is not None]
    engine.dispose()
    assert len(marks) >= 10
    low, high = (sum(mark <= 3.25 for mark in marks) / len(marks), sum(mark >= 7.75 for mark in marks) / len(marks))
    words = said(page(), "feelings")
    assert f"n {len(marks)})" in words and f"{low:.0%}" in words and f"{high:.0%}" in words
