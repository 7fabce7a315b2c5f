"""Stores for the tests of pages: an empty one, a made-up demo, one whose messages are ten years old, and one of tweets alone."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
import streamlit as st
from altair.utils import schemapi

from config.settings import settings
from pages import charts
from pages import sheet as sheets
from tests.pages import example, tweets
from tests.store.people_store import fresh

STALE = date(2015, 2, 22)
MONDAY = {"as_of": "2026-11-23T09:00:00+01:00"}


@pytest.fixture(autouse=True)
def no_head_start(monkeypatch):
    """No browser paints here: nothing to wait for."""
    monkeypatch.setattr(sheets, "HEAD_START_S", 0.0)


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The stores, by name, as files that no test writes to."""
    folder = tmp_path_factory.mktemp("stores")
    out = {}
    for name in ("empty", "demo", "stale", "tweets"):
        place = folder / name
        place.mkdir()
        if name == "tweets":
            tweets.fill(f"sqlite:///{place}/store.db")
            out[name] = place / "store.db"
            continue
        engine = fresh(place)
        if name == "demo":
            example.fill(engine)
        if name == "stale":
            example.fill(engine, weeks=6, last=STALE, demo=False)
        engine.dispose()
        out[name] = place / "store.db"
    return out


@pytest.fixture
def store(made):
    """`store("demo")` gives the URL of a shared store that is only read."""
    return lambda name: f"sqlite:///{made[name]}"


@pytest.fixture
def own(made, tmp_path):
    """`own("demo")` gives the URL of a copy that this test may write to."""

    def copy(name: str) -> str:
        file = tmp_path / "own.db"
        for source in made[name].parent.glob("store.db*"):
            shutil.copy(source, tmp_path / source.name.replace("store", "own"))
        return f"sqlite:///{file}"

    return copy


@pytest.fixture(autouse=True)
def _charts_are_held_against_their_schema(monkeypatch):
    """What the pages leave out for speed: a chart that Vega-Lite would not take is an error here."""
    monkeypatch.setattr(charts, "CHECKED", True)
    schemapi.enable_debug_mode()
    yield
    schemapi.disable_debug_mode()


@pytest.fixture(autouse=True)
def _forget():
    """No test sees what another one cached."""
    st.cache_data.clear()
    yield
    settings.cache_clear()
