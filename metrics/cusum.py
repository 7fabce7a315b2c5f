"""CUSUM chart: for slow drift in weekly marks, with run lengths solved exactly."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

SLACK = 0.5
POINTS = 80


def one_sided_run(slack: float, bound: float, shift: float = 0.0) -> float:
    """The mean number of values to an alarm of a one-sided CUSUM (k = slack, h = bound), mean shifted by `shift` sd.

    The integral equation with its point mass at 0, on 80 Gauss-Legendre points (Vance 1986).

    >>> round(one_sided_run(0.5, 3.0), 2), round(one_sided_run(0.5, 3.0, 1.5), 2)
    (117.6, 3.75)
    """
    nodes, weights = np.polynomial.legendre.leggauss(POINTS)
    x, w = bound * (nodes + 1) / 2, bound * weights / 2
    start = np.concatenate([[0.0], x])
    move = _normal(x[None, :] - start[:, None] + slack - shift) * w[None, :]
    stay = _below(slack - shift - start)
    system = np.eye(POINTS + 1) - np.column_stack([stay, move])
    return float(np.linalg.solve(system, np.ones(POINTS + 1))[0])


def run_length(slack: float, bound: float, shift: float = 0.0) -> float:
    """The mean number of values to an alarm, two-sided: 1 / (1/up + 1/down).

    >>> round(run_length(0.5, 4.0), 0), round(run_length(0.5, 4.0, 1.0), 2)
    (168.0, 8.38)
    """
    return 1 / (1 / one_sided_run(slack, bound, shift) + 1 / one_sided_run(slack, bound, -shift))


def siegmund(slack: float, bound: float, shift: float = 0.0) -> float:
    """Siegmund's (1985) approximation of the one-sided run length: good enough to check a design by hand.

    >>> round(siegmund(0.5, 5.0), 1), round(siegmund(0.5, 5.0, 1.0), 2)
    (938.2, 10.34)
    """
    drift, b = shift - slack, bound + 1.166
    return b * b if abs(drift) < 1e-9 else float((np.exp(-2 * drift * b) + 2 * drift * b - 1) / (2 * drift**2))


def bound_for(run: float, slack: float = SLACK) -> float:
    """The bound h with `run` values between false alarms, two-sided.

    >>> round(bound_for(500), 2), round(bound_for(10080), 2)
    (5.07, 8.06)
    """
    from scipy.optimize import brentq

    found, _ = brentq(lambda h: run_length(slack, h) / run - 1, 0.5, 20.0, xtol=1e-9, full_output=True)
    return float(found)


def follow(values: Iterable[float], bound: float, slack: float = SLACK) -> list[tuple[float, float, bool]]:
    """The upward and downward sums and whether either alarms, per standardised value; both start again at 0 after an alarm.

    >>> follow([1.5, 1.5], 1.9)[-1]
    (2.0, 0.0, True)
    """
    up = down = 0.0
    path = []
    for z in values:
        up, down = max(0.0, up + z - slack), max(0.0, down - z - slack)
        alarm = up > bound or down > bound
        path.append((up, down, alarm))
        if alarm:
            up = down = 0.0
    return path


def poisson_run(slack: float, bound: float, mean: float, *, start: float = 0.0, upward: bool = True, fraction: int = 4) -> float:
    """The mean number of periods to an alarm of a Poisson CUSUM for rare events (k = slack, h = bound, alarm at a sum of h).

    An exact Markov chain; k, h and `start` are multiples of 1/fraction. Upward adds count - k, downward k - count (Lucas 1985).

    >>> round(poisson_run(0.25, 10, 0.25), 1), round(poisson_run(0.25, 10, 0.25, start=5), 1)
    (438.1, 333.1)
    """
    from scipy.stats import poisson

    states, drop = round(bound * fraction), round(slack * fraction)
    counts = np.arange(states // fraction + drop // fraction + int(mean + 12 * mean**0.5) + 12)
    step = (counts * fraction - drop) * (1 if upward else -1)
    p = poisson.pmf(counts, mean)
    chain = np.zeros((states, states))
    for state in range(states):
        to = np.maximum(0, state + step)
        np.add.at(chain[state], to[to < states], p[to < states])
    lengths = np.linalg.solve(np.eye(states) - chain, np.ones(states))
    return float(lengths[round(start * fraction)])


def _normal(x: np.ndarray) -> np.ndarray:
    return np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi)


def _below(x: np.ndarray) -> np.ndarray:
    from scipy.special import ndtr

    return ndtr(x)
