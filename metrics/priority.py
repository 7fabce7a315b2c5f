"""Priority: where the statistically largest jump towards the goal is, as a leading group, never a lone winner by luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.gain import centre, reach, ridge_slopes, slopes
from metrics.importance import johnson, johnson_weights
from metrics.intervals import Interval

Floats = NDArray[np.floating]
DRAWS, CHUNK = 2000, 250
NEED, NEED_PER_STAGE = 100, 20


class TooFewCustomers(ValueError):
    """Refused: too little evidence to rank. `n` customers with a goal, `needed` to rank this many stages."""

    def __init__(self, n: int, needed: int) -> None:
        self.n, self.needed = n, needed
        super().__init__(
            f"priority: {n} customers have a goal and stage marks, expected {needed} or more. Rank when they are there."
        )


@dataclass(frozen=True, slots=True)
class Ranked:
    """Stages by expected gain on the goal, in the goal's own unit; arrays in the order of the stages given.

    `order` is the ranking (best first), `leading` the group that may hold the best, `importance` the Johnson shares (adding up to
    1) with `counts`: whether a stage's importance exceeds that of pure chance.
    """

    gain: Floats
    low: Floats
    high: Floats
    slope: Floats
    importance: Floats
    counts: NDArray[np.bool_]
    order: tuple[int, ...]
    leading: tuple[int, ...]
    n: int
    alpha: float


def needed_customers(stages: int) -> int:
    """How many customers a ranking needs: 100, or 20 per stage when that is more.

    >>> needed_customers(4), needed_customers(7)
    (100, 140)
    """
    return max(NEED, NEED_PER_STAGE * stages)


def rank(x: ArrayLike, y: ArrayLike, room: ArrayLike, *, draws: int = DRAWS, seed: int = 0) -> Ranked:
    """Rank stages by expected gain = reach x slope x room, with bootstrap intervals and the leading group.

    x (customers, stages) marks, NaN not visited; y (customers,) the goal, better measured later than on the same questionnaire;
    room (stages,) in marks. Raises TooFewCustomers below max(100, 20 per stage).
    """
    marks, goal, rise = np.asarray(x, float), np.asarray(y, float), np.asarray(room, float)
    n, stages = marks.shape
    if n < needed_customers(stages):
        raise TooFewCustomers(n, needed_customers(stages))
    slope, alpha = slopes(marks, goal)
    gain = reach(marks) * slope * rise
    drawn, chance = _bootstrap(marks, goal, rise, alpha, draws, seed)
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    weights = johnson(centre(marks), goal)
    order = tuple(int(i) for i in np.argsort(-gain, kind="stable"))
    return Ranked(
        *(gain, low, high, slope, weights / weights.sum(), chance),
        order=order,
        leading=leading_group(drawn, order[0]),
        n=n,
        alpha=alpha,
    )


def week_to_week(marks: ArrayLike, goal: ArrayLike) -> tuple[Floats, Floats]:
    """Changes from week to week of stage marks (weeks, stages) and of a goal (weeks,), where no single customers are known.

    What they share over the year drops out; what is left is a connection between weeks, and must be labelled so.

    >>> week_to_week([[7.0], [7.5], [7.25]], [30.0, 32.0, 31.0])[1].tolist()
    [2.0, -1.0]
    """
    return np.diff(np.asarray(marks, float), axis=0), np.diff(np.asarray(goal, float))


def leading_group(drawn: Floats, best: int) -> tuple[int, ...]:
    """The stages whose bootstrap gains (draws, stages) are not surely below those of `best`: 5% quantile of the lead up to 0."""
    behind = np.quantile(drawn[:, [best]] - drawn, 0.05, axis=0)
    return tuple(int(i) for i in np.flatnonzero(behind <= 0))


def leads(ranked: Ranked, stage: int) -> bool:
    """Whether a stage matters enough not to lower its bar for good: in the leading group, and its gain surely above 0."""
    return stage in ranked.leading and bool(ranked.low[stage] > 0)


def other_orders(
    x: ArrayLike, y: ArrayLike, delivered: ArrayLike, gap: ArrayLike, contacts: Sequence[float]
) -> Mapping[str, tuple[int, ...]]:
    """The orders that other rules would choose, for beside ours: `lowest` mark, `loudest` (contacts), `correlation` x shortfall.

    Arrays per stage; `gap` is experience minus expectation in marks.

    >>> marks = [[7, 6], [8, 5], [9, 9], [6, 6]]
    >>> other_orders(marks, [7, 8, 9, 6], [7.5, 6.5], [-0.5, 0.2], [10, 90])["loudest"]
    (1, 0)
    """
    marks, goal = centre(x), np.asarray(y, float)
    r = np.array([_correlation(marks[:, i], goal) for i in range(marks.shape[1])])
    scores = {
        "lowest": -np.asarray(delivered, float),
        "loudest": np.asarray(contacts, float),
        "correlation": r * np.maximum(0.0, -np.asarray(gap, float)),
    }
    return {name: tuple(int(i) for i in np.argsort(-score, kind="stable")) for name, score in scores.items()}


def quadrant(importance: float, stages: int, gap: Interval) -> tuple[str, bool]:
    """Where a stage stands: `improve`, `keep`, `lower_or_leave` or `too_much`, and whether it is drawn hollow (gap not shown).

    Important is a share above 1 / stages; the gap in marks.

    >>> quadrant(0.4, 5, Interval(-0.9, -1.4, -0.4)), quadrant(0.1, 5, Interval(0.2, -0.3, 0.7))
    (('improve', False), ('too_much', True))
    """
    important, short = importance > 1 / stages, gap.value < 0
    name = ("improve" if short else "keep") if important else ("lower_or_leave" if short else "too_much")
    return name, bool(gap.low <= 0 <= gap.high)


def _bootstrap(x: Floats, y: Floats, room: Floats, alpha: float, draws: int, seed: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Gains per draw (draws, stages), and which stages' importance beats a random column in 95% of the draws.

    The random column is Tonidandel, LeBreton & Johnson's (2009) test of a relative weight.
    """
    rng = np.random.default_rng(seed)
    columns = np.column_stack([centre(x), rng.normal(size=len(y)), y - y.mean()])
    visited, stages = np.isfinite(x).astype(float), x.shape[1]
    gains, wins, tests = np.empty((draws, stages)), np.zeros(stages), 0
    for start in range(0, draws, CHUNK):
        size = min(CHUNK, draws - start)
        times = rng.multinomial(len(y), np.full(len(y), 1 / len(y)), size=size).astype(float)
        crossed, seen = _crossed(columns, times), times @ visited / len(y)
        for i in range(size):
            xx, xy = crossed[i, :stages, :stages], crossed[i, :stages, -1]
            gains[start + i] = seen[i] * ridge_slopes(xx, xy, alpha) * room
        for i in range(0, size, 10):
            wins, tests = wins + _beats_chance(crossed[i]), tests + 1
    return gains, wins / tests >= 0.95


def _crossed(columns: Floats, times: Floats) -> Floats:
    """Centred cross-products (draws, k, k) of all columns, each customer counted `times` (draws, customers)."""
    n, k = columns.shape
    products = (columns[:, :, None] * columns[:, None, :]).reshape(n, k * k)
    means = times @ columns / n
    return (times @ products).reshape(-1, k, k) - n * means[:, :, None] * means[:, None, :]


def _beats_chance(crossed: Floats) -> NDArray[np.bool_]:
    scale = np.sqrt(np.maximum(np.diag(crossed), 1e-12))
    r = crossed / np.outer(scale, scale)
    weights = johnson_weights(r[:-1, :-1], r[:-1, -1])
    return weights[:-1] > weights[-1]


def _correlation(a: Floats, b: Floats) -> float:
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 0 and b.std() > 0 else 0.0
