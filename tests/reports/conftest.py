"""The example company, read once for all tests of reports."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from config.journey import load_journey
from config.language import texts
from reports.names import Names
from reports.promised import judged
from tests.pages import example
from tests.store.people_store import fresh


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The store of the example."""
    engine = fresh(tmp_path_factory.mktemp("reports"))
    example.fill(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def zone():
    """The company's zone."""
    return ZoneInfo("Europe/Amsterdam")


@pytest.fixture(scope="session")
def now(zone):
    """Monday at nine, after week 47."""
    return datetime(2026, 11, 23, 9, tzinfo=zone)


@pytest.fixture(scope="session")
def journey():
    """The airline's journey."""
    return load_journey("airline")


@pytest.fixture(scope="session")
def register(demo, journey, zone, now):
    """Every promise of the example with its verdict, over the month that is over."""
    return judged(demo, journey, zone, now)


@pytest.fixture(params=["nl", "en"])
def names(request, journey):
    """The words of each language in turn."""
    return Names(texts(request.param), journey)
