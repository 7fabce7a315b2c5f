"""Alarm baseline: what is normal per hour of the week for an alarm, each hour on its own.

Day and hour effects shared by many hours would make their errors go together, and an EWMA adds such errors up: measured on
over-dispersed shares, alarms then come 1.7 times too often. Hours on their own err independently, and that can be counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.baseline import HALVING_WEEKS, OBSERVED_WEEKS, WEEKS

Floats = NDArray[np.floating]
KINDS = ("share", "mark", "count")
WINSOR, KEPT_BY_WINSOR = 0.99, 0.9819


@dataclass(frozen=True, slots=True)
class AlarmBaseline:
    """Per day of the week and hour (7, 24): the normal value on the alarm's scale and its variance; phi is the over-dispersion.

    The scale: 2 asin(sqrt(share)), the mean mark, or 2 sqrt(count), where one case's noise is 1, `variance` or 1.
    Hours seen in fewer than 3 weeks are NaN: no alarm there yet. `between` is the variance by which the same hour of several
    weeks differs beyond the chance of its cases, which stays however many cases there are.
    """

    kind: str
    table: Floats
    own: Floats
    phi: float
    variance: float
    between: float = 0.0

    def z(self, day: ArrayLike, hour: ArrayLike, value: ArrayLike, n: ArrayLike) -> Floats:
        """How unusual each value is, in standard deviations: shares 0-1, mean marks or counts, with n cases (1 for a count)."""
        d, h = np.asarray(day, int), np.asarray(hour, int)
        cases = np.asarray(n, float)
        noise = self.phi * (_noise(cases, self.kind, self.variance) + self.own[d, h])
        return (_scale(np.asarray(value, float), cases, self.kind) - self.table[d, h]) / np.sqrt(noise)


def fit_alarm_baseline(
    day: ArrayLike, hour: ArrayLike, value: ArrayLike, n: ArrayLike, weeks_ago: ArrayLike, kind: str, variance: float = 1.0
) -> AlarmBaseline:
    """The alarm baseline of hourly rows of the last 8 weeks, halving every 4; holidays and alarmed hours left out by the caller.

    `value` is a share 0-1, a mean mark (`variance` is then that of marks within the cell) or a count; ValueError otherwise.
    phi is the mean square of standardised residuals, each over its leverage, the largest 1% drawn in; never below 1.
    """
    if kind not in KINDS:
        raise ValueError(f"alarm baseline: kind {kind!r}, expected one of {', '.join(KINDS)}. Choose how the value is counted.")
    ago, cases = np.asarray(weeks_ago, float), np.asarray(n, float)
    keep = (ago < WEEKS) & (cases > 0)
    cell = (np.asarray(day, int) * 24 + np.asarray(hour, int))[keep]
    g = _scale(np.asarray(value, float)[keep], cases[keep], kind)
    noise = _noise(cases[keep], kind, variance)
    weight = 2.0 ** (-ago[keep] / HALVING_WEEKS) / noise
    total = np.bincount(cell, weight, 168)
    table = np.divide(np.bincount(cell, weight * g, 168), total, out=np.full(168, np.nan), where=total > 0)
    own = np.divide(np.bincount(cell, weight**2 * noise, 168), total**2, out=np.full(168, np.nan), where=total > 0)
    rest = g - table[cell]
    leverage = 1 - 2 * weight / total[cell] + own[cell] / noise
    sure = leverage > 0.2
    squared = rest[sure] ** 2 / leverage[sure]
    seen = np.bincount(cell, minlength=168) >= OBSERVED_WEEKS
    phi = _phi(squared / noise[sure])
    usual = np.where(seen, table, np.nan).reshape(7, 24)
    return AlarmBaseline(kind, usual, own.reshape(7, 24), phi, variance, _between(phi, noise[sure]))


def _phi(squared: Floats) -> float:
    if not squared.size:
        return 1.0
    return max(1.0, float(np.minimum(squared, np.quantile(squared, WINSOR)).mean()) / KEPT_BY_WINSOR)


def _between(phi: float, noise: Floats) -> float:
    """The variance that makes chance over-dispersed by phi, at the cases that the hours have."""
    return (phi - 1) / float((1 / noise).mean()) if noise.size else 0.0


def _scale(value: Floats, n: Floats, kind: str) -> Floats:
    if kind == "share":
        return 2 * np.arcsin(np.sqrt(np.clip((value * n + 0.375) / (n + 0.75), 0, 1)))
    return 2 * np.sqrt(value + 0.375) if kind == "count" else value


def _noise(n: Floats, kind: str, variance: float) -> Floats:
    if kind == "share":
        return 1 / (n + 0.5)
    return variance / n if kind == "mark" else np.ones(n.shape)
