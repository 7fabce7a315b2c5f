"""The whole journey: what customers keep of it (mean, peak and end), its weakest link, and how many journeys break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.intervals import Interval, bounded_mean, wilson

Floats = NDArray[np.floating]
TRUTH_WEIGHT = 2.0
BREAK_MARK = 5.5
DRAWS = 2000
CALIBRATE_FROM, FOLDS = 200, 5


@dataclass(frozen=True, slots=True)
class JourneyMark:
    """The journey's mark J with interval, beside it the plain mean, the weakest stage and the share of journeys that break.

    `paths` tells customers' own paths from stage marks ("zonder klantpaden"); `promise` is the same weights on the expectations
    that there are (NaN without any); `break_share` is None without paths.
    """

    value: float
    low: float
    high: float
    promise: float
    mean: float
    weakest: int
    weakest_mark: float
    n: int
    paths: bool
    break_share: Interval | None = None


def journey_weights(marks: ArrayLike, expected: ArrayLike, truth: Sequence[bool]) -> Floats:
    """Each stage's weight in J, adding up to 1 per path: half the weighted mean, a quarter the peak, a quarter the end.

    `marks` and `expected` (..., stages) in journey order, NaN for a stage not visited; moments of truth count twice in the mean.
    The peak is the stage furthest from its expectation (5.5 where there is none), of equals the lower mark.
    Rows of fewer than two stages get NaN. J is (weights * marks).sum(-1), its promise (weights * expected).sum(-1).

    >>> w = journey_weights([8.2, 8.0, 7.8, 8.1, 4.0], [8, 8, 7.5, 8, 8], [False] * 4 + [True])
    >>> round(float((w * [8.2, 8.0, 7.8, 8.1, 4.0]).sum()), 2)
    5.34
    """
    m = np.asarray(marks, float)
    e = np.where(np.isnan(np.asarray(expected, float)), BREAK_MARK, np.asarray(expected, float))
    there = np.isfinite(m)
    omega = there * np.where(np.asarray(truth), TRUTH_WEIGHT, 1.0)
    off = np.where(there, np.abs(m - e), -1.0)
    furthest = np.where(np.isclose(off, off.max(-1, keepdims=True), atol=1e-12), np.where(there, m, np.inf), np.inf)
    stages = np.arange(m.shape[-1])
    peak = stages == furthest.argmin(-1)[..., None]
    end = stages == (m.shape[-1] - 1 - there[..., ::-1].argmax(-1))[..., None]
    with np.errstate(invalid="ignore", divide="ignore"):
        weights = omega / omega.sum(-1, keepdims=True) / 2 + peak / 4 + end / 4
    return np.where(there.sum(-1, keepdims=True) >= 2, weights, np.nan)


def journey_of(marks: ArrayLike, expected: ArrayLike, truth: Sequence[bool]) -> Floats:
    """J of each path (..., stages): half the weighted mean, half the mean of peak and end (metrics.md 2.7)."""
    weights = journey_weights(marks, expected, truth)
    return np.where(np.isnan(weights[..., 0]), np.nan, np.nansum(weights * np.asarray(marks, float), -1))


def journey_from_paths(marks: ArrayLike, expected: ArrayLike, truth: Sequence[bool]) -> JourneyMark:
    """The journey's mark from customers' paths (customers, stages), NaN where not visited; customers with one stage do not count.

    The interval is B3 over customers; `break_share` is Wilson's over the same customers. ValueError when nobody has two stages.
    """
    m = np.asarray(marks, float)
    m = m[np.isfinite(m).sum(-1) >= 2]
    if not len(m):
        raise ValueError("journey: no customer has marks of two stages. Use journey_from_stages.")
    weights = journey_weights(m, expected, truth)
    j = np.nansum(weights * m, -1)
    shown = bounded_mean(len(j), len(j), j.sum(), (j * j).sum())
    promise = _promise(weights, expected)
    stage_means = np.nanmean(np.where(np.isfinite(m).any(0), m, np.inf), 0)
    weakest = int(stage_means.argmin())
    return JourneyMark(
        *(shown.value, shown.low, shown.high, promise, float(np.nanmean(m)), weakest, float(stage_means[weakest])),
        n=len(m),
        paths=True,
        break_share=break_share(m),
    )


def journey_from_stages(
    marks: ArrayLike, variances: ArrayLike, expected: ArrayLike, truth: Sequence[bool], *, seed: int = 0
) -> JourneyMark:
    """The journey's mark from stage marks alone ("zonder klantpaden"): the interval comes from 2000 draws of the stage marks.

    `marks`, `variances`, `expected` per stage in journey order, NaN where unknown. ValueError with fewer than two stages.
    """
    m, v = np.asarray(marks, float), np.asarray(variances, float)
    if np.isfinite(m).sum() < 2:
        raise ValueError(f"journey: {int(np.isfinite(m).sum())} stages have a mark, expected at least 2. Wait for more evidence.")
    drawn = np.clip(m + np.random.default_rng(seed).normal(size=(DRAWS, m.size)) * np.sqrt(v), 1.0, 10.0)
    low, high = np.quantile(journey_of(drawn, expected, truth), [0.025, 0.975])
    weights = journey_weights(m, expected, truth)
    value = float(np.nansum(weights * m))
    weakest = int(np.nanargmin(m))
    promise = _promise(weights, expected)
    low, high = min(value, float(low)), max(value, float(high))
    return JourneyMark(
        value, low, high, promise, float(np.nanmean(m)), weakest, float(m[weakest]), int(np.isfinite(m).sum()), False
    )


def _promise(weights: Floats, expected: ArrayLike) -> float:
    e = np.broadcast_to(np.asarray(expected, float), weights.shape)
    known = np.isfinite(e) & np.isfinite(weights)
    total = np.where(known, weights, 0.0).sum()
    return float(np.where(known, weights * e, 0.0).sum() / total) if total > 0 else float("nan")


def break_share(marks: ArrayLike) -> Interval:
    """Breukkans: the share of customers (rows; stages are columns, NaN not visited) with any stage below 5.5, by Wilson.

    >>> break_share([[8, 4, 7], [8, 7, float("nan")]]).value
    0.5
    """
    m = np.asarray(marks, float)
    broken = np.asarray((np.where(np.isfinite(m), m, np.inf) < BREAK_MARK).any(-1))
    return wilson(int(broken.sum()), broken.size)


def weakest_link(shares: Sequence[float]) -> float:
    """The share of customers who meet at least one insufficient stage, when stages are independent.

    >>> round(weakest_link([0.9] * 5), 2), round(weakest_link([0.9] * 7), 2)
    (0.41, 0.52)
    """
    return float(1 - np.prod(np.asarray(shares, float)))


@dataclass(frozen=True, slots=True)
class JourneyCalibration:
    """Weights of (mean, peak, end) found on customers' overall marks, adding up to 1, and the out-of-fold error of each rule."""

    weights: tuple[float, float, float]
    error: float
    default_error: float
    mean_error: float
    accepted: bool


