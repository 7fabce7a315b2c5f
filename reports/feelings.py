"""Frustration and delight of one stage in one week."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from metrics.feelings import DELIGHTED, FRUSTRATED, Feelings, feelings
from metrics.weeks import shifted, start_ms
from store.engine import Engine
from store.reads.feelings import tones


def of_week(engine: Engine, journey: str, stage: str, week: int, zone: ZoneInfo, now_ms: int) -> Feelings:
    """What customers felt in the stage in an ISO week (local to `zone`), up to and including `now_ms` (UTC epoch ms)."""
    end = min(start_ms(shifted(week, 1), zone), now_ms + 1)
    found = tones(engine, journey, stage, start_ms(week, zone), end, FRUSTRATED, DELIGHTED)
    return feelings(found.n, found.mean, found.low, found.high)
