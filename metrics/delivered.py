"""Delivered: one mark for a cell from everything that was measured in it, so that many calls never drown customers' own marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.evidence import INDICATIVE_N, status
from metrics.heterogeneity import paule_mandel
from metrics.registry import GROUPS, metric
from metrics.summaries import Summaries

Floats = NDArray[np.floating]
GAMMA: Mapping[str, float] = {"experience": 0.50, "utterance": 0.25, "performance": 0.25}
CONTRADICT = 1.5
TAU_FROM = 3


@dataclass(frozen=True, slots=True)
class Delivered:
    """Per cell: the delivered mark D, its interval and variance, the evidence, and what must be said beside it.

    `n` is the cases of the most counted metric, `n_eff` its effective number, `experience_n` that of customers' own marks;
    `groups` (..., 3) the mark per evidence group in the order of registry.GROUPS, NaN where absent.
    `derived`: no customer gave a mark ("afgeleid, geen klantoordeel"); `contradict`: group marks differ more than 1.5.
    """

    value: Floats
    low: Floats
    high: Floats
    variance: Floats
    n: Floats
    n_eff: Floats
    experience_n: Floats
    groups: Floats
    derived: NDArray[np.bool_]
    contradict: NDArray[np.bool_]
    status: NDArray[np.str_]


def delivered(summaries: Summaries, gamma: Mapping[str, float] = GAMMA) -> Delivered:
    """One mark per cell from its metrics (last axis): weight gamma per evidence group, within it 1/(variance + tau2).

    Where any metric rests on 10 effective cases, those that rest on fewer stay out: one angry message is no quarter of a mark.
    tau2 is Paule & Mandel's over a group of three metrics or more; smaller groups weigh equally. gamma is shared out again over
    the groups present. The interval is MOVER's for a linear combination (Zou & Donner 2008).

    >>> from metrics.summaries import gather, summarise
    >>> one = delivered(summarise(gather([0], [0], ["csat10"], [[40], [40], [40], [300], [2300], [300]], 1)))
    >>> round(float(one.value[0]), 2), str(one.status[0])
    (7.5, 'solid')
    """
    of_group = [np.array([metric(name).group == group for name in summaries.names], bool) for group in GROUPS]
    enough = summaries.n_eff >= INDICATIVE_N
    counts = enough | ~enough.any(-1, keepdims=True)
    omega = [_within(summaries, own, counts) for own in of_group]
    present = np.stack([weights.sum(-1) > 0 for weights in omega], -1)
    share = present * np.array([gamma[group] for group in GROUPS])
    total = share.sum(-1, keepdims=True)
    share = np.divide(share, total, out=np.zeros(share.shape), where=total > 0)
    weights = sum(share[..., g, None] * omega[g] for g in range(len(GROUPS)))
    return _combine(summaries, np.asarray(weights), omega, of_group)


def _within(summaries: Summaries, own: NDArray[np.bool_], counts: NDArray[np.bool_]) -> Floats:
    """Weights of a group's metrics, adding up to 1 per cell, 0 for metrics outside the group, without cases, or not counted."""
    weights = np.zeros(summaries.mark.shape)
    mark, variance = summaries.mark[..., own], summaries.variance[..., own]
    there = np.isfinite(mark) & np.isfinite(variance) & (variance > 0) & counts[..., own]
    part = there.astype(float)
    if own.sum() >= TAU_FROM:
        tau2 = paule_mandel(mark, variance).tau2[..., None]
        many = there.sum(-1, keepdims=True) >= TAU_FROM
        part = np.where(many, there / np.where(there, variance + tau2, 1.0), part)
    total = part.sum(-1, keepdims=True)
    weights[..., own] = np.divide(part, total, out=np.zeros(part.shape), where=total > 0)
    return weights


def _combine(summaries: Summaries, weights: Floats, omega: list[Floats], of_group: list[NDArray[np.bool_]]) -> Delivered:
    mark, low, high = (np.nan_to_num(part) for part in (summaries.mark, summaries.low, summaries.high))
    some = weights.sum(-1) > 0
    value = np.where(some, (weights * mark).sum(-1), np.nan)
    down = np.sqrt(((weights * (mark - low)) ** 2).sum(-1))
    up = np.sqrt(((weights * (high - mark)) ** 2).sum(-1))
    groups = np.stack([np.where(part.sum(-1) > 0, (part * mark).sum(-1), np.nan) for part in omega], -1)
    used = weights > 0
    n_eff, own_n = (np.where(used & which, summaries.n_eff, 0.0).max(-1, initial=0.0) for which in (True, of_group[0]))
    low_end, high_end = np.maximum(1.0, value - down), np.minimum(10.0, value + up)
    return Delivered(
        value=value,
        low=low_end,
        high=high_end,
        variance=np.where(some, (weights**2 * np.nan_to_num(summaries.variance)).sum(-1), np.nan),
        n=np.where(used, summaries.n, 0.0).max(-1, initial=0.0),
        n_eff=n_eff,
        experience_n=own_n,
        groups=groups,
        derived=some & (own_n <= 0),
        contradict=_spread(groups) > CONTRADICT,
        status=np.asarray(status(n_eff, np.nan_to_num((high_end - low_end) / 2, nan=np.inf), own_n)),
    )


def _spread(groups: Floats) -> Floats:
    low, high = np.where(np.isnan(groups), np.inf, groups).min(-1), np.where(np.isnan(groups), -np.inf, groups).max(-1)
    return np.where(np.isfinite(low), high - low, 0.0)
