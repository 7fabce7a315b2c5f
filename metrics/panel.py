"""Difference in differences: what changed in the touched cells beyond what changed everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.intervals import Interval

Floats = NDArray[np.floating]
CLUSTERS_FROM, ALL_UP_TO, DRAWS = 10, 2000, 2000


@dataclass(frozen=True, slots=True)
class Panel:
    """The effect beta in the cells' unit, with standard error and p, how p was found, and the p of a placebo on earlier trend."""

    beta: float
    se: float
    p: float
    how: str
    trend_p: float

    @property
    def interval(self) -> Interval:
        """The 95% interval of beta by its clustered standard error."""
        return Interval(self.beta, self.beta - 1.96 * self.se, self.beta + 1.96 * self.se)


def did_2x2(before_touched: float, after_touched: float, before_other: float, after_other: float) -> float:
    """The plain double difference of four means.

    >>> round(did_2x2(20.44, 21.03, 23.33, 21.17), 2)
    2.75
    """
    return (after_touched - before_touched) - (after_other - before_other)


def difference_in_differences(y: ArrayLike, touched: ArrayLike, start: int, *, seed: int = 0) -> Panel:
    """The effect in touched cells: y (weeks, cells), `touched` per cell, `start` the first week after the ramp.

    y = cell + week + beta * touched * after. From 10 cells the error is clustered by cell; below, p is by permuting which cells
    were touched. `trend_p` tests the same with the change put half-way in the weeks before: it must stay above .10.
    ValueError unless some cells are touched, some not, and there are two weeks on either side.
    """
    marks, mask = np.asarray(y, float), np.asarray(touched, bool)
    if not 0 < mask.sum() < mask.size or not 2 <= start <= len(marks) - 2:
        raise ValueError(
            f"difference in differences: {mask.sum()} of {mask.size} cells touched, start {start}. Both groups need weeks."
        )
    beta, se = _double(marks, mask, start)
    clustered = mask.size >= CLUSTERS_FROM
    p = _two_sided(beta, se, mask.size) if clustered else _permuted(marks, mask, start, seed)
    half = start // 2
    trend_p = 1.0
    if start >= 4:
        earlier, earlier_se = _double(marks[:start], mask, half)
        trend_p = _two_sided(earlier, earlier_se, mask.size) if clustered else _permuted(marks[:start], mask, half, seed)
    return Panel(beta, se, p, "cluster" if clustered else "permutation", trend_p)


def _double(y: Floats, touched: NDArray[np.bool_], start: int) -> tuple[float, float]:
    """Beta of a balanced panel is a difference of mean changes; its error comes from how the cells' changes differ."""
    change = np.nanmean(y[start:], 0) - np.nanmean(y[:start], 0)
    groups = [change[touched], change[~touched]]
    spread = [float(group.var(ddof=1)) / group.size if group.size > 1 else np.nan for group in groups]
    other = np.nanmean(spread) if np.isnan(spread).any() and not np.isnan(spread).all() else 0.0
    return float(groups[0].mean() - groups[1].mean()), float(np.sqrt(sum(other if np.isnan(s) else s for s in spread)))


def _permuted(y: Floats, touched: NDArray[np.bool_], start: int, seed: int) -> float:
    change = np.nanmean(y[start:], 0) - np.nanmean(y[:start], 0)
    k, cells = int(touched.sum()), touched.size
    total = change.sum()
    if comb(cells, k) <= ALL_UP_TO:
        picks = np.array(list(combinations(range(cells), k)))
    else:
        rng = np.random.default_rng(seed)
        picks = np.array([rng.permutation(cells)[:k] for _ in range(DRAWS)])
    inside = change[picks].sum(1)
    effects = inside / k - (total - inside) / (cells - k)
    own = change[touched].mean() - change[~touched].mean()
    return float((np.abs(effects) >= abs(own) - 1e-12).mean())


def _two_sided(beta: float, se: float, clusters: int) -> float:
    from scipy.special import stdtr  # scipy.stats takes longer to import than a page to draw

    return float(2 * stdtr(clusters - 1, -abs(beta) / se)) if se > 0 else 1.0
