"""The inside-out meter: per stage the part of what we know that customers said."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from config.journey import load_journey
from reports import provenance
from reports.provenance import Evidence, evidence_by_stage, whole

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 25, 9, tzinfo=ZONE)


def test_customers_come_from_the_rollups_and_employees_from_their_own_words(monkeypatch):
    asked = {}
    rows = [("fly", "contacts", 40), ("fly", "contacts", 2), ("fly", "sentiment", 99), ("gone", "contacts", 7)]

    def day_frame(engine, journey, first, last):
        asked["days"] = (journey, first, last)
        return pd.DataFrame(rows, columns=["stage", "metric", "n"])

    def employees_heard(engine, journey, from_ms, to_ms):
        asked["from"] = datetime.fromtimestamp(from_ms / 1000, ZONE)
        return {"fly": 3, "book": 2}

    monkeypatch.setattr(provenance, "day_frame", day_frame)
    monkeypatch.setattr(provenance, "employees_heard", employees_heard)
    found = evidence_by_stage(None, load_journey("airline"), NOW)  # type: ignore[arg-type]
    assert asked["days"] == ("airline", 20261029, 20261125) and asked["from"] == datetime(2026, 10, 29, tzinfo=ZONE)
    assert found["fly"] == Evidence(42, 3) and found["book"] == Evidence(0, 2) and found["orient"] == Evidence(0, 0)
    assert next(iter(found)) == "orient" and whole(found) == Evidence(42, 5)


def test_the_share_is_of_all_that_was_said_and_nothing_has_none():
    assert Evidence(30, 10).share == 0.75 and Evidence(0, 3).share == 0 and Evidence(0, 0).share is None
