"""The span that frustration and delight are counted over: the local week, never past the moment shown."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from metrics.feelings import feelings
from reports import feelings as report
from store.reads.feelings import Tones

ZONE = ZoneInfo("Europe/Amsterdam")


def at(*parts: int) -> int:
    return round(datetime(*parts, tzinfo=ZONE).timestamp() * 1000)  # type: ignore[arg-type]


def test_the_week_is_local_and_ends_with_now(monkeypatch):
    asked = []

    def tones(*query):
        asked.append(query[3:])
        return Tones(40, 5.9, 12, 13)

    monkeypatch.setattr(report, "tones", tones)
    for now in (at(2026, 11, 25, 9), at(2026, 12, 25, 9)):
        assert report.of_week(None, "airline", "fly", 202648, ZONE, now) == feelings(40, 5.9, 12, 13)  # type: ignore[arg-type]
    assert asked == [
        (at(2026, 11, 23), at(2026, 11, 25, 9) + 1, 3.25, 7.75),
        (at(2026, 11, 23), at(2026, 11, 30), 3.25, 7.75),
    ]
