"""The gap: experience minus the expectation that was raised, and its shape on screen."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from metrics.intervals import Interval, difference

ON = 0.3
PAIRED_T_FROM = 30


def gap(delivered: Interval, expected: Interval) -> Interval:
    """Delivered minus expected mark with MOVER's interval (independent of each other; Zou & Donner 2008).

    >>> shown = gap(Interval(7.1, 6.6, 7.5), Interval(8.0, 7.7, 8.3))
    >>> round(shown.value, 2), round(shown.low, 2), round(shown.high, 2)
    (-0.9, -1.48, -0.4)
    """
    return difference(delivered, expected)


def paired_gap(perceived: ArrayLike, expected: ArrayLike, *, seed: int = 0) -> Interval:
    """The gap where the same customers gave both marks: Student's t on the differences from 30 customers, BCa bootstrap below.

    Arrays of one length, one customer each; ValueError with fewer than 2 customers or arrays of different length.

    >>> shown = paired_gap([7, 8, 6] * 20, [7, 7, 7] * 20)
    >>> shown.value, round(shown.half, 3)
    (0.0, 0.213)
    """
    first, second = np.asarray(perceived, float), np.asarray(expected, float)
    if first.shape != second.shape or first.size < 2:
        raise ValueError(f"paired gap: found {first.size} and {second.size} marks, expected two equal lists of at least 2.")
    off = first - second
    if off.size < PAIRED_T_FROM:
        return _bca(off, seed)
    from scipy.special import stdtrit  # scipy.stats takes longer to import than a page to draw

    half = float(stdtrit(off.size - 1, 0.975)) * float(off.std(ddof=1)) / off.size**0.5
    return Interval(float(off.mean()), float(off.mean()) - half, float(off.mean()) + half)


def gap_shape(shown: Interval) -> str:
    """On screen: `below` (▼) or `above` (▲) when the interval leaves out 0, `on` (●) within 0.3 of it, else `unsure` (○).

    >>> [gap_shape(Interval(x, x - h, x + h)) for x, h in ((-0.9, 0.5), (0.9, 0.5), (0.0, 0.2), (0.0, 0.6))]
    ['below', 'above', 'on', 'unsure']
    """
    if not np.isfinite(shown.low + shown.high):
        return "unsure"
    if shown.high < 0:
        return "below"
    if shown.low > 0:
        return "above"
    return "on" if shown.low >= -ON and shown.high <= ON else "unsure"


def _bca(off: np.ndarray, seed: int) -> Interval:
    if np.ptp(off) == 0:
        return Interval(float(off[0]), float(off[0]), float(off[0]))
    from scipy.stats import bootstrap

    found = bootstrap((off,), np.mean, method="BCa", rng=np.random.default_rng(seed)).confidence_interval
    return Interval(float(off.mean()), float(found.low), float(found.high))
