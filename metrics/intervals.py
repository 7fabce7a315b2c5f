"""Intervals: how far a mean, a share, an NPS or a sum of them can be from what all customers would say.

Every function takes floats or arrays of one shape and gives an Interval of the same; sufficient statistics are enough,
so that a screen never needs the cases themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Z95 = 1.959963984540054
Z99 = 2.5758293035489004
LOW_MARK, PASS_MARK, HIGH_MARK = 1.0, 5.5, 10.0


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and the ends of its interval: floats, or arrays of one shape.

    >>> Interval(7.1, 6.6, 7.5).half
    0.45
    """

    value: Any
    low: Any
    high: Any

    @property
    def half(self) -> Any:
        """Half the interval's width, in the value's unit."""
        return np.round((self.high - self.low) / 2, 12) if np.ndim(self.low) else round((self.high - self.low) / 2, 12)


def kish(sum_w: Any, sum_w2: Any) -> Any:
    """Effective number of cases, (sum w)^2 / sum w^2; 0 without cases (Kish 1965).

    >>> kish(4.0, 4.0), kish(0.0, 0.0)
    (4.0, 0.0)
    """
    w, w2 = np.asarray(sum_w, float), np.asarray(sum_w2, float)
    return _same(np.divide(w * w, w2, out=np.zeros(np.broadcast(w, w2).shape), where=w2 > 0))


def bounded_mean(sum_w: Any, sum_w2: Any, sum_wx: Any, sum_wx2: Any, *, z: float = Z95, phi: Any = 1.0) -> Interval:
    """Mean of marks in [1, 10] with interval B3 from the sums of w, w^2, w*mark and w*mark^2; NaN without cases.

    Three pseudo-cases (.75 at 1, 1.5 at 5.5, .75 at 10) widen it where few customers spoke: on the marks 1, 5.5 and 10 it is the
    adjusted-Wald interval of an NPS (Rocks 2016). `phi` divides the number of cases for over-dispersion (1 = none).

    >>> shown = bounded_mean(100, 100, 60 * 10 + 25 * 5.5 + 15, 60 * 100 + 25 * 30.25 + 15)
    >>> [round((x - 5.5) / 4.5 * 100, 1) for x in (shown.low, shown.high)]
    [29.3, 58.0]
    """
    w = np.asarray(sum_w, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        m = np.asarray(sum_wx, float) / w
        s2 = np.maximum(0.0, np.asarray(sum_wx2, float) / w - m * m)
    return bounded_mean_of(m, s2, kish(sum_w, sum_w2) / np.asarray(phi), z=z)


def bounded_mean_of(mean: Any, variance: Any, n: Any, *, z: float = Z95) -> Interval:
    """Interval B3 round a mean mark, from the mean, the population variance of the marks and the effective n.

    >>> bounded_mean_of(8.0, 0.0, 5).low < 6.0
    True
    """
    m, s2, n = np.asarray(mean, float), np.asarray(variance, float), np.asarray(n, float)
    total = n + 3
    centre = (n * m + 3 * PASS_MARK) / total
    spread = (n * (s2 + m * m) + 3 * (PASS_MARK**2 + 10.125)) / total - centre**2
    half = z * np.sqrt(np.maximum(0.0, spread) / total)
    low, high = np.maximum(LOW_MARK, centre - half), np.minimum(HIGH_MARK, centre + half)
    return Interval(_same(m), _same(low), _same(high))


def wilson(x: Any, n: Any, *, z: float = Z95) -> Interval:
    """A share x/n (0-1) with Wilson's interval; n may be an effective number; NaN where n is 0 (Wilson 1927).

    >>> shown = wilson(10, 14, z=1.96)
    >>> round(shown.low, 10), round(shown.high, 10)
    (0.4535045883, 0.8827881209)
    """
    x, n = np.asarray(x, float), np.asarray(n, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = x / n
        shrink = 1 + z * z / n
        centre = (p + z * z / (2 * n)) / shrink
        half = z / shrink * np.sqrt(np.maximum(0.0, p * (1 - p)) / n + z * z / (4 * n * n))
    return Interval(_same(p), _same(np.maximum(0.0, centre - half)), _same(np.minimum(1.0, centre + half)))


def net_promoter(promoters: Any, passives: Any, detractors: Any, *, z: float = Z95) -> Interval:
    """NPS (-1 to 1) with the adjusted-Wald interval: .75 promoter, 1.5 passives and .75 detractor are added (Rocks 2016).

    >>> shown = net_promoter(60, 25, 15)
    >>> round(shown.value, 2), round(shown.low, 3), round(shown.high, 3)
    (0.45, 0.293, 0.58)
    """
    up, flat, down = (np.asarray(part, float) for part in (promoters, passives, detractors))
    n = up + flat + down
    total = n + 3
    p, d = (up + 0.75) / total, (down + 0.75) / total
    half = z * np.sqrt(np.maximum(0.0, p + d - (p - d) ** 2) / total)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (up - down) / n
    return Interval(_same(value), _same(np.maximum(-1.0, p - d - half)), _same(np.minimum(1.0, p - d + half)))


def mover(parts: Sequence[Interval], weights: Sequence[float]) -> Interval:
    """The weighted sum of independent values with the interval MOVER makes of theirs (Zou & Donner 2008).

    `weights` may be negative. A part's own interval may be skewed; the sum's is then skewed as well.

    >>> gap = mover([Interval(7.1, 6.6, 7.5), Interval(8.0, 7.7, 8.3)], [1, -1])
    >>> round(gap.value, 2), round(gap.low, 2), round(gap.high, 2)
    (-0.9, -1.48, -0.4)
    """
    value = sum(a * part.value for a, part in zip(weights, parts, strict=True))
    down = sum((a * (part.value - (part.low if a > 0 else part.high))) ** 2 for a, part in zip(weights, parts, strict=True))
    up = sum((a * ((part.high if a > 0 else part.low) - part.value)) ** 2 for a, part in zip(weights, parts, strict=True))
    return Interval(_same(value), _same(value - np.sqrt(down)), _same(value + np.sqrt(up)))


def difference(first: Interval, second: Interval) -> Interval:
    """First minus second, independent of each other, with MOVER's interval (Newcombe's hybrid score for two shares).

    >>> shown = difference(wilson(56, 70), wilson(48, 80))
    >>> round(shown.low, 4), round(shown.high, 4)
    (0.0524, 0.3339)
    """
    return mover([first, second], [1.0, -1.0])


def poisson(events: float, *, z: float = Z95) -> Interval:
    """A count with its exact Poisson interval (Garwood 1936) at the two-sided level that z stands for.

    >>> shown = poisson(0)
    >>> shown.low, round(shown.high, 3)
    (0.0, 3.689)
    """
    from scipy.special import chdtri, ndtr  # scipy.stats takes longer to import than a page to draw

    tail = float(ndtr(-z))
    low = float(chdtri(2 * events, 1 - tail)) / 2 if events else 0.0
    return Interval(float(events), low, float(chdtri(2 * events + 2, tail)) / 2)


def _same(x: Any) -> Any:
    return float(x) if np.ndim(x) == 0 else x
