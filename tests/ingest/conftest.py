"""What tests of the write door share: a key of their own, and an open place over a store of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import read_settings
from connectors.base import Event, Said
from ingest.opening import open_place

KEY = "0123456789abcdef0123456789abcdef"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("KLANTBLIK_KEY", KEY)


@pytest.fixture
def chosen():
    return read_settings(environ={})


@pytest.fixture
def place(tmp_path, chosen):
    opened = open_place(f"sqlite:///{tmp_path}/store.db", chosen)
    yield opened
    opened.close()


@pytest.fixture
def any_place(store_url, chosen):
    opened = open_place(store_url, chosen)
    yield opened
    opened.close()


@pytest.fixture
def shared():
    if not SHARED.is_dir():
        pytest.skip("the data sets beside the project (../shared/data) are absent")
    return SHARED


def event(id="1", text="Prima geholpen door de klantenservice", at=None, **more):
    """An event as a connector gives it; `more` goes to what was said."""
    op = more.pop("op", "upsert")
    version = more.pop("version", 1)
    said = Said(channel=more.pop("channel", "social"), text=text, **more) if op == "upsert" else None
    return Event("", id, version, op, at or datetime(2026, 3, 2, 9, tzinfo=UTC), said)
