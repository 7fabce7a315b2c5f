"""Alerts: from what a tile shows to a standardised value, and from a chart to a replayed false-alarm rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.ewma import Chart, follow

Floats = NDArray[np.floating]
MERGE_BELOW = 5
WINSOR = 0.99
REPLAY_DRAWS = 200


def share_z(x: ArrayLike, n: ArrayLike, p_base: ArrayLike, v_base: ArrayLike = 0.0, phi: float = 1.0) -> Floats:
    """How unusual x of n is where p_base is normal, in standard deviations on the arcsine scale (Anscombe 1948).

    `v_base` is the baseline's variance on the scale of 2 asin(sqrt(p)); `phi` the over-dispersion.

    >>> float(share_z(80, 100, 0.8).round(1)), float(share_z(60, 100, 0.8).round(1))
    (-0.1, -4.4)
    """
    x, n, base = np.asarray(x, float), np.asarray(n, float), np.asarray(p_base, float)
    seen = np.arcsin(np.sqrt(np.clip((x + 0.375) / (n + 0.75), 0, 1)))
    return 2 * (seen - np.arcsin(np.sqrt(base))) / np.sqrt(phi / (n + 0.5) + np.asarray(v_base, float))


def mark_z(
    mean: ArrayLike, n: ArrayLike, base: ArrayLike, variance: ArrayLike, v_base: ArrayLike = 0.0, phi: float = 1.0
) -> Floats:
    """How unusual a mean mark of n cases is, given the moderated variance of marks within the cell."""
    noise = phi * np.asarray(variance, float) / np.asarray(n, float) + np.asarray(v_base, float)
    return (np.asarray(mean, float) - np.asarray(base, float)) / np.sqrt(noise)


def count_z(y: ArrayLike, mu: ArrayLike, phi: float = 1.0) -> Floats:
    """How unusual a count is where mu is normal, in standard deviations on the square-root scale (Anscombe 1948)."""
    return 2 * (np.sqrt(np.asarray(y, float) + 0.375) - np.sqrt(np.asarray(mu, float) + 0.375)) / np.sqrt(phi)


def dispersion(z: ArrayLike) -> float:
    """Over-dispersion phi: the mean square of standardised values of the baseline period, made with phi 1; never below 1.

    The largest 1% are drawn in to their 99% quantile, so that a past incident does not hide the next.

    >>> dispersion([2.0, -2.0] * 50), dispersion([0.1] * 50)
    (4.0, 1.0)
    """
    squared = np.asarray(z, float) ** 2
    return max(1.0, float(np.minimum(squared, np.quantile(squared, WINSOR)).mean())) if squared.size else 1.0


def merge_small(x: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Updates of fewer than 5 cases joined with the next ones; sums of x and n, and the index of each merged update's last part.

    A remainder at the end waits for more.

    >>> [part.tolist() for part in merge_small([1, 1, 4], [2, 4, 9])]
    [[2.0, 4.0], [6.0, 9.0], [1, 2]]
    """
    merged: list[tuple[float, float, int]] = []
    held_x = held_n = 0.0
    for i, (a, b) in enumerate(zip(np.asarray(x, float), np.asarray(n, float), strict=True)):
        held_x, held_n = held_x + a, held_n + b
        if held_n >= MERGE_BELOW:
            merged.append((held_x, held_n, i))
            held_x = held_n = 0.0
    columns = list(zip(*merged, strict=True)) or [(), (), ()]
    return np.array(columns[0], float), np.array(columns[1], float), np.array(columns[2], np.int64)


@dataclass(frozen=True, slots=True)
class Replay:
    """What the chart would have done on the past: false alarms per week measured, and the budget it was set for."""

    per_week: float
    budget: float
    weeks: int


def replay(chart: Chart, weeks: Sequence[ArrayLike], budget: float, *, draws: int = REPLAY_DRAWS, seed: int = 0) -> Replay:
    """The false alarms per week of a chart over past weeks of standardised values, the weeks put in random order.

    Weeks are kept whole (blocks), so that what is not independent within a week stays so. ValueError without weeks.
    """
    blocks = [np.asarray(week, float) for week in weeks if np.size(week)]
    if not blocks:
        raise ValueError("replay: no week of values. Save the budget and replay when there is a history.")
    rng = np.random.default_rng(seed)
    alarms = 0
    for _ in range(draws):
        order = rng.permutation(len(blocks))
        alarms += sum(alarm for _, alarm in follow(chart, np.concatenate([blocks[i] for i in order])))
    return Replay(alarms / draws / len(blocks), budget, len(blocks))


def urgency(severity: float, customers: float, gap: float) -> float:
    """The order of alerts: customers touched times shortfall in marks, weighed by how far the statistic is past its bound."""
    return severity * customers * max(0.0, -gap)
