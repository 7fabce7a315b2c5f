"""What changed: how much of a difference is other customers or questions (mix), and how much is other service (performance)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]
DRAWS = 1000
MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Part:
    """What one group contributed to the change, in marks: by its share (mix) and by its own mark (performance)."""

    group: str
    mix: float
    performance: float
    low: float = float("nan")
    high: float = float("nan")

    @property
    def total(self) -> float:
        """The group's whole contribution."""
        return self.mix + self.performance


@dataclass(frozen=True, slots=True)
class Split:
    """A change in marks and the parts that add up to it; `mostly_mix`: other customers or questions, not a worse service."""

    change: float
    mix: float
    performance: float
    parts: tuple[Part, ...]

    @property
    def mostly_mix(self) -> bool:
        """Whether the mix moved more than the performance did."""
        moved = abs(self.mix) + abs(self.performance)
        return moved > 0 and abs(self.mix) / moved > MOSTLY

    def top(self, k: int = 3) -> tuple[Part, ...]:
        """The k groups that moved the mark most, either way."""
        return tuple(sorted(self.parts, key=lambda part: -abs(part.total))[:k])


def kitagawa(
    groups: Sequence[str], n_before: ArrayLike, mean_before: ArrayLike, n_after: ArrayLike, mean_after: ArrayLike
) -> Split:
    """Split a change of a mean mark over groups, symmetric and exact: mix (shares moved) and performance (marks moved).

    Cases n and mean marks per group in both periods; a group absent in one period takes its mark from the other (Kitagawa 1955).

    >>> split = kitagawa(["phone", "chat"], [80, 20], [7.0, 6.0], [50, 50], [7.0, 6.0])
    >>> round(split.change, 2), round(split.mix, 2), round(split.performance, 2), split.mostly_mix
    (-0.3, -0.3, 0.0, True)
    """
    n0, n1, m0, m1 = (np.asarray(part, float) for part in (n_before, n_after, mean_before, mean_after))
    mix, performance = _split(n0, np.where(n0 > 0, m0, m1), n1, np.where(n1 > 0, m1, m0))
    parts = tuple(Part(g, float(a), float(b)) for g, a, b in zip(groups, mix, performance, strict=True))
    return Split(float(mix.sum() + performance.sum()), float(mix.sum()), float(performance.sum()), parts)


def with_intervals(
    split: Split,
    n_before: ArrayLike,
    mean_before: ArrayLike,
    variance_before: ArrayLike,
    n_after: ArrayLike,
    mean_after: ArrayLike,
    variance_after: ArrayLike,
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> Split:
    """The same split with a 95% interval per group's total: shares drawn multinomially, means by the variance of their marks."""
    rng = np.random.default_rng(seed)
    drawn = []
    for n, mean, variance in ((n_before, mean_before, variance_before), (n_after, mean_after, variance_after)):
        cases = np.asarray(n, float)
        counts = rng.multinomial(int(cases.sum()), cases / cases.sum(), size=draws).astype(float)
        noise = np.sqrt(np.asarray(variance, float) / np.maximum(counts, 1.0))
        drawn += [counts, np.asarray(mean, float) + rng.normal(size=counts.shape) * noise]
    total = np.add(*_split(*drawn))
    low, high = np.quantile(total, [0.025, 0.975], axis=0)
    bounded = (Part(p.group, p.mix, p.performance, float(a), float(b)) for p, a, b in zip(split.parts, low, high, strict=True))
    return Split(split.change, split.mix, split.performance, tuple(bounded))


def since_when(values: ArrayLike, minimum: int = 5) -> tuple[int, ...]:
    """Where a series changed level: the index of each first value after a change, by PELT (Killick et al. 2012, ruptures).

    Least squares, penalty 2 sigma^2 ln n with sigma from successive differences; at least `minimum` values per level.

    >>> rng = np.random.default_rng(0)
    >>> since_when(np.r_[rng.normal(8, 0.2, 60), rng.normal(7, 0.2, 40)])
    (60,)
    """
    series = np.asarray(values, float)
    if len(series) < 2 * minimum:
        return ()
    import ruptures

    steps = np.diff(series)
    sigma2 = float(np.median(np.abs(steps)) / 0.6745) ** 2 / 2
    found = (
        ruptures.Pelt(model="l2", min_size=minimum, jump=1).fit(series).predict(pen=2 * max(sigma2, 1e-12) * np.log(len(series)))
    )
    return tuple(int(at) for at in found[:-1])


def _split(n0: Floats, m0: Floats, n1: Floats, m1: Floats) -> tuple[Floats, Floats]:
    s0, s1 = n0 / n0.sum(-1, keepdims=True), n1 / n1.sum(-1, keepdims=True)
    both, level = (m0 + m1) / 2, ((s0 * m0).sum(-1, keepdims=True) + (s1 * m1).sum(-1, keepdims=True)) / 2
    return (s1 - s0) * (both - level), (s0 + s1) / 2 * (m1 - m0)
