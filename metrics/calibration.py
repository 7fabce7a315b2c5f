"""Calibration: knots learned from customers who gave a mark to what was also measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.knots import Knots

Floats = NDArray[np.floating]
PAIRS, FOLDS = 200, 5
BETTER_BY = 0.02
ANCHORS = (3.0, 5.5, 8.0)
EDGES, REACHED = (0.025, 0.975), 0.01  # the outermost customers, and how near the end of a line they must be
NEEDED = (5.5, 8.0)  # the two that people argue about; single marks scatter so much that a mean of 3 is seldom seen


@dataclass(frozen=True, slots=True)
class Calibration:
    """The outcome: the knots to use from now on, whether they are new, and the out-of-fold error (marks) before and after.

    `missing` are the marks (5.5, 8) that customers' means never cross: without them there is no line.
    """

    knots: Knots
    accepted: bool
    error_before: float
    error_after: float
    missing: tuple[float, ...] = ()


def calibrate(raw: ArrayLike, mark: ArrayLike, knots: Knots, *, seed: int = 0) -> Calibration:
    """New knots where isotonic regression of customers' marks on raw values crosses 5.5 and 8, and 3 where they do.

    The line's ends stay, unless a crossing passed them, or customers reached one: then it takes theirs. Accepted only when
    the 5-fold error falls by 2% or more and both crossings exist; otherwise the knots stay. ValueError below 200 pairs.
    """
    x, y = np.asarray(raw, float), np.asarray(mark, float)
    if x.size < PAIRS or x.size != y.size:
        raise ValueError(f"calibration: {x.size} values, {y.size} marks, expected {PAIRS} pairs or more. Keep the knots.")
    fold = np.random.default_rng(seed).permutation(x.size) % FOLDS
    guess = np.empty(x.size)
    for f in range(FOLDS):
        inside = _knots_from(x[fold != f], y[fold != f], knots)
        guess[fold == f] = (inside or knots).mark(x[fold == f])
    before, after = _error(knots.mark(x), y), _error(guess, y)
    missing = tuple(anchor for anchor in NEEDED if _crossing(*_fitted(x, y, knots), anchor, knots.rising) is None)
    found = _knots_from(x, y, knots)
    if found is None or after > before * (1 - BETTER_BY):
        return Calibration(knots, False, before, after, missing)
    return Calibration(found, True, before, after)


def link_sentiment(compound: ArrayLike, csat_mark: ArrayLike) -> tuple[float, float]:
    """The line a + b c that gives sentiment (-1..1) the mean and standard deviation of satisfaction marks in the same cell.

    The only mapping allowed before sentiment is calibrated on pairs. ValueError when the sentiment does not vary.

    >>> a, b = link_sentiment([-0.5, 0.5], [6.0, 8.0])
    >>> a, b
    (7.0, 2.0)
    """
    c, marks = np.asarray(compound, float), np.asarray(csat_mark, float)
    if c.size < 2 or c.std() == 0:
        raise ValueError(f"sentiment link: {c.size} values without spread, expected different ones. Keep 5.5 + 4.5c.")
    b = float(marks.std() / c.std())
    return float(marks.mean() - b * c.mean()), b


def _fitted(x: Floats, y: Floats, old: Knots) -> tuple[Floats, Floats]:
    """The distinct values, and the mean mark that isotonic regression gives each."""
    from sklearn.isotonic import IsotonicRegression

    grid = np.unique(x)
    return grid, IsotonicRegression(increasing=old.rising, out_of_bounds="clip").fit(x, y).predict(grid)


def _knots_from(x: Floats, y: Floats, old: Knots) -> Knots | None:
    grid, fitted = _fitted(x, y, old)
    at = {anchor: _crossing(grid, fitted, anchor, old.rising) for anchor in ANCHORS}
    points = {anchor: value for anchor, value in at.items() if value is not None}
    if not set(NEEDED) <= set(points):
        return None
    inner = sorted(points.values())
    low, high = _end(old.x[0], inner[0], inner[1]), _end(old.x[-1], inner[-1], inner[-2])
    outer = np.interp(np.quantile(x, EDGES), grid, fitted)
    near = REACHED * (high - low)
    first = _end_mark(old.y[0], float(outer[0]), points, grid[0] <= low + near)
    last = _end_mark(old.y[-1], float(outer[1]), points, grid[-1] >= high - near)
    pairs = sorted([(low, first), (high, last), *((value, anchor) for anchor, value in points.items())])
    xs, ys = tuple(value for value, _ in pairs), tuple(mark for _, mark in pairs)
    steps = np.diff(ys) * (1 if old.rising else -1)
    if (np.diff(xs) <= 0).any() or (steps <= 0).any():
        return None
    return replace(old, x=xs, y=ys, basis="calibrated", version=old.version + 1, source="isotonic regression on customers' marks")


def _end(old: float, last: float, before: float) -> float:
    """The end of the line: where it was, or one step further out when customers' crossings have passed it."""
    passed = old <= last if last > before else old >= last
    return last + (last - before) if passed else old


def _end_mark(old: float, seen: float, anchors: Iterable[float], reached: bool) -> float:
    """The mark at an end: what the outermost customers gave if they reached it and it lies beyond every anchor, else the old."""
    beyond = seen < min(anchors) if old < min(anchors) else seen > max(anchors)
    return seen if reached and beyond else old


def _crossing(grid: Floats, fitted: Floats, anchor: float, rising: bool) -> float | None:
    """The raw value where the fitted step line passes `anchor`, half-way between the values on either side."""
    past = fitted >= anchor if rising else fitted <= anchor
    if past.all() or not past.any():
        return None
    first = int(past.argmax())
    return float(grid[first - 1] + grid[first]) / 2


def _error(guess: Floats, truth: Floats) -> float:
    return float(np.sqrt(np.mean((guess - truth) ** 2)))
