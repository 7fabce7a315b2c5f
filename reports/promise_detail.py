"""One promise in depth: kept in time against every bar it ever had, the experience beside it, and what another bar would do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from config.journey import Journey
from metrics.advice import STEPS
from metrics.bins import within
from metrics.evidence import TOO_FEW
from metrics.gap import gap
from metrics.intervals import Interval, wilson
from metrics.knots import KnotsBook
from metrics.marks import mark_of
from metrics.promise import HARD_SD
from metrics.scorecard import scorecard
from metrics.verdict import Z_MONTH, Verdict, hard_verdict, soft_verdict
from metrics.weekly import Told
from metrics.weeks import day_key, monday, shifted, span, start_ms, week_of
from reports.promised import Standing, Weekly, bar_of
from store.engine import Engine
from store.people.expectations import told
from store.people.promises import Promise, versions
from store.reads.kept import counts_of, kept_frame
from store.reads.scorecard import week_frame

WEEKS = 26
SOFT_STEPS = (6.5, 8.0, 9.0)
Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Line:
    """The same cases held against one version's bar, week by week; `first` and `last` are the weeks in which it was said."""

    promise: Promise
    weeks: tuple[Weekly, ...]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Mark:
    """The experience of the promise's stage and channel in one week, and what was expected then (NaN without)."""

    week: int
    mark: Interval
    expected: float


@dataclass(frozen=True, slots=True)
class Detail:
    """All of a promise's versions in time."""

    weeks: tuple[int, ...]
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    versions: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """Another bar: how often it would have been kept, the mark it would make customers expect, and the gap that follows."""

    name: str
    value: float
    verdict: Verdict
    expected: float
    gap: Interval


def detail(engine: Engine, journey: Journey, code: str, zone: ZoneInfo, now: datetime, weeks: int = WEEKS) -> Detail:
    """The promise's versions over the last `weeks` weeks up to `now` (local). NotFound for an unknown code."""
    history = [version for version in versions(engine, code) if version.state == "approved"]
    shown = span(_last_week(now), weeks)
    newest = history[-1]
    lines = tuple(_lines(engine, journey.id, history, shown, zone)) if newest.kind == "hard" else ()
    return Detail(tuple(shown), lines, tuple(_marks(engine, journey, newest, shown, zone, now)), tuple(history))


def cases(engine: Engine, journey: str, standing: Standing, now: datetime, zone: ZoneInfo) -> dict[int, float]:
    """The durations (cases per bin) since this version began, but no longer than a quarter: what a what-if rests on."""
    begun = datetime.fromtimestamp(standing.promise.valid_from / 1000, zone).date()
    first = max(day_key(begun), day_key(monday(shifted(week_of(now.date()), -13))))
    return counts_of(engine, journey, bar_of(standing.promise), first, day_key(now.date()))


def what_if(standing: Standing, counts: Mapping[int, float], book: KnotsBook | None = None) -> list[Option]:
    """Every communicable bar for the same cases; the one that is promised now among them, shortest first."""
    promise, steps = standing.promise, dict(STEPS)
    now = float(promise.threshold or 0)
    named = {name: seconds for name, seconds in steps.items() if now / 20 <= seconds <= now * 40}
    if now not in named.values():
        named["now"] = now
    ordered = sorted(named.items(), key=lambda pair: pair[1])
    return [_option(standing, counts, name, seconds, book) for name, seconds in ordered]


def soft_what_if(standing: Standing) -> list[Option]:
    """Every soft bar (sufficient, good, excellent): the gap that it would open or close."""
    out = []
    for mark in sorted({*SOFT_STEPS, standing.promise.soft_mark or 8.0}):
        expected = Interval(mark, mark - Z95 * HARD_SD, mark + Z95 * HARD_SD)
        shown = gap(standing.mark, expected)
        out.append(Option(str(mark), mark, soft_verdict(shown, standing.mark_n), mark, shown))
    return out


def _option(standing: Standing, counts: Mapping[int, float], name: str, seconds: float, book: KnotsBook | None) -> Option:
    promise = standing.promise
    kept, n = within(counts, seconds)
    verdict = hard_verdict(kept, n, standing.target, z=Z_MONTH, threshold=seconds)
    expected = mark_of(promise.metric, seconds, channel=promise.channel, book=book) or math.nan
    bar = Interval(expected, expected - Z95 * HARD_SD, expected + Z95 * HARD_SD)
    return Option(name, seconds, verdict, expected, gap(standing.mark, bar))


def _lines(engine: Engine, journey: str, history: list[Promise], weeks: list[int], zone: ZoneInfo) -> list[Line]:
    hard = [p for p in history if p.kind == "hard" and p.threshold is not None]
    bars = [bar_of(p, name=str(i)) for i, p in enumerate(hard)]
    frame: Any = kept_frame(engine, journey, bars, weeks[0], weeks[-1], "week")
    out = []
    for i, promise in enumerate(hard):
        own = frame[frame["id"] == str(i)]
        found = {int(r.bucket): (float(r.kept), float(r.done + r.open)) for r in own.itertuples()}
        first, last = _said_in(promise, weeks, zone)
        if last >= weeks[0]:
            out.append(Line(promise, tuple(Weekly(week, *found.get(week, (0.0, 0.0))) for week in weeks), first, last))
    return out


def _said_in(promise: Promise, weeks: list[int], zone: ZoneInfo) -> tuple[int, int]:
    first = week_of(datetime.fromtimestamp(promise.valid_from / 1000, zone).date())
    if promise.ends_at is None:
        return first, weeks[-1]
    return first, week_of(datetime.fromtimestamp(promise.ends_at / 1000 - 1, zone).date())


def _marks(engine: Engine, journey: Journey, promise: Promise, weeks: list[int], zone: ZoneInfo, now: datetime) -> list[Mark]:
    frame: Any = week_frame(engine, journey.id, weeks[0], weeks[-1], promise.segment)
    own = frame[frame["stage"] == promise.stage].assign(segment="")
    own = own[own["channel"] == promise.channel] if promise.channel else own
    if own.empty or not (own["m1"] > 0).any():
        return []
    card = scorecard({name: own[name].to_numpy() for name in own.columns}, axes={"bucket": weeks, "stage": [promise.stage]})
    of = card.stages
    heard = told(engine, journey, promise.segment).get(promise.stage, Told())
    out = []
    for i, week in enumerate(weeks):
        if str(of.status[i, 0, 0]) == TOO_FEW:
            continue
        expected = heard.raised(promise.channel, min(start_ms(shifted(week, 1), zone) - 1, round(now.timestamp() * 1000)))
        mark = Interval(*(float(part[i, 0, 0]) for part in (of.value, of.low, of.high)))
        out.append(Mark(week, mark, expected.value if expected else math.nan))
    return out


def _last_week(now: datetime) -> int:
    """The week before this one: a week that has just begun says little."""
    return shifted(week_of(now.date()), -1)


def shares(line: Line) -> list[tuple[int, Interval, float]]:
    """Per week with cases: the share kept with Wilson's interval, and n."""
    return [(week.week, wilson(week.kept, week.n), week.n) for week in line.weeks if week.n > 0]
