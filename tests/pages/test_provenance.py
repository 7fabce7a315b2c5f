"""Customer or employee: the meter beside the coverage map, and the filter on Voices."""

from __future__ import annotations

import pytest
import streamlit as st

from config.journey import load_journey
from config.language import texts
from pages import provenance as section
from pages.provenance import finding
from reports.names import Names
from reports.provenance import Evidence
from store.engine import open_store, writing
from tests.pages.conftest import MONDAY
from tests.pages.screens import opened, said

NL, EN = texts("nl"), texts("en")
JOURNEY = load_journey("airline")
MIXED = {"orient": Evidence(0, 0), "book": Evidence(3, 0), "fly": Evidence(90, 10)}


@pytest.fixture
def meter(store, monkeypatch):
    """`meter(found, lang)`: the journey page with this evidence."""

    def of(found, lang="nl"):
        st.cache_data.clear()
        monkeypatch.setattr(section, "evidence_by_stage", lambda *_: found)
        return opened("journey", store("demo"), monkeypatch, lang=lang, stage="service", **MONDAY)

    return of


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_meter_tells_which_part_customers_said(meter, lang):
    at = meter(MIXED, lang)
    t, spoken = texts(lang), said(at, "provenance")
    assert not at.exception and t("provenance.how") in spoken and "90%" in spoken
    assert t("provenance.few") in spoken and "100%" not in spoken  # three customers are not told


def test_without_employees_it_is_one_line(meter):
    assert said(meter({"fly": Evidence(90, 0)}), "provenance") == NL("provenance.all")
    assert said(meter({"fly": Evidence(0, 0)}), "provenance") == ""


def test_a_stage_of_which_only_employees_speak_is_the_finding():
    names = Names(EN, JOURNEY)
    assert finding(MIXED, names) == EN("provenance.title", share="90%", n="10")
    assert finding({"fly": Evidence(9000, 3)}, names) == EN("provenance.title", share="over 99%", n="3")
    assert EN("provenance.inside", stages="Booking") == finding(MIXED | {"book": Evidence(0, 2)}, names)


def test_voices_can_be_narrowed_to_employees_who_are_named_as_such(own, monkeypatch):
    from sqlalchemy import text

    url = own("demo")
    engine = open_store(url, writer=True)
    with writing(engine) as connection:
        staff = "SELECT id FROM contact WHERE text <> '' ORDER BY happened_at DESC LIMIT 8"
        connection.execute(text(f"UPDATE contact SET provenance = 'employee' WHERE id IN ({staff})"))
    engine.dispose()
    at = opened("voices", url, monkeypatch, lang="nl", provenance="employee", **MONDAY)
    assert not at.exception and said(at, "list").count(f"· {NL('voices.by_employee')} ·") == 8
    assert NL("voices.from_employee").lower() in said(at, "title")
    other = opened("voices", url, monkeypatch, lang="nl", provenance="customer", **MONDAY)
    assert said(other, "list") and f"· {NL('voices.by_employee')} ·" not in said(other, "list")
