"""Baseline: what is normal at this hour of this day of the week, so that a morning is compared with mornings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.shrinkage import shrink

Floats = NDArray[np.floating]
WEEKS, HALVING_WEEKS, OBSERVED_WEEKS = 8, 4.0, 3
KINDS = ("mark", "share", "count")
_RIDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is normal per day of the week (0 is Monday) and hour: `table` and `variance` (7, 24) on the scale of `kind`.

    The scale is marks, asin(sqrt(share)), or log(count); `at` and `over` answer in marks, shares or counts.
    """

    kind: str
    table: Floats
    variance: Floats

    def at(self, day: int, hour: int) -> tuple[float, float]:
        """The normal value of one hour of the week, and its variance on the scale of `kind`."""
        return float(_back(self.table[day, hour], self.kind)), float(self.variance[day, hour])

    def over(self, day: ArrayLike, hour: ArrayLike, weight: ArrayLike) -> float:
        """The normal value over hours weighted exactly as the number it is held against (NaN without weight)."""
        weights = np.asarray(weight, float)
        normal = _back(self.table[np.asarray(day, int), np.asarray(hour, int)], self.kind)
        return float((weights * normal).sum() / weights.sum()) if weights.sum() > 0 else float("nan")


def fit_baseline(
    day: ArrayLike, hour: ArrayLike, value: ArrayLike, n: ArrayLike, weeks_ago: ArrayLike, kind: str = "mark"
) -> Baseline:
    """The baseline mean + day + hour + their interaction, from hourly rows: day 0-6, hour 0-23, value, cases n, weeks ago.

    Leave out holidays and hours under alarm. The last 8 weeks count, halving every 4; `value` is a mean mark, a share 0-1,
    or a count (then n is 1 per row). The interaction is shrunk (empirical Bayes), and left out with fewer than 3 observed weeks.
    ValueError for an unknown kind or without rows.

    >>> rows = [(d, h, 7.0 + (h >= 12), 10, w) for w in range(8) for d in range(7) for h in range(24)]
    >>> base = fit_baseline(*map(list, zip(*rows)))
    >>> round(base.at(2, 9)[0], 2), round(base.at(2, 15)[0], 2)
    (7.0, 8.0)
    """
    rows = _rows(day, hour, value, n, weeks_ago, kind)
    design = _design(rows["day"], rows["hour"])
    weight = rows["n"] * 2.0 ** (-rows["ago"] / HALVING_WEEKS)
    if kind == "count":
        coefficients, level_variance = _poisson(design, rows["value"], weight)
        working = np.exp(design @ coefficients)
        rest, weight = (rows["value"] - working) / np.maximum(working, _RIDGE), weight * working
    else:
        scaled = _forward(rows["value"], rows["n"], kind)
        coefficients, level_variance = _least_squares(design, scaled, weight)
        rest = scaled - design @ coefficients
    grid = _design(np.repeat(np.arange(7.0), 24), np.tile(np.arange(24.0), 7))
    extra, extra_variance = _interaction(rows, rest, weight)
    table = (grid @ coefficients).reshape(7, 24) + extra
    own = np.einsum("ij,jk,ik->i", grid, level_variance, grid).reshape(7, 24)
    return Baseline(kind, table, own + extra_variance)


def _rows(day: Any, hour: Any, value: Any, n: Any, ago: Any, kind: str) -> dict[str, Floats]:
    if kind not in KINDS:
        raise ValueError(f"baseline: kind {kind!r}, expected one of {', '.join(KINDS)}. Choose how the value is counted.")
    names = ("day", "hour", "value", "n", "ago")
    rows = {name: np.asarray(part, float) for name, part in zip(names, (day, hour, value, n, ago), strict=True)}
    keep = (rows["ago"] < WEEKS) & (rows["n"] > 0) & np.isfinite(rows["value"])
    if not keep.any():
        raise ValueError("baseline: no hours with cases in the last 8 weeks. Show the number without an arrow.")
    return {name: part[keep] for name, part in rows.items()}


def _design(day: Floats, hour: Floats) -> Floats:
    columns = [np.ones(day.size), *((day == d) * 1.0 for d in range(1, 7)), *((hour == h) * 1.0 for h in range(1, 24))]
    return np.stack(columns, 1)


def _least_squares(design: Floats, value: Floats, weight: Floats) -> tuple[Floats, Floats]:
    normal = design.T @ (design * weight[:, None]) + _RIDGE * np.eye(design.shape[1])
    inverse = np.linalg.pinv(normal)
    coefficients = inverse @ (design.T @ (weight * value))
    rest = value - design @ coefficients
    sigma2 = float((weight * rest**2).sum() / max(1, value.size - np.linalg.matrix_rank(normal)))
    return coefficients, inverse * sigma2


def _poisson(design: Floats, count: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Poisson regression with a log link by iterated weighted least squares, variance inflated by the dispersion."""
    eta = np.log(count + 0.5)
    coefficients = np.zeros(design.shape[1])
    for _ in range(50):
        mu = np.exp(np.clip(eta, -20, 20))
        previous = coefficients
        coefficients, _ = _least_squares(design, eta + (count - mu) / mu, weight * mu)
        eta = design @ coefficients
        if np.allclose(coefficients, previous, atol=1e-9):
            break
    mu = np.exp(np.clip(eta, -20, 20))
    dispersion = max(1.0, float((weight * (count - mu) ** 2 / mu).sum() / weight.sum()))
    normal = design.T @ (design * (weight * mu)[:, None]) + _RIDGE * np.eye(design.shape[1])
    return coefficients, np.linalg.pinv(normal) * dispersion


def _interaction(rows: dict[str, Floats], rest: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """What an hour of the week adds of its own, shrunk, and the variance of that; 0 where fewer than 3 weeks were seen."""
    cell = (rows["day"] * 24 + rows["hour"]).astype(int)
    total, weeks = np.bincount(cell, weight, 168), np.bincount(cell, minlength=168)
    mean = np.divide(np.bincount(cell, weight * rest, 168), total, out=np.zeros(168), where=total > 0)
    sigma2 = float((weight * (rest - mean[cell]) ** 2).sum() / max(1, rest.size - (weeks > 0).sum()))
    enough = (weeks >= OBSERVED_WEEKS) & (total > 0)
    variance = np.where(enough, np.maximum(sigma2, 1e-12) / np.where(total > 0, total, 1.0), np.nan)
    drawn = shrink(np.where(enough, mean, np.nan), variance)
    value, own = np.where(enough, drawn.value, 0.0), np.where(enough, drawn.variance, 0.0)
    return value.reshape(7, 24), own.reshape(7, 24)


def _forward(value: Floats, n: Floats, kind: str) -> Floats:
    """Marks as they are; shares on Anscombe's scale, the one that `alerts.share_z` compares on, so that its bias cancels."""
    return np.arcsin(np.sqrt(np.clip((value * n + 0.375) / (n + 0.75), 0, 1))) if kind == "share" else value


def _back(value: Any, kind: str) -> Any:
    if kind == "share":
        return np.sin(np.clip(value, 0, np.pi / 2)) ** 2
    return np.exp(value) if kind == "count" else value
