"""Summaries: from the sums that rollups hold to a mark with its interval, for every cell and metric at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.intervals import Z95, bounded_mean, kish, wilson
from metrics.knots import Knots, KnotsBook, default_knots
from metrics.registry import metric
from metrics.shrinkage import moderated_variance

Floats = NDArray[np.floating]
# On the flat end of a line (40% abandoned and worse) an interval has no width; the metric must still count.
LEAST_VARIANCE = 1e-4


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums per cell and metric, arrays of one shape (..., metrics), last axis in the order of `names`.

    n cases · w weights · w2 weights squared · m1 weight x mark · m2 weight x mark^2 · v weight x value in the metric's unit.
    """

    names: tuple[str, ...]
    n: Floats
    w: Floats
    w2: Floats
    m1: Floats
    m2: Floats
    v: Floats

    def over(self, axis: int | tuple[int, ...]) -> Sums:
        """The sums over an axis of cells: marks of a larger cell come from its cases, never from its cells' marks."""
        return Sums(self.names, *(getattr(self, f.name).sum(axis) for f in fields(self)[1:]))


@dataclass(frozen=True, slots=True)
class Summaries:
    """Per cell and metric (..., metrics): mark with interval, sampling variance, cases n, effective n; NaN without cases."""

    names: tuple[str, ...]
    mark: Floats
    low: Floats
    high: Floats
    variance: Floats
    n: Floats
    n_eff: Floats
    value: Floats


def gather(cell: ArrayLike, code: ArrayLike, names: Sequence[str], columns: Sequence[ArrayLike], cells: int) -> Sums:
    """Sums (cells, metrics) from rollup rows: `cell` 0..cells-1 and metric `code` per row, `columns` n, w, w2, m1, m2, v.

    Rows of one cell and metric (days, bins) are added up.

    >>> sums = gather([0, 0, 1], [0, 0, 0], ["csat"], [[1, 1, 1]] * 6, 2)
    >>> sums.n.tolist()
    [[2.0], [1.0]]
    """
    key = np.asarray(cell, np.int64) * len(names) + np.asarray(code, np.int64)
    shape = (cells, len(names))
    totals = (np.bincount(key, np.asarray(column, float), shape[0] * shape[1]).astype(float) for column in columns)
    return Sums(tuple(names), *(total.reshape(shape) for total in totals))


def summarise(sums: Sums, *, phi: ArrayLike = 1.0, book: KnotsBook | None = None) -> Summaries:
    """Marks with intervals: B3 for metrics marked per case, Wilson through the knots for shares; others stay NaN.

    `phi` (1 or more) is the over-dispersion per metric or cell. Siblings on the last axis of cells moderate the variances.
    """
    knots = book or default_knots()
    marked = np.array([metric(name).marked == "observation" for name in sums.names])
    n_eff = np.asarray(kish(sums.w, sums.w2)) / np.asarray(phi, float)
    shown = bounded_mean(sums.w, sums.w2, sums.m1, sums.m2, phi=phi)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = sums.v / sums.w
        spread = np.maximum(0.0, sums.m2 / sums.w - shown.value**2)
    variance = moderated_variance(spread, n_eff, axis=-2 if n_eff.ndim > 1 else -1)
    mark, low, high = (np.where(marked, part, np.nan) for part in (shown.value, shown.low, shown.high))
    variance = np.where(marked, variance, np.nan)
    for i, name in enumerate(sums.names):
        if metric(name).kind == "share" and metric(name).marked == "aggregate":
            parts = share_summary(value[..., i], n_eff[..., i], knots.of(metric(name).knots))
            for whole, part in zip((mark, low, high, variance), parts, strict=True):
                whole[..., i] = part
    return Summaries(sums.names, mark, low, high, variance, sums.n, n_eff, value)


def share_summary(p: ArrayLike, n: ArrayLike, knots: Knots, z: float = Z95) -> tuple[Floats, Floats, Floats, Floats]:
    """Mark, low, high and variance of shares p (0-1) of n effective cases: Wilson's ends through the knots.

    >>> [round(float(x), 2) for x in share_summary(0.8, 400, default_knots().of("service_level"))]
    [8.0, 7.34, 8.36, 0.07]
    """
    p, n = np.asarray(p, float), np.asarray(n, float)
    shown = wilson(p * n, n, z=z)
    ends = np.stack([knots.mark(np.asarray(shown.low)), knots.mark(np.asarray(shown.high))])
    low, high = ends.min(0), ends.max(0)
    variance = np.maximum(((high - low) / (2 * z)) ** 2, LEAST_VARIANCE) + knots.model_sd**2
    return knots.mark(p), low, high, np.where(np.isnan(p), np.nan, variance)
