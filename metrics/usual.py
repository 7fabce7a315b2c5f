"""Usual: what a stage is like at each hour of the week, and how unusual the hours since then are.

A stage mixes channels and measures, and the mix changes by the hour. Each case is therefore held against what is usual for its
own channel and measure: other customers on another channel are no fall, worse service on the same one is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metrics.alarm_baseline import AlarmBaseline, fit_alarm_baseline
from metrics.delivered import GAMMA
from metrics.registry import metric

Floats = NDArray[np.floating]
STEPS = (1, 2, 3, 4, 6, 8, 12, 24)
CASES_A_STEP, CASES_A_CELL = 10, 30
LEAST = 5
HOURS_A_WEEK = 168
COLUMNS = ("bucket", "day", "hour", "n", "w", "w2", "m1", "m2")


@dataclass(frozen=True, slots=True)
class Updates:
    """Standardised values in order, NaN-free: the hour (since 1970 UTC) each begins at, z, shortfall in marks, and cases.

    `short` is the mean mark less what is usual for those very hours, channels and measures; `n` the effective number of cases.
    """

    at: NDArray[np.int64]
    z: Floats
    short: Floats
    n: Floats


@dataclass(frozen=True, slots=True)
class Usual:
    """A stage's usual: per (channel, metric) its mean mark and the weight of one case; what is normal per hour; hours a step.

    `level` is the stage's mark with every measure group at its own weight; `variance` that of marks within one cell.
    """

    mean: Mapping[tuple[str, str], float]
    weight: Mapping[str, float]
    level: float
    variance: float
    step: int
    baseline: AlarmBaseline

    def updates(self, rows: Mapping[str, Any]) -> Updates:
        """How unusual each step of `rows` (the columns of `usual_of`) is; steps of fewer than 5 cases join the next."""
        at, day, hour, short, n = _stepped(rows, self.mean, self.weight, self.step)
        with np.errstate(invalid="ignore"):
            off = short - self.baseline.table[day, hour]
        own = self.baseline.phi * self.baseline.own[day, hour]
        known = np.isfinite(off) & (n > 0)
        return _merged(at[known], off[known], n[known], self._noise(n[known]) + own[known])

    def _noise(self, n: Floats) -> Floats:
        """Chance over-dispersed, or with what the same hours differ by anyway: the larger. Many cases feign no certainty."""
        chance = self.variance / n
        return np.maximum(self.baseline.phi * chance, chance + self.baseline.between)


def usual_of(rows: Mapping[str, Any], week_ago: Any, step: int | None = None) -> Usual | None:
    """What is usual for a stage, from eight weeks of hourly rows; None where too few weeks or cases say nothing.

    `rows`: bucket (hours since 1970 UTC), local day 0-6 and hour 0-23, channel, metric, n, w, w2, m1, m2 in real units;
    `week_ago` per row counts back from the last whole week (0). Leave out holidays and hours under alarm. A step is
    as many hours as hold ten cases in the middle of all steps, unless `step` is given (weeks: one bucket each, day and hour 0).
    """
    rows = {name: np.asarray(values) for name, values in rows.items()}
    mean, variance = _cells(rows)
    if not mean:
        return None
    weight = _weights(rows, mean)
    level, within = _level(rows, mean, variance, weight)
    step = step or _step(rows, mean, weight)
    if step is None:
        return None
    at, day, hour, short, n = _stepped(rows, mean, weight, step)
    first = {int(b) - int(h) % step: int(w) for b, h, w in zip(rows["bucket"], rows["hour"], np.asarray(week_ago), strict=True)}
    ago = np.array([first[int(one)] for one in at])
    baseline = fit_alarm_baseline(day, hour, short, n, ago, "mark", within)
    return Usual(mean, weight, level, within, step, baseline) if np.isfinite(baseline.table).any() else None


def _cells(rows: Mapping[str, Any]) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
    """The mean mark and the variance of each (channel, metric) that is marked per case and has cases enough."""
    sums: dict[tuple[str, str], Floats] = {}
    names = zip(rows["channel"].tolist(), rows["metric"].tolist(), strict=True)
    columns = np.column_stack([rows[name].astype(float) for name in ("w", "m1", "m2", "n")]) if len(rows["n"]) else []
    for cell, values in zip(names, columns, strict=True):
        if metric(cell[1]).marked == "observation" and metric(cell[1]).group in GAMMA and values[0] > 0:
            sums[cell] = sums.get(cell, np.zeros(4)) + values
    kept = {cell: s for cell, s in sums.items() if s[3] >= CASES_A_CELL}
    mean = {cell: float(s[1] / s[0]) for cell, s in kept.items()}
    return mean, {cell: max(0.0, float(s[2] / s[0]) - mean[cell] ** 2) for cell, s in kept.items()}


def _weights(rows: Mapping[str, Any], mean: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """The weight of one case of a metric: its group's gamma over the group's cases: calls do not drown customers' marks."""
    known = _known(rows, mean)
    groups = np.array([metric(str(name)).group for name in rows["metric"]])
    total = {group: float(rows["w"][known & (groups == group)].astype(float).sum()) for group in GAMMA}
    share = {group: GAMMA[group] for group, sum in total.items() if sum > 0}
    scale = sum(total[group] for group in share) / sum(share.values())
    return {name: scale * share[metric(name).group] / total[metric(name).group] for _, name in mean}


