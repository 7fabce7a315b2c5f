"""What customers say they expected, from surveys into each stage's expectation: measured, it outweighs what marketing guessed."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from metrics.promise import SURVEY_FROM
from metrics.weeks import shifted, start_ms, week_of
from store.people.expectations import Expectation, expectations, save_expectation
from store.people.journeys import journeys
from store.reads.scorecard import week_frame

METRIC, SOURCE = "expectation", "survey"
WEEKS = 13  # a quarter: enough answers, and still what customers expect now
EVERY_MS = 28 * 86_400_000


def refresh_expectations(engine: Any, now_ms: int, zone: ZoneInfo) -> list[str]:
    """Write what was stated in the 13 whole weeks before, for each stage with 10 answers or more; the stages that were written.

    At most once in four weeks for a stage, and in force from now on: what past weeks were held against never changes.
    """
    journey = next(iter(journeys(engine)), "")
    if not journey:
        return []
    week = week_of(datetime.fromtimestamp(now_ms / 1000, zone).date())
    frame = week_frame(engine, journey, shifted(week, -WEEKS), shifted(week, -1))
    from_ms = start_ms(week, zone)
    recent = {e.stage for e in expectations(engine, journey) if e.source == SOURCE and e.from_at > from_ms - EVERY_MS}
    found = [summed(journey, stage, rows, from_ms) for stage, rows in _answers(frame) if stage not in recent]
    kept = [one for one in found if one.n >= SURVEY_FROM]
    for one in kept:
        save_expectation(engine, one, "ingest", now_ms)
    return [one.stage for one in kept]


def summed(journey: str, stage: str, rows: Any, from_ms: int) -> Expectation:
    """The mean of the answers in these rollup rows and the variance of that mean (s^2 / n with n - 1), in marks."""
    n, w, m1, m2 = (float(rows[name].sum()) for name in ("n", "w", "m1", "m2"))
    mean = m1 / w
    spread = max(0.0, m2 / w - mean**2)
    variance = spread / (n - 1) if n > 1 else math.nan
    return Expectation(journey, stage, mean, variance, round(n), from_ms, source=SOURCE)


def _answers(frame: pd.DataFrame) -> list[tuple[str, Any]]:
    told = frame[(frame["metric"] == METRIC) & (frame["stage"] != "") & (frame["w"] > 0)]
    return [(str(stage), rows) for stage, rows in told.groupby("stage")]
