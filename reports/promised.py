"""The register judged: every promise with its verdict, how sure that is, what delivery can reach, and the advice that follows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from config.journey import Journey
from metrics.advice import Advice, Case, advise
from metrics.bins import bin_of
from metrics.capability import WINDOW, Capability, hard_capability, rolling, soft_capability
from metrics.delivered import delivered
from metrics.evidence import TOO_FEW
from metrics.gap import gap
from metrics.intervals import Interval, wilson
from metrics.knots import KnotsBook
from metrics.promise import DEFAULT_SHARE, Expectation
from metrics.registry import metric as metric_of
from metrics.scorecard import COLUMNS, Scorecard, scorecard
from metrics.summaries import Sums, summarise
from metrics.verdict import (
    BROKEN,
    OVER,
    UNPROVEN,
    Z_DAY,
    Z_MONTH,
    Verdict,
    hard_verdict,
    in_one_list,
    kept_but_unhappy,
    quantile_limit,
    soft_verdict,
)
from metrics.verdict import standing as stands
from metrics.weekly import Told
from metrics.weeks import day_from, day_key, monday, span, week_of
from store.engine import Engine
from store.people.expectations import told
from store.people.knots import current_book
from store.people.promises import Promise, register
from store.reads.kept import Bar, counts_of, kept_frame
from store.reads.scorecard import day_frame, week_frame

MONTH, DAYS = "month", "days"
WINDOW_DAYS = 28
LOOKS = 7
WEEKS = 52
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a verdict rests on (20261001 up to and including 20261031); `final` once they are all over."""

    kind: str
    first: int
    last: int
    final: bool

    @property
    def z(self) -> float:
        """How strict a verdict is: a daily look is stricter, because it looks again tomorrow."""
        return Z_MONTH if self.kind == MONTH else Z_DAY


@dataclass(frozen=True, slots=True)
class Weekly:
    """Cases of one week: `kept` within the bar, of `n`."""

    week: int
    kept: float
    n: float


@dataclass(frozen=True, slots=True)
class Standing:
    """One promise as it stands: verdict (share kept, or gap in marks), advice, and the experience beside it.

    `target` is the promised share, or for a soft promise the expected mark; `mark` the experience of its stage and channel.
    """

    promise: Promise
    verdict: Verdict
    advice: Advice
    capability: Capability
    target: float
    weeks: tuple[Weekly, ...]
    mark: Interval
    mark_n: float
    expected: Expectation | None
    unhappy: bool
    case: Case


@dataclass(frozen=True, slots=True)
class Register:
    """Every promise in force in a period, the broken ones first, then by how sure the verdict is; `book` is the store's knots."""

    period: Period
    rows: tuple[Standing, ...]
    book: KnotsBook | None = None

    def count(self, verdict: str) -> int:
        """How many promises have this verdict."""
        return sum(row.verdict.verdict == verdict for row in self.rows)


def period_of(kind: str, now: datetime) -> Period:
    """The last calendar month that is over, or the last 28 days up to today (local)."""
    if kind == MONTH:
        last = now.date().replace(day=1) - timedelta(days=1)
        return Period(MONTH, day_key(last.replace(day=1)), day_key(last), True)
    return Period(DAYS, day_key(now.date() - timedelta(days=WINDOW_DAYS - 1)), day_key(now.date()), False)


def judged(
    engine: Engine, journey: Journey, zone: ZoneInfo, now: datetime, kind: str = MONTH, leading: Sequence[str] = ()
) -> Register:
    """Every promise in force at the end of the period with its verdict and advice; `leading` are priority's leading stages.

    Verdicts of one list are corrected together (Benjamini-Hochberg, 10%).
    """
    period = period_of(kind, now)
    end = _end_ms(period.last, zone, now)
    promises = [p for p in register(engine, journey.id) if p.state == "approved" and p.holds(end)]
    facts = Facts(engine, journey, period, promises, zone, now)
    verdicts = in_one_list([facts.verdict(promise) for promise in promises])
    rows = [facts.standing(p, verdict) for p, verdict in zip(promises, verdicts, strict=True)]
    order = {"broken": 0, UNPROVEN: 1, "kept": 2, "over_delivered": 3}
    found = Register(period, tuple(sorted(rows, key=lambda row: (order[row.verdict.verdict], row.promise.code))), facts.book)
    return advised(found, leading) if leading else found


def advised(found: Register, leading: Sequence[str]) -> Register:
    """The same register with the advice that follows when these stages lead: verdicts stay, nothing is read again."""
    cases = [replace(row.case, leading=row.promise.stage in leading) for row in found.rows]
    rows = [replace(row, case=c, advice=advise(c, found.book)) for row, c in zip(found.rows, cases, strict=True)]
    return replace(found, rows=tuple(rows))