def _level(
    rows: Mapping[str, Any],
    mean: Mapping[tuple[str, str], float],
    variance: Mapping[tuple[str, str], float],
    weight: Mapping[str, float],
) -> tuple[float, float]:
    known = _known(rows, mean)
    cells = list(zip(rows["channel"][known].tolist(), rows["metric"][known].tolist(), strict=True))
    share = rows["w"][known].astype(float) * np.array([weight[name] for _, name in cells])
    share /= share.sum()
    level = float(share @ np.array([mean[cell] for cell in cells]))
    return level, max(1e-4, float(share @ np.array([variance[cell] for cell in cells])))


def _known(rows: Mapping[str, Any], mean: Mapping[tuple[str, str], float]) -> NDArray[np.bool_]:
    names = zip(rows["channel"].tolist(), rows["metric"].tolist(), strict=True)
    return np.fromiter((cell in mean for cell in names), bool, len(rows["n"]))


def _step(rows: Mapping[str, Any], mean: Mapping[tuple[str, str], float], weight: Mapping[str, float]) -> int | None:
    for step in STEPS:
        at, _, _, _, n = _stepped(rows, mean, weight, step)
        span = (int(at.max()) - int(at.min())) // step + 1 if len(at) else 0
        if span and float(np.median(np.concatenate([n, np.zeros(max(0, span - len(n)))]))) >= CASES_A_STEP:
            return step
    return None


def _stepped(
    rows: Mapping[str, Any], mean: Mapping[tuple[str, str], float], weight: Mapping[str, float], step: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
    """Per step: the hour it begins, local day and hour, the mean shortfall, and effective cases (Kish)."""
    rows = {name: np.asarray(values) for name, values in rows.items()}
    known = _known(rows, mean)
    cells = list(zip(rows["channel"][known].tolist(), rows["metric"][known].tolist(), strict=True))
    f = np.array([weight[name] for _, name in cells], float)
    usual = np.array([mean[cell] for cell in cells], float)
    bucket, day, hour = (rows[name][known].astype(np.int64) for name in ("bucket", "day", "hour"))
    w, w2, m1 = (rows[name][known].astype(float) for name in ("w", "w2", "m1"))
    at, first, inverse = np.unique(bucket - hour % step, return_index=True, return_inverse=True)
    sums = [np.bincount(inverse, part, len(at)) for part in (f * w, f**2 * w2, f * (m1 - usual * w))]
    with np.errstate(invalid="ignore", divide="ignore"):
        return at, day[first], hour[first] - hour[first] % step, sums[2] / sums[0], sums[0] ** 2 / sums[1]


def _merged(at: NDArray[np.int64], off: Floats, n: Floats, noise: Floats) -> Updates:
    """Steps of fewer than 5 cases joined with the next ones, weighted by their cases; a remainder at the end waits for more."""
    merged: list[tuple[int, float, float, float]] = []
    held: list[int] = []
    for i in range(len(at)):
        held.append(i)
        cases = n[held]
        if cases.sum() >= LEAST:
            share = cases / cases.sum()
            short = float(share @ off[held])
            merged.append((int(at[held[0]]), short / float(np.sqrt(share**2 @ noise[held])), short, float(cases.sum())))
            held = []
    columns = list(zip(*merged, strict=True)) or [(), (), (), ()]
    return Updates(np.array(columns[0], np.int64), *(np.array(part, float) for part in columns[1:]))


def updates_a_week(step: int) -> float:
    """How often a stage of this step moves its chart in a week.

    >>> updates_a_week(6)
    28.0
    """
    return HOURS_A_WEEK / step
