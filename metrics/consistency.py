"""Consistency: whether customers get the same service, and the same answer, whichever channel they choose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from metrics.heterogeneity import paule_mandel, q_test
from metrics.intervals import Interval, difference, wilson
from metrics.marks import share_mark

PAIRS = 30


@dataclass(frozen=True, slots=True)
class Consistency:
    """How far channels differ: tau (sd in marks, noise removed), its mark, p of no difference, best against worst."""

    tau: float
    mark: float
    p: float
    best: int
    worst: int
    between: Interval


def channel_spread(shown: Interval, variance: ArrayLike) -> Consistency:
    """The spread between channels from their marks with intervals (arrays) and sampling variances.

    ValueError with fewer than two channels.

    >>> marks = np.array([8.1, 7.6, 6.0, 7.9])
    >>> found = channel_spread(Interval(marks, marks - 0.4, marks + 0.4), [0.04, 0.06, 0.09, 0.05])
    >>> round(found.tau, 2), found.p < 1e-7, found.best, found.worst
    (0.91, True, 0, 2)
    """
    y = np.asarray(shown.value, float)
    if y.size < 2:
        raise ValueError(f"consistency: {y.size} channel, expected at least 2. There is nothing to compare.")
    pool = paule_mandel(y, np.asarray(variance, float))
    best, worst = int(y.argmax()), int(y.argmin())
    ends = [Interval(float(y[i]), float(shown.low[i]), float(shown.high[i])) for i in (best, worst)]
    tau = float(np.sqrt(pool.tau2))
    return Consistency(tau, share_mark("channel_spread", tau), q_test(pool), best, worst, difference(*ends))


def same_answer(equal: int, pairs: int) -> Interval | None:
    """The share (0-1) of audited pairs (the same question on two channels) with the same answer; None below 30 pairs.

    >>> same_answer(27, 30).value, same_answer(20, 22) is None
    (0.9, True)
    """
    return wilson(equal, pairs) if pairs >= PAIRS else None