class Facts:
    """Everything that the verdicts of one period rest on, read once for all promises."""

    def __init__(
        self, engine: Engine, journey: Journey, period: Period, promises: list[Promise], zone: ZoneInfo, now: datetime
    ) -> None:
        self.engine, self.journey, self.period, self.zone, self.now = engine, journey, period, zone, now
        self.bars = {p.code: bar_of(p) for p in promises if _is_duration(p)}
        bars = list(self.bars.values())
        looks_from = day_key(day_from(period.first) - timedelta(days=LOOKS))
        self.daily: Any = kept_frame(engine, journey.id, bars, looks_from, period.last, "day")
        self.end = day_from(period.last)
        self.book = current_book(engine)
        self.week_names = span(week_of(self.end), WEEKS)
        self.segments = sorted({p.segment for p in promises} | {""})
        self.told: dict[str, dict[str, Told]] = {segment: told(engine, journey, segment) for segment in self.segments}
        self.days = {s: day_frame(engine, journey.id, period.first, period.last, s) for s in self.segments}
        self.cards = {s: _card(frame.assign(bucket=0), journey, [0]) for s, frame in self.days.items()}

    @cached_property
    def weekly(self) -> Any:
        """Kept and counted cases per week of the year: a verdict alone never asks for them."""
        return kept_frame(self.engine, self.journey.id, list(self.bars.values()), self.week_names[0], self.week_names[-1], "week")

    @cached_property
    def weeks(self) -> dict[str, Any]:
        """The year's week rows per segment."""
        first, last = self.week_names[0], self.week_names[-1]
        return {s: week_frame(self.engine, self.journey.id, first, last, s) for s in self.segments}

    @cached_property
    def week_cards(self) -> dict[str, Scorecard | None]:
        """The year's weekly marks per segment."""
        return {s: _card(frame, self.journey, self.week_names) for s, frame in self.weeks.items()}

    def verdict(self, promise: Promise) -> Verdict:
        """The verdict on the period's own evidence."""
        if promise.kind == "soft":
            mark, n = self.mark(promise)
            expected = self.expected(promise)
            if expected is None or not math.isfinite(mark.value):
                return Verdict(UNPROVEN, Interval(math.nan, math.nan, math.nan), n, 0, 1.0)
            return soft_verdict(gap(mark, expected.interval), n)
        if self.period.kind == MONTH:
            return self._look(promise, self.period.first, self.period.last, with_counts=True)
        found = self._look(promise, self.period.first, self.period.last, with_counts=True)
        looks = []
        for back in range(LOOKS - 1, -1, -1):
            first, last = (day_key(day_from(day) - timedelta(days=back)) for day in (self.period.first, self.period.last))
            looks.append(self._look(promise, first, last).verdict)
        word = stands(looks)
        return Verdict(word if found.n else UNPROVEN, found.shown, found.n, found.needed, found.p, found.upper)

    def standing(self, promise: Promise, verdict: Verdict) -> Standing:
        """The promise with its advice."""
        weeks = self._weekly(promise)
        mark, n = self.mark(promise)
        expected = self.expected(promise)
        soft = promise.kind == "soft"
        target = (expected.value if expected else float(promise.soft_mark or 8.0)) if soft else promise.share or DEFAULT_SHARE
        capability = self._soft_capability(promise, target) if soft else _hard_capability(weeks, target)
        truth = self.journey.stage(promise.stage).moment_of_truth
        unhappy = kept_but_unhappy(verdict, mark.high) if math.isfinite(mark.high) else False
        case = Case(
            promise=promise.measured(truth),
            verdict=verdict,
            capability=capability,
            target=target,
            upper=self._upper(promise, target) if verdict.verdict in (BROKEN, OVER) else None,
            soft_low=mark.low,
            share_low=verdict.shown.low if not soft and math.isfinite(verdict.shown.low) else math.nan,
            unhappy=unhappy,
        )
        return Standing(promise, verdict, advise(case, self.book), capability, target, weeks, mark, n, expected, unhappy, case)

    def mark(self, promise: Promise) -> tuple[Interval, float]:
        """The experience of the promise's stage and channel in the period, and the cases behind it."""
        card = self.cards[promise.segment]
        if card is None or (promise.channel and promise.channel not in card.axes["channel"]):
            return Interval(math.nan, math.nan, math.nan), 0.0
        found, at = card.stages, card.at(bucket=0, stage=promise.stage, segment="")
        if promise.channel:
            found, at = card.cells, card.at(bucket=0, stage=promise.stage, channel=promise.channel, segment="")
        if str(found.status[at]) == TOO_FEW:
            return Interval(math.nan, math.nan, math.nan), float(np.nan_to_num(found.n[at]))
        return Interval(*(float(part[at]) for part in (found.value, found.low, found.high))), float(found.n[at])

    def expected(self, promise: Promise) -> Expectation | None:
        """What customers expect at the end of the period, from every promise heard there and from surveys."""
        heard = self.told[promise.segment].get(promise.stage, Told())
        return heard.raised(promise.channel, _end_ms(self.period.last, self.zone, self.now))

    def _look(self, promise: Promise, first: int, last: int, with_counts: bool = False) -> Verdict:
        share = promise.share or DEFAULT_SHARE
        if not _is_duration(promise):
            kept, n = _share(self.days[promise.segment], promise, first, last)
            return hard_verdict(kept, n, share, z=self.period.z)
        kept, n = self._kept(promise, first, last)
        reached = with_counts and n > 0 and kept / n >= share  # only then can it be more than was promised
        counts = counts_of(self.engine, self.journey.id, self.bars[promise.code], first, last) if reached else None
        return hard_verdict(kept, n, share, z=self.period.z, threshold=promise.threshold, counts=counts)

    def _kept(self, promise: Promise, first: int, last: int) -> tuple[float, float]:
        """Kept and counted cases: an open one counts once it is older than the promise allows."""
        frame = self.daily
        begun = day_key(datetime.fromtimestamp(promise.valid_from / 1000, self.zone).date())
        own = frame[(frame["id"] == promise.code) & frame["bucket"].between(max(first, begun), last)]
        due = [
            _end_ms(int(day), self.zone, self.now) + 1000 * (promise.threshold or 0) <= self.now.timestamp() * 1000
            for day in own["bucket"]
        ]
        return float(own["kept"].sum()), float(own["done"].sum() + own["open"][due].sum())

    def _weekly(self, promise: Promise) -> tuple[Weekly, ...]:
        if promise.kind == "soft":
            return ()
        if _is_duration(promise):
            own = self.weekly[self.weekly["id"] == promise.code]
            found = {int(r.bucket): (float(r.kept), float(r.done + r.open)) for r in own.itertuples()}
        else:
            frame = self.weeks[promise.segment]
            own = frame[(frame["metric"] == promise.metric) & (frame["stage"] == promise.stage)]
            found = {int(week): _share(rows, promise, int(week), int(week)) for week, rows in own.groupby("bucket")}
        return tuple(Weekly(week, *found.get(week, (0.0, 0.0))) for week in self.week_names)

    def _upper(self, promise: Promise, share: float) -> float | None:
        """Within what time the promised share was done over the last quarter, at most (95%)."""
        if not _is_duration(promise):
            return None
        first = day_key(monday(self.week_names[-WINDOW]))
        return quantile_limit(counts_of(self.engine, self.journey.id, self.bars[promise.code], first, self.period.last), share)

    def _soft_capability(self, promise: Promise, target: float) -> Capability:
        card = self.week_cards[promise.segment]
        if card is None or (promise.channel and promise.channel not in card.axes["channel"]):
            return soft_capability([], [], [], target, 0)
        stage = card.axes["stage"].index(promise.stage)
        sums = card.sums if promise.channel else card.sums.over(2)
        at = (stage, card.axes["channel"].index(promise.channel), 0) if promise.channel else (stage, 0)
        weekly = [getattr(sums, column)[(slice(None), *at)] for column in COLUMNS]
        quarters = Sums(sums.names, *(rolling(column) for column in weekly))
        found = delivered(summarise(quarters))
        weeks = int((weekly[0].sum(-1) > 0).sum())
        return soft_capability(found.value, np.sqrt(np.nan_to_num(found.variance, nan=9.0)), found.n, target, weeks)


