"""Importance: which stages customers' overall judgement hangs on, shared out fairly between stages that move together."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]
LMG_STAGES = 12


def johnson_weights(r_xx: ArrayLike, r_xy: ArrayLike) -> Floats:
    """Johnson's relative weights (stages,) from the correlations among stages (p, p) and with the goal (p,); they add up to R^2.

    Johnson 2000, Multivariate Behavioral Research 35(1). For explaining; choosing is by expected gain.

    >>> johnson_weights([[1, 0], [0, 1]], [0.6, 0.3]).round(2).tolist()
    [0.36, 0.09]
    """
    values, vectors = np.linalg.eigh(np.asarray(r_xx, float))
    root = vectors @ np.diag(np.sqrt(np.maximum(values, 1e-12))) @ vectors.T
    beta = np.linalg.solve(root, np.asarray(r_xy, float))
    return (root**2) @ (beta**2)


def johnson(x: ArrayLike, y: ArrayLike) -> Floats:
    """Johnson's relative weights of stage marks x (customers, stages) for a goal y (customers,); adding up to R^2."""
    r = np.corrcoef(np.column_stack([np.asarray(x, float), np.asarray(y, float)]), rowvar=False)
    return johnson_weights(r[:-1, :-1], r[:-1, -1])


def r_squared(r_xx: ArrayLike, r_xy: ArrayLike, subset: tuple[int, ...]) -> float:
    """The explained share of the goal's variance by a subset of stages, from correlations."""
    if not subset:
        return 0.0
    at = list(subset)
    own = np.asarray(r_xy, float)[at]
    return float(own @ np.linalg.solve(np.asarray(r_xx, float)[np.ix_(at, at)], own))


def dominance(r_xx: ArrayLike, r_xy: ArrayLike) -> Floats:
    """What each stage adds to R^2 on average, by the number of stages already in (p levels, p stages; Azen & Budescu 2003).

    ValueError above 12 stages: all subsets are tried.
    """
    p = np.asarray(r_xy).size
    if p > LMG_STAGES:
        raise ValueError(f"dominance: {p} stages, expected at most {LMG_STAGES}. Use johnson_weights.")
    known = {s: r_squared(r_xx, r_xy, s) for size in range(p + 1) for s in combinations(range(p), size)}
    levels = np.zeros((p, p))
    for stage in range(p):
        others = [i for i in range(p) if i != stage]
        for size in range(p):
            gains = [known[tuple(sorted((*s, stage)))] - known[s] for s in combinations(others, size)]
            levels[size, stage] = np.mean(gains)
    return levels


def lmg(r_xx: ArrayLike, r_xy: ArrayLike) -> Floats:
    """LMG (Shapley) importance (stages,): dominance averaged over its levels, adding up to R^2 (Lindeman, Merenda & Gold 1980).

    >>> lmg([[1, 0], [0, 1]], [0.6, 0.3]).round(2).tolist()
    [0.36, 0.09]
    """
    return dominance(r_xx, r_xy).mean(0)
