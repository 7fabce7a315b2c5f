"""A campaign before, during and after: what customers expected and got, how often they asked, and which promises broke."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from config.journey import Journey
from metrics.evidence import TOO_FEW
from metrics.gap import gap
from metrics.intervals import Z95, Interval, difference, poisson, wilson
from metrics.promise import Expectation
from metrics.registry import metric as metric_of
from metrics.scorecard import scorecard
from metrics.weekly import Told
from metrics.weeks import day_from, day_key
from reports.promised import bar_of
from store.engine import Engine, instant
from store.people.annotations import Annotation, annotations_between
from store.people.expectations import told
from store.people.promises import Promise, register
from store.reads.kept import kept_frame
from store.reads.scorecard import day_frame

LOOK_BACK_DAYS, LONGEST_DAYS, WEEK_DAYS = 364, 84, 7
NOTHING = Interval(math.nan, math.nan, math.nan)


@dataclass(frozen=True, slots=True)
class Phase:
    """The whole days from `first` up to and including `last`: experience, expectation at its end, gap, and what was asked.

    `contacts` are per week, of `asked` in all; `broken` is the share of promised cases not kept, of `cases`.
    """

    first: date
    last: date
    mark: Interval
    n: float
    status: str
    expected: Expectation | None
    gap: Interval | None
    contacts: Interval
    asked: float
    broken: Interval
    cases: float


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign and its phases, None where still to come; stage '' is the whole journey, without one expectation."""

    note: Annotation
    stage: str
    before: Phase | None
    during: Phase | None
    after: Phase | None

    @property
    def phases(self) -> tuple[Phase | None, Phase | None, Phase | None]:
        """Before, during and after."""
        return self.before, self.during, self.after


def campaigns(engine: Engine, journey: Journey, zone: ZoneInfo, now: datetime) -> list[Campaign]:
    """The campaigns with an end of the year before `now` (local), and those that were announced; newest first."""
    since, until = (round((now + timedelta(days=d)).timestamp() * 1000) for d in (-LOOK_BACK_DAYS, LOOK_BACK_DAYS))
    notes = annotations_between(engine, journey.id, since, until)
    found = [note for note in notes if note.kind == "campaign" and note.to_at is not None and note.to_at > note.from_at]
    said = [version for version in register(engine, journey.id) if version.state == "approved" and not version.segment]
    heard = told(engine, journey)
    return [_campaign(engine, journey, note, said, heard, zone, now) for note in reversed(found)]


def spans(note: Annotation, zone: ZoneInfo, today: date) -> tuple[tuple[date, date] | None, ...]:
    """First and last day of before, during and after, all over by `today`; None where no whole day is.

    Before and after are as long as the campaign, 12 weeks at most; what is cut off by today is cut to whole weeks, so that
    the same days of the week are compared. Before a campaign to come are the last days there are.
    """
    begun = instant(note.from_at).astimezone(zone).date()
    ended = max(begun + timedelta(days=1), instant((note.to_at or 0) - 1).astimezone(zone).date() + timedelta(days=1))
    length = min(LONGEST_DAYS, (ended - begun).days)
    start = min(begun, today)
    before = (start - timedelta(days=length), start)
    during, after = (begun, min(ended, today)), (ended, min(ended + timedelta(days=length), today))
    return tuple(_whole(first, end, end < whole) for (first, end), whole in zip(
        (before, during, after), (start, ended, ended + timedelta(days=length)), strict=True))  # fmt: skip


def change(first: Phase | None, second: Phase | None, name: str) -> Interval | None:
    """How `mark`, `contacts` or `broken` changed from one phase to the other; None with too little evidence on either side."""
    if first is None or second is None:
        return None
    before, after = getattr(first, name), getattr(second, name)
    few = name == "mark" and TOO_FEW in (first.status, second.status)
    return None if few or not (math.isfinite(before.value) and math.isfinite(after.value)) else difference(after, before)


def demonstrable(by: Interval | None) -> bool:
    """Whether a change is beyond chance."""
    return by is not None and not by.low <= 0 <= by.high


def _whole(first: date, end: date, cut: bool) -> tuple[date, date] | None:
    days = (end - first).days
    if cut and days >= WEEK_DAYS:
        days -= days % WEEK_DAYS
    return (first, first + timedelta(days=days - 1)) if days >= 1 else None


