"""Demand while closed: who wanted contact on a channel at an hour when nobody answers it, and whether a competitor would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from config.hours import Hours, parse_hours
from config.journey import Journey
from metrics.intervals import Interval, poisson
from metrics.privacy import may_show
from metrics.reachability import Closed, closed_hours, smooth
from store.engine import Engine
from store.reads.scorecard import level_frame

COMPETITORS = "competitors"
WEEKS, HOUR_S = 8, 3600
OPEN_FROM = 30  # minutes of an hour from which it counts as open


@dataclass(frozen=True, slots=True)
class OfChannel:
    """A channel with hours: customers `wanted` per week, and those `missed` while it was closed (exact Poisson); n of 8 weeks."""

    channel: str
    hours: Hours
    wanted: float
    missed: Interval
    n: int
    closed: tuple[Closed, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """A stage's demand on the channels that have hours: per week and hour of the week (7, 24), smoothed, day 0 is Monday.

    `is_open`: most of an hour's customers found somebody. `rival`: a competitor answers then, None where that is not known;
    `to_rival` of those missed per week came while one does.
    """

    channels: tuple[OfChannel, ...]
    per_week: np.ndarray
    is_open: np.ndarray
    rival: np.ndarray | None
    to_rival: float

    @property
    def wanted(self) -> float:
        """Customers per week on all channels with hours."""
        return sum(one.wanted for one in self.channels)

    @property
    def missed(self) -> float:
        """Those among them who came while their channel was closed."""
        return sum(one.missed.value for one in self.channels)


def missed_demand(engine: Engine, journey: Journey, stage: str, zone: ZoneInfo, now: datetime) -> Missed | None:
    """The stage's demand of the 8 weeks up to `now` (local) against the journey's hours; None without hours or customers.

    A channel of fewer than 5 contacts is left out (privacy floor).
    """
    of = {name: parse_hours(text, name) for name, text in journey.hours.items()}
    rival = grid_of(of.pop(COMPETITORS)) if COMPETITORS in of else None
    asked = asked_by_hour(engine, journey.id, stage, list(of), zone, now)
    grids = {name: grid for name, grid in asked.items() if may_show(int(grid.sum()))}
    if not grids:
        return None
    grid = np.sum(list(grids.values()), axis=0)
    shut = np.sum([found * ~grid_of(of[name]) for name, found in grids.items()], axis=0)
    met = float(shut[rival].sum()) / WEEKS if rival is not None else 0.0
    channels = tuple(_of_channel(name, of[name], found) for name, found in grids.items())
    always = np.logical_or.reduce([grid_of(of[name]) for name in grids])
    is_open = np.where(grid > 0, shut <= grid / 2, always)
    return Missed(channels, smooth(grid, WEEKS)[0], is_open, rival, met)


def grid_of(hours: Hours) -> np.ndarray:
    """Whether it is open, per hour of the week (7, 24): an hour counts from half of it on.

    >>> int(grid_of(parse_hours("mon 08:30-09:15", "hours")).sum())
    1
    """
    return np.array([[hours.open_minutes(day, hour) >= OPEN_FROM for hour in range(24)] for day in range(7)])


def asked_by_hour(
    engine: Engine, journey: str, stage: str, channels: Sequence[str], zone: ZoneInfo, now: datetime
) -> dict[str, np.ndarray]:
    """Contacts of the 8 weeks up to `now` (local) per channel and hour of the week (7, 24), day 0 is Monday."""
    last = int(now.timestamp() // HOUR_S) - 1
    frame: Any = level_frame(engine, "hour", journey, last - WEEKS * 7 * 24 + 1, last, stage=stage, metric="contacts")
    grids = {name: np.zeros((7, 24)) for name in channels}
    own = frame[frame["channel"].isin(list(channels))]
    for (channel, bucket), n in own.groupby(["channel", "bucket"])["n"].sum().items():
        local = datetime.fromtimestamp(int(bucket) * HOUR_S, UTC).astimezone(zone)
        grids[str(channel)][local.weekday(), local.hour] += n
    return grids


def _of_channel(name: str, hours: Hours, grid: np.ndarray) -> OfChannel:
    is_open = grid_of(hours)
    shown = poisson(float(grid[~is_open].sum()))
    missed = Interval(*(end / WEEKS for end in (shown.value, shown.low, shown.high)))
    return OfChannel(name, hours, float(grid.sum()) / WEEKS, missed, int(grid.sum()), tuple(closed_hours(grid, is_open, WEEKS)))
