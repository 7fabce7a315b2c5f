"""Honest averages: shares and mean marks corrected for what the classifier is known to get wrong.

A classifier that calls one positive in five negative makes every average worse than the truth, by an amount that depends
on the truth. From a labelled sample of the same kind of text the confusion is known; the shares that were counted are
then C'q, with q the true shares and C[i, j] the chance that class i is called j, and q is found by least squares on the
simplex (adjusted count: Forman 2008; King & Lu 2008 for several classes). The interval is a bootstrap over both the
labelled sample and the counts. Where the sample is too small, or the confusion says next to nothing, None is returned:
no number is better than a made-up one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAST_PER_CLASS = 20
LEAST_TELLING = 0.1
DRAWS = 1000
Floats = NDArray[Any]


class Shares(NamedTuple):
    """True shares per class as estimated, with a 95% interval per class; `labelled` is the size of the sample."""

    classes: tuple[str, ...]
    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    labelled: int


class Mean(NamedTuple):
    """A mean as estimated, with its 95% interval."""

    value: float
    low: float
    high: float


def true_shares(
    counted: dict[str, int],
    labelled: Sequence[tuple[str, str]],
    classes: Sequence[str] = ("negative", "neutral", "positive"),
    seed: int = 0,
) -> Shares | None:
    """The true shares behind `counted` (how many texts the classifier put in each class).

    `labelled` are pairs (true class, class by the classifier) of a sample; None with fewer than LEAST_PER_CLASS of a
    class, with nothing counted, or when the classifier hardly tells the classes apart.
    """
    draws = _draws(counted, labelled, classes, seed)
    if draws is None:
        return None
    best, drawn = draws
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    low, high = np.minimum(low, best), np.maximum(high, best)
    shares = [tuple(np.round(row, 4).tolist()) for row in (best, low, high)]
    return Shares(tuple(classes), shares[0], shares[1], shares[2], len(labelled))


def true_mean(
    counted: dict[str, int],
    labelled: Sequence[tuple[str, str]],
    marks: dict[str, float],
    seed: int = 0,
) -> Mean | None:
    """The mean of `marks` (a value per class, say a report mark 1-10) over the true shares; None as `true_shares`."""
    classes = tuple(marks)
    draws = _draws(counted, labelled, classes, seed)
    if draws is None:
        return None
    values = np.array([marks[name] for name in classes])
    best, drawn = draws
    low, high = np.percentile(drawn @ values, [2.5, 97.5])
    value = float(best @ values)
    return Mean(round(value, 4), round(min(float(low), value), 4), round(max(float(high), value), 4))


def _draws(
    counted: dict[str, int], labelled: Sequence[tuple[str, str]], classes: Sequence[str], seed: int
) -> tuple[Floats, Floats] | None:
    """The best estimate and DRAWS bootstrap estimates of the true shares, or None."""
    confusion = _confusion(labelled, classes)
    counts = np.array([counted.get(name, 0) for name in classes], dtype=np.float64)
    if counts.sum() == 0 or confusion.sum(axis=1).min() < LEAST_PER_CLASS:
        return None
    if abs(np.linalg.det(_rates(confusion))) < LEAST_TELLING ** (len(classes) - 1):
        return None
    random = np.random.default_rng(seed)
    rows = [random.multinomial(int(row.sum()), (row + 0.5) / (row + 0.5).sum(), DRAWS) for row in confusion]
    resampled = np.stack(rows, axis=1)
    seen = random.multinomial(int(counts.sum()), counts / counts.sum(), DRAWS) / counts.sum()
    drawn = np.array([_unmix(_rates(one), q) for one, q in zip(resampled, seen, strict=True)])
    return _on_simplex(_unmix(_rates(confusion), counts / counts.sum())), drawn


def _confusion(labelled: Sequence[tuple[str, str]], classes: Sequence[str]) -> Floats:
    places = {name: place for place, name in enumerate(classes)}
    table = np.zeros((len(classes), len(classes)))
    for truth, called in labelled:
        table[places[truth], places[called]] += 1
    return table


def _rates(confusion: Floats) -> Floats:
    smoothed = confusion + 0.5 / len(confusion)
    return np.asarray(smoothed / smoothed.sum(axis=1, keepdims=True), dtype=np.float64)


def _unmix(rates: Floats, seen: Floats) -> Floats:
    """The shares that `rates` turn into `seen`; not clipped, since clipping draws would shorten the interval."""
    return np.linalg.solve(rates.T, seen)


def _on_simplex(shares: Floats) -> Floats:
    """The nearest shares that are not negative and sum to one (Duchi et al. 2008)."""
    ordered = np.sort(shares)[::-1]
    sums = np.cumsum(ordered) - 1
    count = int(np.nonzero(ordered - sums / np.arange(1, len(shares) + 1) > 0)[0][-1]) + 1
    return np.asarray(np.maximum(shares - sums[count - 1] / count, 0.0), dtype=np.float64)
