"""Response times: what customers wait for an answer, those without one counted as still waiting (Kaplan & Meier 1958)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.intervals import Interval, wilson

Floats = NDArray[np.floating]


def survival(seconds: ArrayLike, answered: ArrayLike) -> tuple[Floats, Floats]:
    """The times (s) at which questions were answered and the share still open after each; open ones are right-censored.

    >>> times, still_open = survival([10, 20, 30], [True, False, True])
    >>> times.tolist(), still_open.round(2).tolist()
    ([10.0, 30.0], [0.67, 0.0])
    """
    times, done = np.asarray(seconds, float), np.asarray(answered, bool)
    at = np.unique(times[done])
    risk = np.array([(times >= t).sum() for t in at], float)
    events = np.array([(done & (times == t)).sum() for t in at], float)
    return at, np.cumprod(1 - events / np.maximum(risk, 1.0)) if len(at) else at


def response_quantile(seconds: ArrayLike, answered: ArrayLike, q: float) -> float:
    """The q-quantile (0-1) of response times in seconds: the first time by which more than that share has an answer.

    Infinite where it is not reached; the same convention as statsmodels' SurvfuncRight.

    >>> times = [5, 12, 20, 30, 45, 60, 90, 180, 240, 240]
    >>> done = [True] * 8 + [False] * 2
    >>> response_quantile(times, done, 0.5), response_quantile(times, done, 0.9)
    (60.0, inf)
    """
    at, still_open = survival(seconds, answered)
    reached = np.flatnonzero(still_open < 1 - q - 1e-12)
    return float(at[reached[0]]) if reached.size else math.inf


def response_rate(seconds: ArrayLike, answered: ArrayLike, horizon: float) -> Interval:
    """The share (0-1) answered within `horizon` seconds, of the questions old enough to tell: open and younger do not count yet.

    >>> response_rate([10, 50, 99, 5], [True, True, False, False], 60).value
    0.6666666666666666
    """
    times, done = np.asarray(seconds, float), np.asarray(answered, bool)
    kept = int((done & (times <= horizon)).sum())
    return wilson(kept, int((done | (times > horizon)).sum()))
