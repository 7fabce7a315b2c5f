"""The week: every cell against its promise, against last week and last year, and the journey as a whole."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from metrics.delivered import Delivered
from metrics.evidence import TOO_FEW
from metrics.gap import gap, gap_shape
from metrics.intervals import Z95, Interval, difference
from metrics.journey import journey_from_stages, journey_weights
from metrics.privacy import FLOOR
from metrics.promise import Expectation, Promise, Survey, expectation
from metrics.scorecard import EVERYONE, Scorecard, scorecard
from metrics.verdict import benjamini_hochberg

LAST, YEAR = "last week", "last year"


@dataclass(frozen=True, slots=True)
class Told:
    """What customers of a stage were told, and what they said they expected: promises, and surveys by the moment they began.

    `followed` are ids of promises that another version replaced: those do not linger in memory, their successor took their place.
    """

    promises: tuple[Promise, ...] = ()
    surveys: tuple[tuple[int, Survey], ...] = ()
    followed: frozenset[str] = frozenset()

    def raised(self, channel: str, at: int) -> Expectation | None:
        """The expectation at a moment (epoch ms): of one channel its own promises and those for all, of '' every promise."""
        said = [p for p in self.promises if not (p.id in self.followed and p.valid_to is not None and at >= p.valid_to)]
        own = [promise for promise in said if not channel or promise.channel in ("", channel)]
        asked = [survey for begun, survey in self.surveys if begun <= at]
        return expectation(own or said, at, asked[-1] if asked else None)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which week, of which journey: `weeks` are the buckets to draw, oldest first, each ending at `ends` (UTC epoch ms).

    `last` and `year` name the buckets of the frame to compare with (the same days of a week that is not over), None without.
    """

    stages: tuple[str, ...]
    truth: tuple[bool, ...]
    weeks: tuple[int, ...]
    ends: tuple[int, ...]
    told: Mapping[str, Told]
    last: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A difference with another week, and whether it is demonstrable among all the comparisons made at once."""

    shown: Interval
    demonstrable: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One stage on one channel ('' is all channels) in the week: mark, evidence, gap, changes, and the weeks before.

    `status` is solid, indicative or too_few; `shape` below, above, on or unsure ('' without a promise). `series` and `bar` are
    the marks and the expected marks of each week, NaN where there is too little evidence or no promise. `guarded`: nothing of
    it may be shown, since others of fewer than 5 customers would follow from it.
    """

    stage: str
    channel: str
    mark: Interval
    n: float
    status: str
    derived: bool
    contradict: bool
    expected: Expectation | None
    gap: Interval | None
    shape: str
    since: Mapping[str, Change]
    series: tuple[float, ...]
    bar: tuple[float, ...]
    guarded: bool = False

    @property
    def private(self) -> bool:
        """Whether not even its number of customers may be shown."""
        return self.guarded or 0 < self.n < FLOOR


@dataclass(frozen=True, slots=True)
class Point:
    """The whole journey in one week: experience with interval, and the promise, NaN without one."""

    week: int
    value: float
    low: float
    high: float
    promise: float
    promise_low: float
    promise_high: float


@dataclass(frozen=True, slots=True)
class Week:
    """One week: the journey's points of all weeks (the last is this one), its stages and cells, and what is behind them.

    `gap` is experience minus promise of the whole journey; `since` its changes; `weakest` the stage with the lowest mark.
    """

    week: int
    points: tuple[Point, ...]
    gap: Interval | None
    shape: str
    since: Mapping[str, Change]
    mean: float
    weakest: str
    contacts: float
    unplaced: float
    channels: tuple[str, ...]
    rows: tuple[Cell, ...]
    cells: tuple[Cell, ...]
    compared: int

    @property
    def now(self) -> Point:
        """This week's point."""
        return self.points[-1]

    def row(self, stage: str) -> Cell:
        """The stage over all channels; KeyError when it is not on this journey."""
        return next((row for row in self.rows if row.stage == stage), None) or _missing(stage, "")

    def cell(self, stage: str, channel: str) -> Cell:
        """The stage on one channel; KeyError when there is no such cell."""
        found = (cell for cell in self.cells if (cell.stage, cell.channel) == (stage, channel))
        return next(found, None) or _missing(stage, channel)


