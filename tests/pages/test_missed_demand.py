"""Demand while closed on the journey page: what it says, the ring of a competitor, and where it stays silent."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from config.hours import parse_hours
from config.journey import load_journey
from config.language import texts
from config.settings import settings
from metrics.intervals import Interval
from metrics.reachability import Closed
from pages import demand_map, missed_demand
from pages.missed_demand import caption, finding, hours_text
from pages.opening import answered_hours, open_hours
from reports.demand import Missed, OfChannel
from reports.names import Names
from tests.pages.conftest import MONDAY
from tests.pages.screens import charts, opened, said

NL, EN = texts("nl"), texts("en")
JOURNEY = load_journey("airline")
WEEK = np.ones((7, 24))


def of(channel="phone", wanted=20.0, missed=4.0, advise=True):
    closed = (Closed(5, 10, Interval(2.5, 1.4, 3.9), advise),)
    hours = parse_hours("mon-fri 08:00-18:00, sat 09:00-17:30", "hours")
    return OfChannel(channel, hours, wanted, Interval(missed, missed / 2, missed * 2), int(8 * wanted), closed)


def found(*channels, rival=True):
    return Missed(channels or (of(), of("chat", 30.0, 1.0)), WEEK, WEEK > 0, WEEK > 0 if rival else None, 3.0 if rival else 0.0)


@pytest.mark.parametrize(("t", "words"), [(NL, "de meeste per telefoon (4,0)"), (EN, "most by phone (4.0)")])
def test_the_answer_gives_share_customers_a_week_and_the_channel(t, words):
    spoken = finding(found(), Names(t, JOURNEY))
    assert "10%" in spoken and words in spoken.lower()
    assert finding(found(of(missed=0.0)), Names(t, JOURNEY)) == t("missed.none")


def test_what_a_competitor_catches_is_said_only_where_its_hours_are_known():
    assert "3,0 van de 5,0" in caption(found(), NL) and caption(found(rival=False), NL) == NL("missed.how")


@pytest.mark.parametrize(("t", "text"), [(NL, "ma–vr 8.00–18.00, za 9.00–17.30"), (EN, "Mon–Fri 8:00–18:00, Sat 9:00–17:30")])
def test_hours_are_written_as_people_do(t, text):
    assert hours_text(of().hours, t) == text


def test_a_competitor_is_a_ring_around_a_closed_hour_only(monkeypatch):
    drawn = []
    monkeypatch.setattr(demand_map, "draw", lambda chart, *rest: drawn.append(chart.to_dict()))
    is_open, rival = np.ones((7, 24), bool), np.zeros((7, 24), bool)
    is_open[0, 3] = is_open[0, 4] = False
    rival[0, 4] = rival[0, 9] = True
    demand_map.heat(WEEK, is_open, NL, rival)
    rings = [layer for layer in drawn[0]["layer"] if layer["mark"].get("shape") == "circle"]
    rows = rings[0]["data"]["values"]
    assert [(row["day"], row["hour"]) for row in rows] == [(0, 4)]
    demand_map.heat(WEEK, is_open, NL)
    assert not [layer for layer in drawn[1]["layer"] if layer["mark"].get("shape") == "circle"]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_section_stands_on_the_page_with_a_table_per_channel(store, monkeypatch, lang):
    monkeypatch.setattr(missed_demand, "missed_demand", lambda *_: found())
    at = opened("journey", store("demo"), monkeypatch, lang=lang, stage="service", **MONDAY)
    t = texts(lang)
    assert not at.exception and t("missed.how") in said(at, "missed") and charts(at)
    spoken = said(at, "missed-by-channel")
    assert "n 160" in spoken and "20%" in spoken and t("missed.worth") in spoken
    assert not said(at, "reach")  # one map of demand, not two


def test_without_hours_the_page_shows_the_demand_alone(store, monkeypatch):
    monkeypatch.setattr(missed_demand, "missed_demand", lambda *_: None)
    at = opened("journey", store("demo"), monkeypatch, lang="nl", stage="service", **MONDAY)
    assert not at.exception and said(at, "reach") and not said(at, "missed")


def test_the_roster_takes_the_journeys_hours_or_else_the_walls(monkeypatch):
    both = answered_hours(JOURNEY)
    assert both[0, 21] and not both[0, 22] and not both[6, 8]  # the chat until ten, closed on Sunday before nine
    monkeypatch.setenv("KLANTBLIK_WALL_OPENING", "mon 08:00-12:00")
    settings.cache_clear()
    bare = SimpleNamespace(hours={"store": "mon 01:00-02:00"})
    assert (answered_hours(bare) == open_hours("mon 08:00-12:00")).all()  # type: ignore[arg-type]