def _campaign(
    engine: Engine,
    journey: Journey,
    note: Annotation,
    said: Sequence[Promise],
    heard: dict[str, Told],
    zone: ZoneInfo,
    now: datetime,
) -> Campaign:
    stage = note.stage or _stage_of(note, said)
    found = spans(note, zone, now.date())
    known = [span for span in found if span]
    if not known:
        return Campaign(note, stage, None, None, None)
    first, last = day_key(min(a for a, _ in known)), day_key(max(b for _, b in known))
    frame: Any = day_frame(engine, journey.id, first, last)
    frame = frame[frame["stage"] == stage] if stage else frame
    kept = _Kept(engine, journey.id, [p for p in said if not stage or p.stage == stage], (first, last), zone, now)
    before, during, after = (_phase(span, frame, heard.get(stage, Told()), kept, zone) if span else None for span in found)
    return Campaign(note, stage, before, during, after)


def _stage_of(note: Annotation, said: Sequence[Promise]) -> str:
    """The one stage of the promises of a campaign that the note names; '' when it names none, or they lie in several."""
    words = f"{note.text_nl} {note.text_en}".lower()
    stages = {p.stage for p in said if any(name and name.lower() in words for name in (p.campaign_nl, p.campaign_en))}
    return stages.pop() if len(stages) == 1 else ""


def _phase(span: tuple[date, date], frame: Any, heard: Told, kept: _Kept, zone: ZoneInfo) -> Phase:
    first, last = span
    own = frame[frame["bucket"].between(day_key(first), day_key(last))]
    end = round(datetime.combine(last + timedelta(days=1), datetime.min.time(), zone).timestamp() * 1000) - 1
    expected = heard.raised("", end)
    mark, n, status = _mark(own)
    off = gap(mark, expected.interval) if expected and status != TOO_FEW else None
    contacts, asked = _contacts(own, first, last)
    broken, cases = kept.broken(first, last)
    return Phase(first, last, mark, n, status, expected, off, contacts, asked, broken, cases)


def _mark(own: Any) -> tuple[Interval, float, str]:
    rows = own[own["m1"] > 0]
    if rows.empty:
        return NOTHING, 0.0, TOO_FEW
    card = scorecard({name: own[name].to_numpy() for name in own.columns} | {"bucket": np.zeros(len(own), int)})
    of = card.total
    mark = Interval(*(float(part[0, 0]) for part in (of.value, of.low, of.high)))
    return mark, float(of.n[0, 0]), str(of.status[0, 0])


def _contacts(own: Any, first: date, last: date) -> tuple[Interval, float]:
    """Contacts per week with the interval of the days' mean (Poisson under two weeks), and how many in all."""
    days = (last - first).days + 1
    sums = own[own["metric"] == "contacts"].groupby("bucket")["n"].sum()
    daily = np.array([float(sums.get(day_key(first + timedelta(days=i)), 0.0)) for i in range(days)])
    total = float(daily.sum())
    if days < 2 * WEEK_DAYS:
        shown = poisson(total)
        return Interval(*(end / days * WEEK_DAYS for end in (shown.value, shown.low, shown.high))), total
    mean, half = daily.mean(), Z95 * daily.std(ddof=1) / math.sqrt(days)
    return Interval(*(WEEK_DAYS * max(0.0, float(end)) for end in (mean, mean - half, mean + half))), total


class _Kept:
    """The promised durations of a campaign's stage, each version held to its own bar on the days it was said."""

    def __init__(
        self, engine: Engine, journey: str, said: Sequence[Promise], days: tuple[int, int], zone: ZoneInfo, now: datetime
    ) -> None:
        hard = [p for p in said if p.kind == "hard" and p.threshold and metric_of(p.metric).kind == "duration"]
        self.said = {str(i): p for i, p in enumerate(hard)}
        self.zone, self.now_ms = zone, now.timestamp() * 1000
        self.frame: Any = kept_frame(engine, journey, [bar_of(p, name=id) for id, p in self.said.items()], *days, "day")

    def broken(self, first: date, last: date) -> tuple[Interval, float]:
        """The share of cases not kept, and of how many; a question still open counts once it is older than was promised."""
        kept = n = 0.0
        own = self.frame[self.frame["bucket"].between(day_key(first), day_key(last))]
        for row in own.itertuples():
            promise, day = self.said[str(row.id)], day_from(int(row.bucket))
            begun = round(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp() * 1000)
            if promise.holds(begun):
                over = begun + 86_400_000 + 1000 * (promise.threshold or 0) <= self.now_ms
                kept, n = kept + row.kept, n + row.done + (row.open if over else 0.0)
        return (wilson(n - kept, n), n) if n else (NOTHING, 0.0)
