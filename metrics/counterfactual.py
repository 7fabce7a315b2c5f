"""Counterfactual: what would have happened without the change, from the weeks before it and the cells it did not touch.

A local level (random walk) plus regression on untouched cells, the model of Brodersen et al. 2015 (CausalImpact). All is
Gaussian, so the smoother's answer is exact in closed form (universal kriging): no draws, and equal to statsmodels'
UnobservedComponents.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.intervals import Z95, Interval

Floats = NDArray[np.floating]
STIFF = 0.01
WEEKS_PER_CONTROL = 10
_GRID = 81


@dataclass(frozen=True, slots=True)
class Run:
    """One run: mean effect after the change with interval and standard error (marks), and the path it is held against.

    `expected`, `expected_low`, `expected_high` are the counterfactual per week after; `level_sd` is the weekly drift allowed.
    """

    effect: Interval
    se: float
    level_sd: float
    expected: Floats
    expected_low: Floats
    expected_high: Floats


def counterfactual(before: ArrayLike, after: ArrayLike, controls: ArrayLike | None = None, *, stiff: bool = False) -> Run:
    """The effect of a change: `before` (weeks,) and `after` (weeks,) marks; controls (all weeks, cells) untouched by it.

    `stiff` holds the level's weekly drift at .01 of the standard deviation before (CausalImpact's default prior scale); otherwise
    drift and noise are both found by restricted maximum likelihood. More controls than one per 10 weeks become their mean.

    >>> rng = np.random.default_rng(0)
    >>> y = 7 + rng.normal(0, 0.1, 60)
    >>> run = counterfactual(y[:52], y[52:] + 0.5)
    >>> round(run.effect.value, 1), run.effect.low > 0
    (0.4, True)
    """
    y, later = np.asarray(before, float), np.asarray(after, float)
    design = _design(len(y), len(later), controls)
    walk = np.minimum.outer(np.arange(len(design)), np.arange(len(design))).astype(float)
    noise, drift = _variances(y, design[: len(y)], walk[: len(y), : len(y)], STIFF * float(y.std(ddof=1)) if stiff else None)
    mean, covariance = _predict(y, design, drift * walk + noise * np.eye(len(design)))
    se = float(np.sqrt(covariance.mean()))
    effect = float((later - mean).mean())
    band = Z95 * np.sqrt(np.diag(covariance))
    return Run(Interval(effect, effect - Z95 * se, effect + Z95 * se), se, float(np.sqrt(drift)), mean, mean - band, mean + band)


def _design(before: int, after: int, controls: ArrayLike | None) -> Floats:
    """The regression columns (weeks, 1 + controls): the unknown first level, and the untouched cells on a common scale."""
    level = np.ones((before + after, 1))
    if controls is None or np.size(controls) == 0:
        return level
    cells = np.asarray(controls, float).reshape(before + after, -1)
    if cells.shape[1] > before // WEEKS_PER_CONTROL:
        cells = cells.mean(1, keepdims=True)
    scale = np.maximum(cells[:before].std(0), 1e-9)
    return np.column_stack([level, (cells - cells[:before].mean(0)) / scale])


def _variances(y: Floats, design: Floats, walk: Floats, level_sd: float | None) -> tuple[float, float]:
    """Noise and drift variance by restricted likelihood on two grids, in the space that the regression cannot reach."""
    basis = np.linalg.qr(design, mode="complete")[0][:, design.shape[1] :]
    eigen, vectors = np.linalg.eigh(basis.T @ walk @ basis)
    squared, eigen = (vectors.T @ (basis.T @ y)) ** 2, np.maximum(eigen, 0.0)
    scale = max(float(squared.mean()), 1e-12)
    if level_sd is not None:
        drift = level_sd**2
        noise = _climb(lambda s: np.log(s + drift * eigen).sum(1) + (squared / (s + drift * eigen)).sum(1), scale, 1e-6, 1e2)
        return noise, drift
    ratio = _climb(lambda r: _profiled(1 + r * eigen, squared), 1.0, 1e-8, 1e4)
    noise = float((squared / (1 + ratio * eigen)).mean())
    return max(noise, 1e-12), ratio * noise


def _profiled(spread: Floats, squared: Floats) -> Floats:
    return np.log(spread).sum(1) + len(squared) * np.log((squared / spread).mean(1) + 1e-300)


def _climb(deviance: Callable[[Floats], Floats], scale: float, low: float, high: float) -> float:
    """The point of least deviance (one per row) on a logarithmic grid, refined twice."""
    points = scale * np.geomspace(low, high, _GRID)
    for _ in range(2):
        best = int(np.argmin(deviance(points[:, None])))
        points = np.geomspace(points[max(0, best - 1)], points[min(_GRID - 1, best + 1)], _GRID)
    return float(points[int(np.argmin(deviance(points[:, None])))])


def _predict(y: Floats, design: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """Mean and covariance of the weeks after, given those before, the regression unknown (universal kriging)."""
    n = len(y)
    own, cross, ahead = covariance[:n, :n], covariance[n:, :n], covariance[n:, n:]
    f, g = design[:n], design[n:]
    solved = np.linalg.solve(own, np.column_stack([f, y, cross.T]))
    of_f, of_y, of_cross = solved[:, : f.shape[1]], solved[:, f.shape[1]], solved[:, f.shape[1] + 1 :]
    inverse = np.linalg.pinv(f.T @ of_f)
    beta = inverse @ (f.T @ of_y)
    mean = g @ beta + cross @ (of_y - of_f @ beta)
    left = g - cross @ of_f
    return mean, ahead - cross @ of_cross + left @ inverse @ left.T
