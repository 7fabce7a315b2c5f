"""The journey page: one stage in depth, the map of demand with closed hours, coverage, and the questions to ask."""

from __future__ import annotations

import json

import numpy as np
import pytest

from config.language import texts
from pages import demand_map
from pages.demand_map import tip
from pages.journey import fact_text
from pages.opening import open_hours
from tests.pages.conftest import MONDAY
from tests.pages.screens import attributes, charts, opened, said

SECTIONS = ("answer", "channels", "facts", "groups", "coverage", "survey")


@pytest.fixture
def at(store, monkeypatch):
    return opened("journey", store("demo"), monkeypatch, lang="nl", stage="service", **MONDAY)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_section_is_there_in_both_languages(store, monkeypatch, lang):
    at = opened("journey", store("demo"), monkeypatch, lang=lang, stage="service", **MONDAY)
    assert not at.exception
    for section in SECTIONS:
        assert said(at, section), section


def test_the_answer_names_the_stage_its_mark_and_the_way_to_the_voices(at):
    assert "Vraag of klacht: beleving" in said(at, "answer")
    assert any("stage=service" in link for link in attributes(at, "href", "answer"))


def test_channels_are_compared_without_the_noise(at):
    assert "Dezelfde vraag, een ander antwoord" in said(at, "channels") or "verschillen niet aantoonbaar" in said(at, "channels")


def test_waits_are_told_as_people_live_them(at):
    assert "de helft binnen" in said(at, "facts") and "negen van de tien binnen" in said(at, "facts")


def test_every_stage_and_channel_stands_on_the_coverage_map(at):
    spoken = said(at, "coverage")
    for name in ("Oriënteren", "Blijven of gaan", "Chat", "Enquête"):
        assert name in spoken


def test_the_demand_map_is_drawn_by_day_and_hour(at):
    assert any('"hour"' in json.dumps(spec) and '"day"' in json.dumps(spec) for spec in charts(at))


def test_the_demand_map_covers_the_whole_week_and_crosses_what_is_closed(monkeypatch):
    drawn = []
    monkeypatch.setattr(demand_map, "draw", lambda chart, *rest: drawn.append(chart.to_dict()))
    is_open = np.ones((7, 24), bool)
    is_open[6] = False
    demand_map.heat(np.ones((7, 24)), is_open, texts("nl"))
    cells, crosses = (layer["data"]["values"] for layer in drawn[0]["layer"])
    assert len(cells) == 7 * 24
    assert {row["day"] for row in crosses} == {6} and len(crosses) == 24


def test_seven_questions_at_most_each_with_where_it_came_from(at):
    spoken = said(at, "survey")
    assert "(rapportcijfer, 1 tot 10)" in spoken and "aanbeveelt" in spoken and "(B-" in spoken


def test_an_unknown_stage_in_the_address_falls_back_to_the_worst(store, monkeypatch):
    at = opened("journey", store("demo"), monkeypatch, lang="nl", stage="moon", **MONDAY)
    assert not at.exception
    assert "beleving" in said(at, "answer")


@pytest.mark.parametrize("name", ["empty", "stale"])
def test_it_opens_without_fresh_data(store, monkeypatch, name):
    assert not opened("journey", store(name), monkeypatch, lang="nl").exception


def test_opening_hours_become_hours_of_the_week():
    grid = open_hours("mon-fri 08:00-22:00, sat 09:00-17:00")
    assert grid.shape == (7, 24)
    assert grid[0, 8] and not grid[0, 7] and not grid[0, 22]
    assert grid[5, 16] and not grid[5, 17] and not grid[6].any()
    assert open_hours("").all()


def test_a_cell_says_when_how_many_and_whether_anybody_is_there():
    per_week = np.zeros((7, 24))
    per_week[6, 4] = 2.5
    closed = np.zeros((7, 24), bool)
    assert tip(6, 4, per_week, closed, texts("nl")) == "zondag 4–5 uur: 2,5 per week, gesloten"


def test_a_duration_that_was_never_reached_says_so():
    from types import SimpleNamespace

    from metrics.intervals import Interval
    from reports.stage import Fact

    visit = SimpleNamespace(t=texts("en"))
    unknown = Fact("wait", "phone", Interval(float("inf"), float("inf"), float("inf")), 3.0)
    assert fact_text(unknown, visit) == "not reached"
    assert fact_text(Fact("abandoned", "phone", Interval(0.05, 0.03, 0.08), 400.0), visit).startswith("5%")


def test_who_waits_longer_than_promised_is_told_with_its_bar(at):
    spoken = said(at, "pain")
    assert spoken.startswith("Wachtpijn:") and "(belofte)" in spoken and "n" in spoken


def test_staff_by_hour_follows_what_the_reader_assumes_and_says_what_that_is(at):
    before = said(at, "staff")
    assert "Erlang C" in before and "6,0 minuten per klant" in before
    after = at.number_input(key="staff-handling").set_value(30.0).run()
    assert not after.exception and said(after, "staff") != before and "30,0 minuten per klant" in said(after, "staff")


def test_a_touchpoint_is_edited_on_screen_and_its_versions_stand_under_it(own, monkeypatch):
    url, t = own("demo"), texts("nl")
    at = opened("journey", url, monkeypatch, lang="nl", stage="service", **MONDAY)
    for label, words in (("edit_name_nl", "Chat"), ("edit_why", "De bot is nieuw")):
        next(f for f in at.text_input if f.label == t(f"journey.{label}")).set_value(words)
    next(f for f in at.text_area if f.label == t("journey.column_to_be")).set_value("Een mens binnen een minuut")
    next(f for f in at.text_input if str(f.key) == "who-touchpoint").set_value("Sanne")
    at = next(b for b in at.button if b.label == t("journey.edit_save")).click().run()
    assert not at.exception and at.success
    spoken = said(at, "touchpoints")
    assert "Een mens binnen een minuut" in spoken and "versie 1: Chat" in spoken and "door Sanne: De bot is nieuw" in spoken


def test_a_touchpoint_without_a_reason_is_not_kept(own, monkeypatch):
    t = texts("nl")
    at = opened("journey", own("demo"), monkeypatch, lang="nl", stage="service", **MONDAY)
    next(f for f in at.text_input if f.label == t("journey.edit_name_nl")).set_value("Chat")
    next(f for f in at.text_input if str(f.key) == "who-touchpoint").set_value("Sanne")
    at = next(b for b in at.button if b.label == t("journey.edit_save")).click().run()
    assert at.error[0].value == t("journey.error_touchpoint") and said(at, "touchpoints") == ""
