"""How many people each hour of the week takes, by Erlang C, from what customers ask and what is assumed of the work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from metrics.erlang import staff_needed
from metrics.reachability import smooth
from store.engine import Engine
from store.reads.scorecard import level_frame

WEEKS, HOUR_S = 8, 3600
ANSWERED_BY = ("phone", "chat")


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is assumed of the work: seconds per customer, share (0-1) helped within `target` s, paid time not on calls (0-1)."""

    handling: float = 360.0
    share: float = 0.8
    target: float = 30.0
    shrinkage: float = 0.3


def asked_per_hour(engine: Engine, journey: str, zone: ZoneInfo, now: datetime) -> np.ndarray:
    """Contacts by phone and chat per hour of the week (7, 24; day 0 is Monday), all stages, mean of 8 weeks, smoothed."""
    last = int(now.timestamp() // HOUR_S) - 1
    frame: Any = level_frame(engine, "hour", journey, last - WEEKS * 7 * 24 + 1, last)
    own = frame[(frame["metric"] == "contacts") & frame["channel"].isin(ANSWERED_BY)]
    grid = np.zeros((7, 24))
    for bucket, n in own.groupby("bucket")["n"].sum().items():
        local = datetime.fromtimestamp(int(str(bucket)) * HOUR_S, UTC).astimezone(zone)
        grid[local.weekday(), local.hour] += n
    return smooth(grid, WEEKS)[0] if grid.any() else grid


def roster(per_hour: np.ndarray, assumed: Assumed) -> np.ndarray:
    """People on the roster per hour of the week (7, 24); 0 where hardly anybody asks (under one customer in ten weeks).

    >>> int(roster(np.full((7, 24), 200.0), Assumed(180, 0.8, 20, 0.0))[0, 0])
    14
    """
    needed: dict[float, int] = {}
    out = np.zeros(per_hour.shape, int)
    for at, rate in np.ndenumerate(np.round(per_hour, 2)):
        calls = float(rate)
        if calls >= 0.1:
            if calls not in needed:
                needed[calls] = staff_needed(
                    calls, HOUR_S, assumed.handling, assumed.target, assumed.share, shrinkage=assumed.shrinkage
                )
            out[at] = needed[calls]
    return out
