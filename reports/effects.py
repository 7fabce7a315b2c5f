"""What became of each change: the weeks before and after it, what would have happened otherwise, and the verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from config.journey import Journey
from metrics.effect import TOO_EARLY, Effect, effect
from metrics.evidence import TOO_FEW
from metrics.weekly import Week
from metrics.weeks import shifted, week_of
from reports.week import weekly
from store.engine import Engine, instant
from store.people.changes import Change

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Outcome:
    """One change with its effect, None until it started. `weeks` and `marks` are the series that it rests on.

    `start` is the position of its first week in them, `ramp` its run-up weeks; `controls` names the untouched stages used;
    `touched` counts the contacts in the cell since the start; `per_euro` is marks per 1,000 euros, NaN without a shown effect.
    """

    change: Change
    effect: Effect | None
    weeks: tuple[int, ...] = ()
    marks: tuple[float, ...] = ()
    start: int = 0
    ramp: int = 0
    controls: tuple[str, ...] = ()
    touched: float = 0.0

    @property
    def per_euro(self) -> float:
        """The shown effect per 1,000 euros spent."""
        run = self.effect.free if self.effect else None
        if run is None or not self.change.cost_eur or self.effect is None or self.effect.verdict != "shown":
            return math.nan
        return run.effect.value / (self.change.cost_eur / 1000)


def last_whole_week(engine: Engine, journey: Journey, zone: ZoneInfo, now: datetime) -> Week:
    """The card of the last week that is over: a part week would weigh as much as a whole one."""
    return weekly(engine, journey, shifted(week_of(now.date()), -1), zone, now)


def outcome(change: Change, card: Week, zone: ZoneInfo) -> Outcome:
    """The effect of a change on the weekly marks of its stage (and channel), held against the stages that it did not touch."""
    if not change.started_at:
        return Outcome(change, None)
    weeks = tuple(point.week for point in card.points)
    began = week_of(instant(change.started_at).astimezone(zone).date())
    cell = card.cell(change.stage, change.channel) if change.channel in card.channels else card.row(change.stage)
    series = np.array(cell.series, float)
    known = np.isfinite(series)
    if began not in weeks or not known.any():
        return Outcome(change, Effect(TOO_EARLY))
    names, controls = _untouched(card, change, known)
    kept = np.flatnonzero(known)
    start = int((kept < weeks.index(began)).sum())
    ramp = math.ceil(change.ramp_days / DAYS_A_WEEK)
    found = effect(series[kept], start, ramp=ramp, controls=controls[kept] if names else None)
    shown = tuple(weeks[i] for i in kept)
    touched = cell.n if cell.status != TOO_FEW else 0.0
    return Outcome(change, found, shown, tuple(series[kept].tolist()), start, ramp, names, touched)


def _untouched(card: Week, change: Change, known: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
    """Stages measured in every week that the touched cell was measured in, other than its own."""
    rows = [row for row in card.rows if row.stage != change.stage and np.isfinite(np.array(row.series, float)[known]).all()]
    columns = [np.array(row.series, float) for row in rows]
    return tuple(row.stage for row in rows), np.column_stack(columns) if columns else np.empty((len(known), 0))
