"""One stage in depth: consistency between channels, what went wrong on the way, who lives it how, and when customers call."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from config.journey import Journey
from metrics.bins import quantile
from metrics.consistency import Consistency, channel_spread
from metrics.evidence import TOO_FEW
from metrics.gap import gap, gap_shape
from metrics.intervals import Z95, Interval, wilson
from metrics.privacy import may_show
from metrics.reachability import Closed, closed_hours, smooth
from metrics.registry import metrics
from metrics.scorecard import scorecard
from metrics.weekly import Cell, Week
from metrics.weeks import day_key
from reports.demand import WEEKS, asked_by_hour
from reports.guarding import groups_hidden
from store.engine import Engine
from store.people.touchpoints import Touchpoint
from store.reads.scorecard import bins_frame, day_frame, week_frame

DAYS = 28
REACHED_BY = ("phone", "chat", "email", "social", "web", "app", "store")
SEGMENT_ORDER = ("new", "existing", "critical", "left", "choosing")


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of the stage over 28 days: a share with its interval, or a duration's median with its 90th percentile (s)."""

    metric: str
    channel: str
    shown: Interval
    n: float
    upper: float = math.nan


@dataclass(frozen=True, slots=True)
class OfSegment:
    """How one customer group lived the stage in the week; of a `private` one nothing may be shown, not even `n`."""

    segment: str
    mark: Interval
    n: float
    status: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """Customers who wanted contact per hour of the week (7, 24), smoothed, and the closed hours by customers missed."""

    per_week: np.ndarray
    is_open: np.ndarray
    closed: tuple[Closed, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """A touchpoint with a target beside the week's mark of its stage on its channel; `gap` is None with too little evidence."""

    point: Touchpoint
    mark: Interval
    n: float
    gap: Interval | None
    shape: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class Depth:
    """Everything that the journey page tells of one stage."""

    stage: str
    spread: Consistency | None
    spread_channels: tuple[str, ...]
    facts: tuple[Fact, ...]
    groups: tuple[OfSegment, ...]
    demand: Demand


def depth(engine: Engine, journey: Journey, card: Week, stage: str, zone: ZoneInfo, now: datetime, is_open: np.ndarray) -> Depth:
    """The stage in depth at `now` (local); `is_open` (7, 24) tells in which hours of the week somebody is there."""
    spread, channels = _spread(card, stage)
    groups = tuple(_groups(engine, journey, card, stage))
    facts = tuple(_facts(engine, journey.id, stage, now))
    return Depth(stage, spread, channels, facts, groups, _demand(engine, journey.id, stage, zone, now, is_open))


def coverage(card: Week, journey: Journey) -> dict[str, dict[str, float | None]]:
    """Contacts of the week per stage and channel, None where they may not be told; a stage without evidence has an empty row."""
    found: dict[str, dict[str, float | None]] = {stage.id: {} for stage in journey.stages}
    for cell in card.cells:
        if cell.stage in found and cell.n > 0:
            found[cell.stage][cell.channel] = None if cell.private else cell.n
    return found


def reached(card: Week, points: Sequence[Touchpoint]) -> list[Reached]:
    """Every touchpoint that has a target against it, the furthest below first and those without evidence last.

    A target is what the company set itself, so it has no interval: the difference is as wide as the mark.
    """
    found = []
    for point in points:
        if point.target is None:
            continue
        cell = next((c for c in card.cells if (c.stage, c.channel) == (point.stage, point.channel)), None)
        found.append(_held(point, point.target, cell))
    return sorted(found, key=lambda one: (one.gap is None, one.gap.value if one.gap else 0.0))


def _held(point: Touchpoint, target: float, cell: Cell | None) -> Reached:
    if cell is None or cell.status == TOO_FEW or cell.private:
        nothing = Interval(math.nan, math.nan, math.nan)
        return Reached(point, nothing, cell.n if cell else 0.0, None, "", cell is not None and cell.private)
    off = gap(cell.mark, Interval(target, target, target))
    return Reached(point, cell.mark, cell.n, off, gap_shape(off))


def _spread(card: Week, stage: str) -> tuple[Consistency | None, tuple[str, ...]]:
    cells = [c for c in card.cells if c.stage == stage and c.status != TOO_FEW and not c.private]
    if len(cells) < 2:
        return None, tuple(c.channel for c in cells)
    parts = (np.array([getattr(c.mark, name) for c in cells]) for name in ("value", "low", "high"))
    shown = Interval(*parts)  # type: ignore[arg-type]
    variance = ((shown.high - shown.low) / (2 * Z95)) ** 2
    return channel_spread(shown, variance), tuple(c.channel for c in cells)


def _facts(engine: Engine, journey: str, stage: str, now: datetime) -> list[Fact]:
    first, last = day_key((now - timedelta(days=DAYS - 1)).date()), day_key(now.date())
    frame: Any = day_frame(engine, journey, first, last)
    own = frame[frame["stage"] == stage]
    out = []
    for (name, channel), rows in own.groupby(["metric", "channel"]):
        known = metrics().get(str(name))
        if known is None or not may_show(int(rows["n"].sum())):
            continue
        if known.kind == "share" and known.group != "none":
            share = wilson(float(rows["v"].sum()), float(rows["w"].sum()))
            out.append(Fact(str(name), str(channel), share, float(rows["n"].sum())))
        if known.kind == "duration" and known.group != "none":
            out.append(_duration(engine, journey, stage, str(name), str(channel), first, last))
    return sorted((f for f in out if f.n), key=lambda f: (f.channel, f.metric))


def _duration(engine: Engine, journey: str, stage: str, name: str, channel: str, first: int, last: int) -> Fact:
    frame: Any = bins_frame(engine, journey, name, first, last)
    own = frame[(frame["stage"] == stage) & (frame["channel"] == channel)]
    counts = {int(bin): float(n) for bin, n in own.groupby("bin")["n"].sum().items()}
    middle = quantile(counts, 0.5)
    return Fact(name, channel, Interval(middle, middle, middle), sum(counts.values()), quantile(counts, 0.9))


def _groups(engine: Engine, journey: Journey, card: Week, stage: str) -> list[OfSegment]:
    """Each customer group's mark in the stage, from one read of the week's rows."""
    frame: Any = week_frame(engine, journey.id, card.week, card.week, None)
    known = set(frame["segment"]) - {""}
    if stage not in set(frame["stage"]):
        return []
    scored = scorecard({name: frame[name].to_numpy() for name in frame.columns})
    found = scored.stages
    ordered = [s for s in SEGMENT_ORDER if s in known] + sorted(known - set(SEGMENT_ORDER))
    counts = {name: int(found.n[scored.at(bucket=card.week, stage=stage, segment=name)]) for name in ("", *ordered)}
    out, secret = [], groups_hidden(counts)
    for segment in ordered:
        at = scored.at(bucket=card.week, stage=stage, segment=segment)
        n = float(found.n[at])
        mark = Interval(float(found.value[at]), float(found.low[at]), float(found.high[at]))
        private = segment in secret
        out.append(OfSegment(segment, mark, n, TOO_FEW if private else str(found.status[at]), private))
    return out


def _demand(engine: Engine, journey: str, stage: str, zone: ZoneInfo, now: datetime, is_open: np.ndarray) -> Demand:
    grid = np.sum(list(asked_by_hour(engine, journey, stage, REACHED_BY, zone, now).values()), axis=0)
    per_week, _ = smooth(grid, WEEKS)
    return Demand(per_week, is_open, tuple(closed_hours(grid, is_open, WEEKS)))
