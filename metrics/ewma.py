"""EWMA chart: an alarm whose false-alarm rate is a number in the settings, not an accident."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

LAMBDA = 0.1
POINTS = 80


@dataclass(frozen=True, slots=True)
class Chart:
    """An EWMA chart: its smoothing and its limit L in standard deviations of the smoothed statistic."""

    smoothing: float
    limit: float

    @property
    def bound(self) -> float:
        """The alarm bound on the smoothed statistic itself."""
        return self.limit * (self.smoothing / (2 - self.smoothing)) ** 0.5

    def step(self, state: float, z: float) -> float:
        """The smoothed statistic after one more standardised value z; start, and start again after an alarm, at 0."""
        return self.smoothing * z + (1 - self.smoothing) * state

    def severity(self, state: float) -> float:
        """How far the statistic stands towards its bound: 1 is an alarm."""
        return abs(state) / self.bound


def in_control_run(tiles: int, updates_per_week: float, alarms_per_week: float) -> float:
    """The run length between false alarms (updates) that keeps the whole wall within its budget.

    >>> in_control_run(30, 84, 1), in_control_run(30, 336, 1)
    (2520.0, 10080.0)
    """
    return tiles * updates_per_week / alarms_per_week


def run_length(smoothing: float, limit: float, shift: float = 0.0) -> float:
    """The mean number of updates to an alarm, two-sided, mean shifted by `shift` standard deviations (Crowder 1987).

    Solves the integral equation on 80 Gauss-Legendre points.

    >>> round(run_length(0.5, 2.0), 2), round(run_length(0.05, 2.0, 1.0), 2)
    (26.45, 8.38)
    """
    nodes, weights = np.polynomial.legendre.leggauss(POINTS)
    h = limit * (smoothing / (2 - smoothing)) ** 0.5
    x = h * nodes
    kernel = _normal((x[None, :] - (1 - smoothing) * x[:, None]) / smoothing - shift) * (h * weights)[None, :] / smoothing
    lengths = np.linalg.solve(np.eye(POINTS) - kernel, np.ones(POINTS))
    start = _normal(x / smoothing - shift) * h * weights / smoothing
    return float(1 + start @ lengths)


@lru_cache(maxsize=64)
def chart_for(run: float, smoothing: float = LAMBDA) -> Chart:
    """The chart with `run` updates between false alarms (100 to a million); ValueError outside that.

    >>> round(chart_for(500).limit, 3), round(chart_for(10080, 0.2).limit, 3)
    (2.814, 3.836)
    """
    if not 100 <= run <= 1e6:
        raise ValueError(
            f"false alarms: one in {run:g} updates, expected 100 to 1,000,000. Change the budget or the update step."
        )
    from scipy.optimize import brentq

    limit, _ = brentq(lambda at: run_length(smoothing, at) / run - 1, 1.0, 6.5, xtol=1e-10, full_output=True)
    return Chart(smoothing, float(limit))


def follow(chart: Chart, values: Iterable[float]) -> list[tuple[float, bool]]:
    """The smoothed statistic and whether it alarms, per standardised value; it starts again at 0 after an alarm.

    >>> [alarm for _, alarm in follow(chart_for(500), [0, 0, 9, 9, 0])]
    [False, False, True, True, False]
    """
    state, path = 0.0, []
    for z in values:
        state = chart.step(state, z)
        alarm = abs(state) > chart.bound
        path.append((state, alarm))
        state = 0.0 if alarm else state
    return path


def _normal(x: np.ndarray) -> np.ndarray:
    return np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi)
