"""What it took customers, on the journey page: only of the stage chosen, only of now, never of a few."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.language import texts
from store.customers import keep_customers
from tests.pages import example
from tests.pages.screens import attributes, opened, said
from tests.store.people_store import fresh

ZONE = ZoneInfo("Europe/Amsterdam")

KEPT = {"cases": 240, "again": [0.125, 0.09, 0.17], "passed": [0.05, 0.03, 0.08], "steps": [0.42, 0.31, 0.53]}


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A company whose newest day is yesterday: of now, and of nothing else, the customers' cases are kept."""
    engine = fresh(tmp_path)
    example.fill(engine, weeks=3, last=datetime.now(ZONE).date() - timedelta(days=1), demo=False)
    whole = {"customers": 900, "paths": 0, "broke": None, "questions": 0, "around": None}

    def show(code="nl", **query):
        data = {"journey": "airline", "days": 28, **whole, "stages": {"service": KEPT}}
        keep_customers(engine, data, round(datetime.now(ZONE).timestamp() * 1000))
        return opened("journey", f"sqlite:///{tmp_path}/store.db", monkeypatch, lang=code, **query)

    yield show
    engine.dispose()


@pytest.mark.parametrize("code", ["nl", "en"])
def test_the_chosen_stage_says_who_asked_again_who_was_passed_on_and_the_steps(page, code):
    at, t = page(code, stage="service"), texts(code)
    words = said(at, "steps")
    assert t("steps.title", share=t.percent(0.125)) in words and t("steps.cases", n="240") in words
    assert t.number(0.42, 2) in words and t("steps.passed") in words


def test_another_stage_and_the_past_say_nothing(page):
    assert said(page(stage="fly"), "steps") == ""
    assert said(page(stage="service", as_of=(datetime.now(ZONE) - timedelta(days=3)).date().isoformat()), "steps") == ""


def test_every_figure_leads_to_what_customers_of_the_stage_said(page):
    links = attributes(page("en", stage="service"), "href", "steps")
    assert links == ["/voices?lang=en&stage=service"] * 3
