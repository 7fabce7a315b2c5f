"""Gain: how much the goal would rise if a stage reached what it could, by slopes that cannot be negative."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]
ALPHAS: tuple[float, ...] = (0.1, 1.0, 10.0, 100.0, 1000.0)
NO_EXPECTATION = 8.0


@dataclass(frozen=True, slots=True)
class Room:
    """How far each stage could rise, in marks: `within_reach` up to what it has shown, `ambition` up to the expectation."""

    within_reach: Floats
    ambition: Floats


def room(delivered: ArrayLike, expected: ArrayLike, reachable: ArrayLike) -> Room:
    """The room of each stage from its mark D, expectation E (NaN: 8) and the best it surely reached C (NaN: no bound).

    >>> found = room([6.0, 7.5], [8.0, float("nan")], [6.8, 7.2])
    >>> found.within_reach.round(1).tolist(), found.ambition.tolist()
    ([0.8, 0.0], [2.0, 0.5])
    """
    d, e, c = (np.asarray(part, float) for part in (delivered, expected, reachable))
    e = np.where(np.isnan(e), NO_EXPECTATION, e)
    bound = np.where(np.isnan(c), e, np.minimum(e, c))
    return Room(np.maximum(0.0, bound - d), np.maximum(0.0, e - d))


def slopes(x: ArrayLike, y: ArrayLike, alpha: float | None = None) -> tuple[Floats, float]:
    """Non-negative ridge slopes of a goal y (customers,) on stage marks x (customers, stages; NaN not visited), and their alpha.

    min |y - Xb|^2 + alpha |b|^2 with b >= 0 on centred columns, a stage not visited at its centre; `best_alpha` when None.

    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(7, 1, (400, 2))
    >>> b, _ = slopes(x, 0.5 * x[:, 0] + rng.normal(0, 0.1, 400))
    >>> b.round(1).tolist()
    [0.5, 0.0]
    """
    goal = np.asarray(y, float)
    centred, goal = centre(x), goal - goal.mean()
    if alpha is None:
        alpha = best_alpha(centred, goal)
    return ridge_slopes(centred.T @ centred, centred.T @ goal, alpha), alpha


def best_alpha(centred: Floats, goal: Floats) -> float:
    """The ridge penalty of ALPHAS with the least leave-one-out error, in closed form from one singular value decomposition.

    Equal to scikit-learn's RidgeCV (a test holds them together), without its second of import.
    """
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    errors = []
    for alpha in ALPHAS:
        kept = s**2 / (s**2 + alpha)
        rest = goal - u @ (kept * (u.T @ goal))
        errors.append(float(np.mean((rest / (1 - (u**2) @ kept)) ** 2)))
    return ALPHAS[int(np.argmin(errors))]


def ridge_slopes(xx: Floats, xy: Floats, alpha: float) -> Floats:
    """The same slopes from cross-products X'X (p, p) and X'y (p,): a bootstrap needs no more than these."""
    from scipy.optimize import nnls

    root = np.linalg.cholesky(xx + max(alpha, 1e-9) * np.eye(len(xy)))
    return nnls(root.T, np.linalg.solve(root, xy))[0]


def centre(x: ArrayLike) -> Floats:
    """Stage marks with each stage's mean taken off; a stage not visited (NaN) becomes 0."""
    marks = np.asarray(x, float)
    return np.nan_to_num(marks - np.nanmean(marks, 0))


def reach(x: ArrayLike) -> Floats:
    """The share of customers (0-1) who visited each stage."""
    return np.isfinite(np.asarray(x, float)).mean(0)