def calibrate_journey(parts: ArrayLike, overall: ArrayLike, *, seed: int = 0) -> JourneyCalibration:
    """Weights of (mean, peak, end) from customers' overall marks: non-negative least squares, summing to 1, 5-fold.

    `parts` (customers, 3), `overall` (customers,). Accepted only when the error beats both the default (1/2, 1/4, 1/4)
    and the mean alone. ValueError below 200 customers.
    """
    x, y = np.asarray(parts, float), np.asarray(overall, float)
    if len(y) < CALIBRATE_FROM:
        raise ValueError(
            f"journey calibration: {len(y)} customers, expected at least {CALIBRATE_FROM}. Keep the default weights."
        )
    fold = np.random.default_rng(seed).permutation(len(y)) % FOLDS
    found = np.array([_simplex(x[fold != f], y[fold != f]) for f in range(FOLDS)])
    errors = (_error((x * found[fold]).sum(-1), y), _error(x @ [0.5, 0.25, 0.25], y), _error(x[:, 0], y))
    weights = _simplex(x, y)
    return JourneyCalibration((weights[0], weights[1], weights[2]), *errors, errors[0] < min(errors[1:]))


def _simplex(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Least squares with non-negative weights that add up to 1: the sum is a heavily weighted extra row."""
    from scipy.optimize import nnls

    heavy = 1e4
    weights = nnls(np.vstack([x, heavy * np.ones(3)]), np.append(y, heavy))[0]
    a, b, c = (weights / weights.sum()).tolist()
    return a, b, c


def _error(guess: Floats, truth: Floats) -> float:
    return float(np.sqrt(np.mean((guess - truth) ** 2)))
