"""Capability: the best that delivery has surely shown, in any quarter of 13 weeks, not the luckiest peak."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.intervals import wilson

Floats = NDArray[np.floating]
FEASIBLE, INFEASIBLE, UNDECIDED = "feasible", "infeasible", "undecided"
WEEKS_NEEDED, WINDOW = 26, 13
WINDOW_N, WINDOW_SE = 30, 0.3
Z90 = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Capability:
    """Whether a target can be reached: the verdict, the best quarter and its lower bound, its first week, weeks still needed."""

    verdict: str
    best: float
    best_low: float
    best_week: int
    weeks: int
    weeks_needed: int


def rolling(weekly: ArrayLike, window: int = WINDOW) -> Floats:
    """Sums over every `window` consecutive weeks, weeks on the first axis.

    >>> rolling([1, 2, 3, 4], 2).tolist()
    [3.0, 5.0, 7.0]
    """
    running = np.cumsum(np.asarray(weekly, float), axis=0)
    lead = np.zeros((1, *running.shape[1:]))
    total = np.concatenate([lead, running])
    return total[window:] - total[:-window] if len(running) >= window else np.empty((0, *running.shape[1:]))


def soft_capability(mark: ArrayLike, se: ArrayLike, n: ArrayLike, target: float, weeks: int) -> Capability:
    """Whether a mark `target` can be reached, from the mean mark, standard error and n of each rolling quarter.

    Feasible when the lower 95% bound of some quarter reached it, infeasible when not even the luckiest quarter's mean did. Only
    quarters with 30 cases and a standard error up to 0.3 count; `weeks` is how many weeks of data there are (26 needed).

    >>> soft_capability([7.2, 7.9], [0.1, 0.1], [90, 90], 7.5, weeks=40).verdict
    'feasible'
    """
    q, spread, cases = (np.asarray(part, float) for part in (mark, se, n))
    usable = (cases >= WINDOW_N) & (spread <= WINDOW_SE) & np.isfinite(q)
    return _judge(q, q - Z90 * spread, usable, target, weeks)


def hard_capability(kept: ArrayLike, n: ArrayLike, pi: float) -> Capability:
    """Whether a share `pi` can be kept, from the cases kept and counted per week (oldest first), by rolling quarters.

    >>> hard_capability([45] * 30, [50] * 30, 0.85).verdict, hard_capability([30] * 30, [50] * 30, 0.85).verdict
    ('feasible', 'infeasible')
    """
    weekly = np.asarray(n, float)
    cases = rolling(weekly)
    shown = wilson(rolling(kept), cases, z=Z90)
    return _judge(np.asarray(shown.value), np.asarray(shown.low), cases >= WINDOW_N, pi, int((weekly > 0).sum()))


def reachable(capability: Capability) -> float:
    """C of metrics.md 4: the mark or share that delivery has surely reached; NaN when no quarter counts."""
    return capability.best_low


def _judge(q: Floats, low: Floats, usable: NDArray[np.bool_], target: float, weeks: int) -> Capability:
    needed = max(0, WEEKS_NEEDED - weeks)
    if not usable.any():
        return Capability(UNDECIDED, math.nan, math.nan, -1, weeks, max(needed, 1))
    best, surest = float(q[usable].max()), float(low[usable].max())
    at = int(np.flatnonzero(usable)[low[usable].argmax()])
    verdict = FEASIBLE if surest >= target else INFEASIBLE if best < target else UNDECIDED
    if needed:
        verdict = UNDECIDED
    waits = needed or (_more_weeks(best, surest, target, weeks) if verdict == UNDECIDED else 0)
    return Capability(verdict, best, surest, at, weeks, waits)


def _more_weeks(best: float, low: float, target: float, weeks: int) -> int:
    """Weeks until the best quarter's lower bound would reach the target if its mean held (its distance shrinks by root n)."""
    room = best - target
    if room <= 0 or best <= low:
        return WINDOW
    factor = ((best - low) / room) ** 2
    return min(104, max(1, math.ceil(WINDOW * (factor - 1))))
