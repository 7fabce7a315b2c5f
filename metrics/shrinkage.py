"""Shrinkage: empirical Bayes, by which a small cell borrows strength from its siblings (Fay & Herriot 1979, no covariates)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.heterogeneity import paule_mandel, pool_at

Floats = NDArray[np.floating]
OWN_TAU_FROM = 5
PRIOR_N, PRIOR_VARIANCE = 8.0, 4.0


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Per cell the shrunken value and its variance; per family tau2 and the mean that cells were drawn to."""

    value: Floats
    variance: Floats
    tau2: Floats
    mean: Floats


def shrink(y: ArrayLike, v: ArrayLike, parent_tau2: ArrayLike | None = None) -> Shrunk:
    """Draw cells (last axis, means y with variances v) to their family's mean, the more the noisier they are.

    A family of fewer than 5 cells takes its tau2 from one level up (`parent_tau2`, shape of the families), when there is one.
    The variance holds Morris's inflation for an estimated tau2. For ranking, colour and arrows; never for a verdict.

    >>> drawn = shrink([9.0, 7.0, 7.2, 6.9, 7.1], [4.0, 0.01, 0.01, 0.01, 0.01])
    >>> [round(float(x), 1) for x in drawn.value]
    [7.1, 7.0, 7.1, 7.0, 7.1]
    """
    y, v = np.asarray(y, float), np.asarray(v, float)
    pool = paule_mandel(y, v)
    if parent_tau2 is not None:
        few = pool.k < OWN_TAU_FROM
        pool = pool_at(y, v, np.where(few, np.broadcast_to(np.asarray(parent_tau2, float), few.shape), pool.tau2))
    tau2, mean = pool.tau2[..., None], pool.mean[..., None]
    noise = np.divide(v, v + tau2, out=np.ones(y.shape), where=(v + tau2) > 0)
    value = noise * mean + (1 - noise) * y
    morris = np.where(pool.k > 1, 2 / np.maximum(1, pool.k - 1), 0.0)[..., None]
    variance = (1 - noise) * v + noise**2 * pool.variance[..., None] + morris * noise**2 * (y - mean) ** 2
    return Shrunk(value, variance, pool.tau2, pool.mean)


def moderated_variance(variance: ArrayLike, n: ArrayLike, axis: int = -1) -> Floats:
    """Sampling variance of each mean: the cell's own variance moderated by that of its siblings along `axis`, over n.

    `variance` is the population variance of marks; the siblings' pooled variance counts as 8 cases, itself held by 8 cases
    of variance 4, so that three equal answers are not taken for certainty (metrics.md 2.1; Smyth 2004 for the form).

    >>> moderated_variance([0.0, 4.0], [2.0, 101.0]).round(3).tolist()
    [1.761, 0.04]
    """
    s2, n = np.nan_to_num(np.asarray(variance, float)), np.asarray(n, float)
    free = np.maximum(0.0, n - 1)
    pooled = (PRIOR_N * PRIOR_VARIANCE + (free * s2).sum(axis, keepdims=True)) / (PRIOR_N + free.sum(axis, keepdims=True))
    own = (PRIOR_N * pooled + free * s2) / (PRIOR_N + free)
    return np.divide(own, n, out=np.full(n.shape, np.nan), where=n > 0)