def bar_of(promise: Promise, threshold: float | None = None, name: str = "") -> Bar:
    """The bar of a duration promise (or of another `threshold` in seconds for the same cases), named by its code."""
    seconds = float(promise.threshold or 0) if threshold is None else threshold
    return Bar(name or promise.code, promise.metric, promise.stage, promise.channel, promise.segment, bin_of(seconds))


def kept_share(week: Weekly, z: float = Z_MONTH) -> Interval:
    """The share kept in a week, with Wilson's interval."""
    return wilson(week.kept, week.n, z=z)


def _is_duration(promise: Promise) -> bool:
    return promise.kind == "hard" and metric_of(promise.metric).kind == "duration"


def _hard_capability(weeks: Sequence[Weekly], target: float) -> Capability:
    return hard_capability([week.kept for week in weeks], [week.n for week in weeks], target)


def _share(frame: Any, promise: Promise, first: int, last: int) -> tuple[float, float]:
    """Kept and counted cases of a promised share; of a share that should be low, those that stayed out of it."""
    own = frame[(frame["metric"] == promise.metric) & (frame["stage"] == promise.stage) & frame["bucket"].between(first, last)]
    if promise.channel:
        own = own[own["channel"] == promise.channel]
    n, value = float(own["w"].sum()), float(own["v"].sum())
    return (n - value if metric_of(promise.metric).better == "lower" else value), n


def _card(frame: Any, journey: Journey, buckets: Sequence[int]) -> Scorecard | None:
    """The scorecard of a frame over the journey's stages and these buckets; None without a mark."""
    if frame.empty or not (frame["m1"] > 0).any():
        return None
    rows = {name: frame[name].to_numpy() for name in frame.columns} | {"segment": np.full(len(frame), "")}
    return scorecard(rows, axes={"stage": [stage.id for stage in journey.stages], "bucket": list(buckets)})


def _end_ms(day: int, zone: ZoneInfo, now: datetime) -> int:
    """The last moment of a local day, or now when that is earlier (UTC epoch ms)."""
    after: date = day_from(day) + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone)
    return min(round(end.timestamp() * 1000) - 1, round(now.timestamp() * 1000))
