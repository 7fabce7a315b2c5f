"""Interrupted series: level, trend, step and season of one series, the plainest picture of a change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.intervals import Interval

Floats = NDArray[np.floating]
SLOPE_P = 0.05


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The step at the change (marks, or a rate ratio) with interval, the extra slope per period if shown, and the dispersion."""

    step: Interval
    p: float
    slope: float | None
    dispersion: float


def interrupted_series(
    y: ArrayLike, start: int, *, kind: str = "mark", period: int = 52, pairs: int = 2, exposure: ArrayLike | None = None
) -> Interrupted:
    """The step in y (periods,) from index `start`, beside a linear trend and `pairs` Fourier pairs of `period`.

    `kind` mark: least squares with HAC errors (Newey & West); count: Poisson with log link, errors scaled by dispersion,
    `exposure` per period as offset, and the step as a rate ratio. An extra slope stays in only when it is significant at .05.
    ValueError when start leaves fewer than 8 periods before or 4 after.
    """
    series = np.asarray(y, float)
    if start < 8 or len(series) - start < 4:
        raise ValueError(f"interrupted series: {start} before, {len(series) - start} after; expected 8 and 4. Too early to tell.")
    after = (np.arange(len(series)) >= start).astype(float)
    plain = np.column_stack([_regular(len(series), period, pairs), after])
    sloped = np.column_stack([plain, after * (np.arange(len(series)) - start)])
    fit, with_slope = _fit(series, plain, kind, exposure), _fit(series, np.asarray(sloped, float), kind, exposure)
    use = with_slope if with_slope.pvalues[-1] < SLOPE_P else fit
    at = plain.shape[1] - 1
    low, high = use.conf_int()[at]
    ends = (float(use.params[at]), float(low), float(high))
    shown = Interval(*(np.exp(ends) if kind == "count" else ends))
    return Interrupted(shown, float(use.pvalues[at]), float(use.params[-1]) if use is with_slope else None, float(use.scale))


def _regular(n: int, period: int, pairs: int) -> Floats:
    t = np.arange(n)
    waves = [f(2 * np.pi * k * t / period) for k in range(1, pairs + 1) for f in (np.sin, np.cos)]
    return np.column_stack([np.ones(n), t / n, *waves])


def _fit(y: Floats, design: Floats, kind: str, exposure: ArrayLike | None):
    import statsmodels.api as sm

    if kind == "count":
        offset = None if exposure is None else np.log(np.asarray(exposure, float))
        return sm.GLM(y, design, family=sm.families.Poisson(), offset=offset).fit(scale="X2")
    return sm.OLS(y, design).fit(cov_type="HAC", cov_kwds={"maxlags": max(1, round(len(y) ** 0.25))})
