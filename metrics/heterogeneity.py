"""Heterogeneity: how much cells truly differ, once the noise of small samples is taken away.

Arrays have the siblings on their last axis, NaN where there is none; leading axes are separate families, all done at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]
_STEPS = 200


@dataclass(frozen=True, slots=True)
class Pool:
    """Per family: between-cell variance tau2, pooled mean with its variance, Q of no difference, and the number of cells k."""

    tau2: Floats
    mean: Floats
    variance: Floats
    q: Floats
    k: Floats


def paule_mandel(y: ArrayLike, v: ArrayLike) -> Pool:
    """Pool cells with means y and sampling variances v > 0 (last axis: cells); tau2 by Paule & Mandel 1982.

    tau2 is the root of sum (y - mean)^2 / (v + tau2) = k - 1, or 0 where the cells differ no more than their noise.

    >>> pool = paule_mandel([8.1, 7.6, 6.0, 7.9], [0.04, 0.06, 0.09, 0.05])
    >>> round(float(pool.tau2) ** 0.5, 2), float(pool.k)
    (0.91, 4.0)
    """
    means, noise, there = _families(y, v)
    k = there.sum(-1).astype(float)
    tau2 = np.zeros(k.shape)
    for _ in range(_STEPS):
        q, slope = _q(means, noise, there, tau2)
        step = np.where((k > 1) & (slope > 0), (q - (k - 1)) / np.where(slope > 0, slope, 1.0), 0.0)
        moved = np.maximum(0.0, tau2 + step)
        done = np.allclose(moved, tau2, rtol=1e-12, atol=1e-14)
        tau2 = moved
        if done:
            break
    return pool_at(y, v, tau2)


def pool_at(y: ArrayLike, v: ArrayLike, tau2: ArrayLike) -> Pool:
    """The pool of cells for a given between-cell variance (shape of the families); q is Cochran's, at tau2 = 0."""
    y, v, there = _families(y, v)
    tau2 = np.broadcast_to(np.asarray(tau2, float), there.shape[:-1])
    _, total, mean = _weights(y, v, there, tau2)
    q, _ = _q(y, v, there, np.zeros(tau2.shape))
    with np.errstate(divide="ignore"):
        return Pool(tau2, mean, np.where(total > 0, 1 / total, np.nan), q, there.sum(-1).astype(float))


def q_test(pool: Pool) -> float:
    """The p-value of "these cells do not differ" for one family: chi-square of Q with k - 1 degrees of freedom (Cochran 1954)."""
    from scipy.special import chdtrc  # scipy.stats takes longer to import than a page to draw

    return float(chdtrc(float(pool.k) - 1, float(pool.q))) if pool.k > 1 else 1.0


def _families(y: ArrayLike, v: ArrayLike) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    y, v = np.asarray(y, float), np.asarray(v, float)
    there = np.isfinite(y) & np.isfinite(v) & (v > 0)
    return np.where(there, y, 0.0), np.where(there, v, 1.0), there


def _weights(y: Floats, v: Floats, there: NDArray[np.bool_], tau2: Floats) -> tuple[Floats, Floats, Floats]:
    weights = there / (v + tau2[..., None])
    total = weights.sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return weights, total, (weights * y).sum(-1) / total


def _q(y: Floats, v: Floats, there: NDArray[np.bool_], tau2: Floats) -> tuple[Floats, Floats]:
    weights, _, mean = _weights(y, v, there, tau2)
    off = np.where(there, (y - np.nan_to_num(mean)[..., None]) ** 2, 0.0)
    return (weights * off).sum(-1), (weights**2 * off).sum(-1)
