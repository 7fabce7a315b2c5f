"""Evidence: whether a number may be shown, as what, and how many more customers must speak before it may."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from metrics.intervals import Z95, bounded_mean_of

SOLID, INDICATIVE, TOO_FEW = "solid", "indicative", "too_few"
SOLID_N, SOLID_HALF = 30, 0.75
INDICATIVE_N, INDICATIVE_HALF = 10, 1.5


def status(n_eff: Any, half: Any, experience_n: Any = math.inf) -> Any:
    """`solid` (vast), `indicative` (indicatief) or `too_few` (te weinig bewijs), for floats or arrays.

    `half` is the half-width of the mark's interval; `experience_n` the effective number of customers who gave a mark themselves:
    without 30 of those a number is never solid.

    >>> status(57, 0.6), status(57, 0.6, experience_n=0), status(9, 0.6)
    ('solid', 'indicative', 'too_few')
    """
    n_eff, half, own = np.asarray(n_eff, float), np.asarray(half, float), np.asarray(experience_n, float)
    solid = (np.minimum(n_eff, own) >= SOLID_N) & (half <= SOLID_HALF)
    indicative = (n_eff >= INDICATIVE_N) & (half <= INDICATIVE_HALF)
    found = np.select([solid, indicative], [SOLID, INDICATIVE], TOO_FEW)
    return str(found) if found.ndim == 0 else found


def rounded(mark: float, status: str) -> float | None:
    """The mark as it may be shown: one decimal when solid, to a half when indicative, None with too little evidence.

    >>> rounded(7.26, "solid"), rounded(7.26, "indicative"), rounded(7.26, "too_few")
    (7.3, 7.5, None)
    """
    if status == SOLID:
        return math.floor(mark * 10 + 0.5) / 10
    return math.floor(mark * 2 + 0.5) / 2 if status == INDICATIVE else None


def needed_n(mean: float, sd: float, half: float = INDICATIVE_HALF, at_least: int = INDICATIVE_N) -> int:
    """How many cases a mark needs before its B3 interval is at most `half` wide on either side, and never fewer than `at_least`.

    `mean` and `sd` are of the marks so far; unknown (NaN) counts as mean 5.5 and sd 2.5.

    >>> needed_n(6.0, 2.0), needed_n(6.0, 2.0, half=0.75, at_least=30)
    (10, 30)
    """
    m, s2 = (5.5 if math.isnan(mean) else mean), (2.5 if math.isnan(sd) else sd) ** 2
    n = at_least
    while bounded_mean_of(m, s2, n).half > half:
        n += 1
    return n


def n_min(pi: float, z: float = Z95) -> int:
    """How many cases a promise of share `pi` needs before it can be called kept: ceil(z^2 pi / (1 - pi)).

    Wilson's lower bound of n out of n is n / (n + z^2). ValueError unless 0 < pi < 1.

    >>> [n_min(pi) for pi in (0.80, 0.90, 0.95, 0.98, 0.99)]
    [16, 35, 73, 189, 381]
    """
    if not 0 < pi < 1:
        raise ValueError(f"pi: found {pi!r}, expected a share between 0 and 1. Count a promise of 100% from 0.95.")
    return math.ceil(round(z * z * pi / (1 - pi), 9))
