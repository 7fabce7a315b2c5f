"""Fall: when a stage stands lower than usual, from when, and until when, on a chart with a budget of false alarms.

It begins when the smoothed statistic passes its bound downward and the shortfall is one that a customer notices; it ends when the
statistic is back within 0.3 of its bound: some 2.5 of its standard deviations higher, so that it does not flap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from metrics.change import since_when
from metrics.cusum import SLACK
from metrics.ewma import Chart
from metrics.gap import ON

RECOVERED = 0.3
DEEPEST = 1.1
NOTICED = ON
CASES = 10


@dataclass(frozen=True, slots=True)
class Fall:
    """A fall: the index of the first value of it, of the value that raised the alarm, and of the one that ended it (or None).

    `severity` is how far the statistic went past its bound at most (1 is an alarm).
    """

    since: int
    found: int
    ended: int | None
    severity: float


def falls(chart: Chart, z: ArrayLike, short: ArrayLike, n: ArrayLike, standing: bool = False) -> list[Fall]:
    """The falls in a row of updates: standardised values z, shortfalls in marks and cases n (metrics/usual.py).

    `standing`: a fall already stood before the first update (it then begins at 0).

    >>> from metrics.ewma import chart_for
    >>> calm, low = [0.0] * 20, [-3.0] * 10
    >>> z = np.array(calm + low + calm)
    >>> [(f.since, f.found, f.ended) for f in falls(chart_for(500), z, z / 3, [20] * 50)]
    [(20, 22, 42)]
    """
    z, short, n = (np.asarray(part, float) for part in (z, short, n))
    found: list[Fall] = []
    state, since, alarm, worst = (-chart.bound, 0, 0, 1.0) if standing else (0.0, 0, None, 0.0)
    for i, value in enumerate(z):
        state = float(np.clip(chart.step(state, value), -DEEPEST * chart.bound, chart.bound))
        if alarm is None:
            since = i + 1 if state >= 0 else since
            if state < -chart.bound and _noticed(short[since : i + 1], n[since : i + 1]):
                alarm, worst = i, chart.severity(state)
        else:
            worst = max(worst, chart.severity(state))
            if state > -RECOVERED * chart.bound:
                found.append(Fall(since, alarm, i, worst))
                state, since, alarm = 0.0, i + 1, None
    return [*found, Fall(since, alarm, None, worst)] if alarm is not None else found


def drifts(bound: float, z: ArrayLike, short: ArrayLike, n: ArrayLike, slack: float = SLACK) -> list[Fall]:
    """The slow falls in a row of weeks, by the downward CUSUM: it begins past `bound`, and ends when the sum is empty again.

    >>> [(f.since, f.ended) for f in drifts(5.0, [0, -1.5, -1.5, -2.5, -2.0, 1, 3, 3], [-0.5] * 8, [50] * 8)]
    [(1, 7)]
    """
    z, short, n = (np.asarray(part, float) for part in (z, short, n))
    found: list[Fall] = []
    down, since, alarm, worst = 0.0, 0, None, 0.0
    for i, value in enumerate(z):
        down = min(DEEPEST * bound, max(0.0, down - value - slack))
        since = i + 1 if down == 0 and alarm is None else since
        if alarm is None and down > bound and _noticed(short[since : i + 1], n[since : i + 1]):
            alarm, worst = i, down / bound
        elif alarm is not None:
            worst = max(worst, down / bound)
            if down == 0:
                found.append(Fall(since, alarm, i, worst))
                since, alarm = i + 1, None
    return [*found, Fall(since, alarm, None, worst)] if alarm is not None else found


def onset(z: Sequence[float], fall: Fall) -> int:
    """The index at which the level changed: by PELT between the last calm and the alarm, else where the statistic left 0.

    >>> onset([0.1, -0.2, 0.3, 0.0, 0.1, -0.1, -3, -3.1, -2.9, -3, -3.2], Fall(5, 8, None, 1.2))
    6
    """
    changes = [at for at in since_when(z[: fall.found + 1], 3) if fall.since <= at <= fall.found]
    return changes[0] if changes else fall.since


def _noticed(short: np.ndarray, n: np.ndarray) -> bool:
    """Whether customers would notice: at least ten cases, together 0.3 marks below what is usual."""
    cases = float(n.sum())
    return cases >= CASES and float(short @ n) / cases <= -NOTICED
