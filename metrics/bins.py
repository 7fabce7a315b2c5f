"""Bins of durations: what a rollup keeps of a wait, exact at every step that can be promised.

Bin i holds durations above EDGES[i-1] up to and including EDGES[i]; the last bin (BINS - 1) holds what is longer than 30 days,
OPEN what is not answered yet. Edges are 5% apart, and every communicable step is an edge, so "within 1 hour" is exact.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence

MINUTE, HOUR, DAY = 60, 3600, 86400
VERSION = 1
OPEN = -1
STEPS: tuple[int, ...] = (
    *(5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 600),
    *(m * MINUTE for m in (15, 20, 30, 45, 90)),
    *(h * HOUR for h in (1, 2, 3, 4, 6, 8, 10, 12, 16, 18, 24, 36, 48, 72)),
    *(d * DAY for d in (4, 5, 6, 7, 8, 10, 14, 21, 28, 30)),
)


def _edges() -> tuple[float, ...]:
    steps = math.ceil(math.log(30 * DAY) / math.log(1.05))
    geometric = {round(1.05**k, 3) for k in range(steps)}
    return tuple(sorted(float(edge) for edge in geometric | set(STEPS)))


EDGES: tuple[float, ...] = _edges()
BINS = len(EDGES) + 1
Counts = Mapping[int, float] | Sequence[float]


def bin_of(seconds: float) -> int:
    """The bin (0 to BINS - 1) of a duration in seconds; ValueError below zero or for NaN.

    >>> EDGES[bin_of(3600)], EDGES[bin_of(3600)] == EDGES[bin_of(3599)], bin_of(0)
    (3600.0, True, 0)
    """
    if not seconds >= 0:
        raise ValueError(f"duration: found {seconds!r}, expected seconds from 0. Check the order of start and end.")
    return bisect_left(EDGES, seconds)


def within(counts: Counts, seconds: float, open_due: float | None = None) -> tuple[float, float]:
    """How many were done within `seconds`, and of how many: (kept, n).

    `counts` maps bin to cases (or lists them by bin). Of the OPEN ones only those older than the promise count: `open_due`
    of them, all when None. Between two edges the bin's cases are spread evenly.

    >>> within({bin_of(30): 8, bin_of(60): 1, OPEN: 1}, 30)
    (8.0, 10.0)
    """
    done = _done(counts)
    pending = _open(counts) if open_due is None else open_due
    return sum(count * _part_below(bin, seconds) for bin, count in done), sum(count for _, count in done) + pending


def share_within(counts: Counts, seconds: float, open_due: float | None = None) -> float:
    """The share (0-1) done within `seconds`, exact where that is an edge (`is_edge`); NaN without cases.

    >>> share_within({bin_of(20): 3, bin_of(61): 1}, 60)
    0.75
    """
    kept, n = within(counts, seconds, open_due)
    return kept / n if n else math.nan


def is_edge(seconds: float) -> bool:
    """Whether shares within `seconds` are exact; if not, `share_within` may be off by part of one 5% bin.

    >>> is_edge(7200), is_edge(7201)
    (True, False)
    """
    return float(seconds) in EDGES


def quantile(counts: Counts, q: float) -> float:
    """The q-quantile (0-1) in seconds, linear within its bin; infinite when it lies among the open or past 30 days.

    >>> quantile({bin_of(60): 10}, 1.0), quantile({bin_of(60): 1, OPEN: 9}, 0.5)
    (60.0, inf)
    """
    done = _done(counts)
    n = sum(count for _, count in done) + _open(counts)
    if not n:
        return math.nan
    target, below = q * n, 0.0
    for bin, count in done:
        if count and below + count >= target:
            return _at(bin, (target - below) / count)
        below += count
    return math.inf


def _done(counts: Counts) -> list[tuple[int, float]]:
    pairs = counts.items() if isinstance(counts, Mapping) else enumerate(counts)
    return sorted((int(bin), float(count)) for bin, count in pairs if bin != OPEN)


def _open(counts: Counts) -> float:
    return float(counts.get(OPEN, 0.0)) if isinstance(counts, Mapping) else 0.0


def _low(bin: int) -> float:
    return EDGES[bin - 1] if bin else 0.0


def _part_below(bin: int, seconds: float) -> float:
    if bin >= len(EDGES):
        return 0.0
    low, high = _low(bin), EDGES[bin]
    return min(1.0, max(0.0, (seconds - low) / (high - low)))


def _at(bin: int, part: float) -> float:
    if bin >= len(EDGES):
        return math.inf
    return _low(bin) + part * (EDGES[bin] - _low(bin))
