"""Longer ranges of a frame: the last 28 days and this calendar month, for slides that ask for them.

They are made of whole days, so that they change slowly and are computed with what a frame keeps for a while; a silent source does
not make four weeks old, so nothing in them is late.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.journey import Journey
from metrics.promise import Expectation
from metrics.scorecard import Scorecard
from pages.wall import extras, kept
from pages.wall.stages import Stage, build_stages, headline, marks
from store.people.promises import Promise
from store.reads.wall import Columns, Fresh, Slow, days_before, range_days

ORDER = {"broken": 0, "more": 1, "kept": 2, "unproven": 3}


def ranges(
    slow: Slow,
    days: Scorecard | None,
    journey: Journey,
    expected: Mapping[str, Expectation | None],
    promises: list[Promise],
    today: int,
    now_ms: int,
) -> dict[str, Any]:
    """Per range (28d, month): `from` (a day bucket), headline, stages with their marks per day, biggest gap and promises."""
    return {
        name: {"from": first, **_range(name, first, today, slow, days, journey, expected, promises, now_ms)}
        for name, first in range_days(today).items()
    }


def promise_rows(hard: list[dict[str, Any]], promises: list[Promise], stages: list[Stage]) -> list[dict[str, Any]]:
    """Every promise, hard and soft, those that are broken first."""
    rows = [*hard, *kept.soft_rows(promises, {stage.row["id"]: stage for stage in stages})]
    return sorted(rows, key=lambda row: (ORDER[row["verdict"]], row["code"]))


def _range(
    name: str,
    first: int,
    today: int,
    slow: Slow,
    days: Scorecard | None,
    journey: Journey,
    expected: Mapping[str, Expectation | None],
    promises: list[Promise],
    now_ms: int,
) -> dict[str, Any]:
    windows = _since(slow.days, first, name)
    stages = build_stages(journey, marks(windows, journey, (name,)), expected, {}, now_ms, (name,))
    for i, stage in enumerate(stages):
        stage.row["spark"] = _by_day(days, i, first, today)
    hard = kept.hard_rows(promises, Fresh(windows, slow.range_bins, {}, {}, [], []), now_ms, (name,))
    return {
        "headline": headline(stages, journey),
        "stages": [stage.row for stage in stages],
        "biggest": kept.biggest(hard, stages),
        "promises": promise_rows(hard, promises, stages),
    }


def _by_day(days: Scorecard | None, stage: int, first: int, today: int) -> list[float | None]:
    """A stage's mark per calendar day up to today; days of fewer than five customers are left open."""
    place = {int(bucket): i for i, bucket in enumerate(days.axes["bucket"])} if days else {}
    span, day = [], today
    while day >= first:
        at = place.get(day)
        span.append(None if days is None or at is None else extras.shown_value((at, stage, 0), days.stages))
        day = days_before(day, 1)
    return span[::-1]


def _since(days: Columns, first: int, name: str) -> Columns:
    """The sums per day from a day on, as one window."""
    keep = [i for i, bucket in enumerate(days.get("bucket", [])) if bucket >= first]
    columns = {column: [values[i] for i in keep] for column, values in days.items()}
    return {**columns, "bucket": [name] * len(keep)}