def read_week(rows: Mapping[str, ArrayLike], asked: Asked) -> Week:
    """The week `asked.weeks[-1]` from rollup rows (bucket, stage, channel, segment, metric, n, w, w2, m1, m2, v).

    `rows` hold one segment, under segment ''. Changes are demonstrable after Benjamini-Hochberg (10%) over all of one kind.
    """
    buckets = _buckets(asked)
    channels = _channels(rows, asked)
    axes = {"bucket": buckets, "stage": asked.stages, "channel": channels or ("",), "segment": (EVERYONE,)}
    card = scorecard(rows, axes=axes)
    raised = _raised(asked, channels)
    stages = [_cell(card.stages, (slice(None), i, 0), (s, ""), raised[s, ""], asked) for i, s in enumerate(asked.stages)]
    cells = [
        _cell(card.cells, (slice(None), i, j, 0), (s, c), raised[s, c], asked)
        for i, s in enumerate(asked.stages)
        for j, c in enumerate(channels)
    ]
    judged = _judge([*stages, *cells])
    points = _points(card, asked, raised)
    return _whole(asked, rows, points, _compared(card, asked, raised), channels, judged, len(asked.stages))


def _whole(asked: Asked, rows: Any, points: Any, others: dict, channels: Any, judged: list[Cell], stages: int) -> Week:
    now = points[-1]
    shown = _gap_of(now)
    contacts, unplaced = _contacts(rows, asked)
    marked = [cell for cell in judged[:stages] if cell.status != TOO_FEW]
    return Week(
        week=asked.weeks[-1],
        points=points,
        gap=shown,
        shape=gap_shape(shown) if shown else "",
        since={name: _single(now, other) for name, other in others.items() if math.isfinite(other.value)},
        mean=float(np.mean([cell.mark.value for cell in marked])) if marked else math.nan,
        weakest=min(marked, key=lambda cell: cell.mark.value).stage if marked else "",
        contacts=contacts,
        unplaced=unplaced,
        channels=tuple(channels),
        rows=tuple(judged[:stages]),
        cells=tuple(judged[stages:]),
        compared=sum(LAST in cell.since for cell in judged),
    )


def _buckets(asked: Asked) -> tuple[int, ...]:
    extra = [bucket for bucket in (asked.last, asked.year) if bucket is not None and bucket not in asked.weeks]
    return (*asked.weeks, *dict.fromkeys(extra))


def _channels(rows: Mapping[str, ArrayLike], asked: Asked) -> list[str]:
    """Channels with a mark in these weeks, the most used one first in the registry's own order left to the page."""
    bucket, channel, marked = (np.asarray(rows[name]) for name in ("bucket", "channel", "m1"))
    here = np.isin(bucket, asked.weeks) & (marked.astype(float) > 0)
    return sorted(set(channel[here].tolist()))


def _raised(asked: Asked, channels: list[str]) -> dict[tuple[str, str], list[Expectation | None]]:
    """The expectation of every cell and stage at the end of each week."""
    told = {stage: asked.told.get(stage, Told()) for stage in asked.stages}
    return {(s, c): [told[s].raised(c, end) for end in asked.ends] for s in asked.stages for c in ("", *channels)}


def _cell(of: Delivered, at: tuple, name: tuple[str, str], raised: list[Expectation | None], asked: Asked) -> Cell:
    value, low, high, status = (getattr(of, part)[at] for part in ("value", "low", "high", "status"))
    i = len(asked.weeks) - 1
    mark = Interval(float(value[i]), float(low[i]), float(high[i]))
    expected = raised[-1]
    shown = gap(mark, expected.interval) if expected and str(status[i]) != TOO_FEW else None
    enough = np.asarray(status) != TOO_FEW
    return Cell(
        *name,
        mark=mark,
        n=float(of.n[at][i]),
        status=str(status[i]),
        derived=bool(of.derived[at][i]),
        contradict=bool(of.contradict[at][i]),
        expected=expected,
        gap=shown,
        shape=gap_shape(shown) if shown else "",
        since=_since(mark, value, low, high, enough, asked),
        series=tuple(np.where(enough, value, np.nan)[: i + 1].tolist()),
        bar=tuple(e.value if e else math.nan for e in raised),
    )


def _since(mark: Interval, value: Any, low: Any, high: Any, enough: Any, asked: Asked) -> dict[str, Change]:
    """The changes against the weeks to compare with, where both have enough evidence; judged later, all together."""
    found = {}
    for name, bucket in ((LAST, asked.last), (YEAR, asked.year)):
        if bucket is None:
            continue
        j = _buckets(asked).index(bucket)
        if enough[j] and enough[len(asked.weeks) - 1]:
            found[name] = Change(difference(mark, Interval(float(value[j]), float(low[j]), float(high[j]))), False)
    return found


def _judge(cells: list[Cell]) -> list[Cell]:
    """Mark the changes that Benjamini-Hochberg finds among all cells, last week and last year apart."""
    out = list(cells)
    for name in (LAST, YEAR):
        having = [i for i, cell in enumerate(out) if name in cell.since]
        found = benjamini_hochberg([p_of(out[i].since[name].shown) for i in having])
        for i, sure in zip(having, found, strict=True):
            shown = out[i].since[name].shown
            out[i] = replace(out[i], since={**out[i].since, name: Change(shown, bool(sure) and not shown.low <= 0 <= shown.high)})
    return out


def p_of(shown: Interval) -> float:
    """The two-sided p-value that an interval of a difference stands for, by its half-width (normal).

    >>> round(p_of(Interval(1.96, 0.0, 3.92)), 3)
    0.05
    """
    half = shown.half
    return math.erfc(abs(shown.value) / half * Z95 / math.sqrt(2)) if half > 0 else 1.0


def _points(card: Scorecard, asked: Asked, raised: Mapping) -> tuple[Point, ...]:
    """The journey in every week; each promise by this week's weights, so that its line moves only when a promise does."""
    points = [_point(card, asked, raised, i) for i in range(len(asked.weeks))]
    marks = np.where(card.stages.status[len(points) - 1, :, 0] != TOO_FEW, card.stages.value[len(points) - 1, :, 0], np.nan)
    wanted = [
        np.array([e.value if (e := raised[stage, ""][i]) else np.nan for stage in asked.stages]) for i in range(len(points))
    ]
    weights = journey_weights(marks, wanted[-1], asked.truth)
    for i, point in enumerate(points[:-1]):
        promise, sd = _promised(weights, wanted[i], [raised[stage, ""][i] for stage in asked.stages])
        low, high = max(1.0, promise - Z95 * sd), min(10.0, promise + Z95 * sd)
        points[i] = replace(point, promise=promise, promise_low=low, promise_high=high)
    return tuple(points)


def _point(card: Scorecard, asked: Asked, raised: Mapping, i: int, bucket: int | None = None) -> Point:
    """The journey in bucket i (or in `bucket`, to compare with): J from stage marks, its promise by the same weights."""
    at = i if bucket is None else _buckets(asked).index(bucket)
    enough = card.stages.status[at, :, 0] != TOO_FEW
    marks = np.where(enough, card.stages.value[at, :, 0], np.nan)
    variances = np.where(enough, card.stages.variance[at, :, 0], 0.0)
    hopes = [raised[stage, ""][i] for stage in asked.stages]
    wanted = np.array([hope.value if hope else np.nan for hope in hopes])
    week = asked.weeks[i] if bucket is None else bucket
    if enough.sum() < 2:
        return Point(week, *(math.nan,) * 6)
    shown = journey_from_stages(marks, variances, wanted, asked.truth, seed=abs(week))
    promise, sd = _promised(journey_weights(marks, wanted, asked.truth), wanted, hopes)
    low, high = max(1.0, promise - Z95 * sd), min(10.0, promise + Z95 * sd)
    return Point(week, shown.value, shown.low, shown.high, promise, low, high)


def _promised(weights: Any, wanted: Any, hopes: list[Expectation | None]) -> tuple[float, float]:
    """The journey's promise and its standard deviation: the same weights, over the stages that have a promise."""
    there = np.isfinite(wanted) & np.isfinite(weights)
    total = float(weights[there].sum())
    if total <= 0:
        return math.nan, math.nan
    share = np.where(there, weights, 0.0) / total
    variance = sum(w * w * hope.variance for w, hope in zip(share, hopes, strict=True) if hope)
    return float((share * np.nan_to_num(wanted)).sum()), math.sqrt(variance)


def _compared(card: Scorecard, asked: Asked, raised: Mapping) -> dict[str, Point]:
    pairs = ((LAST, asked.last), (YEAR, asked.year))
    return {name: _point(card, asked, raised, len(asked.weeks) - 1, b) for name, b in pairs if b is not None}


def _gap_of(point: Point) -> Interval | None:
    if not math.isfinite(point.value + point.promise):
        return None
    expected = Interval(point.promise, point.promise_low, point.promise_high)
    return gap(Interval(point.value, point.low, point.high), expected)


def _single(now: Point, other: Point) -> Change:
    shown = difference(Interval(now.value, now.low, now.high), Interval(other.value, other.low, other.high))
    return Change(shown, not shown.low <= 0 <= shown.high)


def _contacts(rows: Mapping[str, ArrayLike], asked: Asked) -> tuple[float, float]:
    """Contacts of the week, and how many of them could not be placed in a stage."""
    bucket, stage, metric, n = (np.asarray(rows[name]) for name in ("bucket", "stage", "metric", "n"))
    here = (bucket == asked.weeks[-1]) & (metric == "contacts")
    return float(n[here].sum()), float(n[here & (stage == "")].sum())


def _missing(stage: str, channel: str) -> Cell:
    raise KeyError(f"cell {stage!r} on {channel or 'all channels'!r} is not in this week")
