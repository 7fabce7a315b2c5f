"""The week, read and computed once for the page, the report and the meeting's agenda: the same numbers wherever they stand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from config.journey import Journey
from metrics.evidence import TOO_FEW
from metrics.intervals import Z95, Interval, wilson
from metrics.moved import Moved, Part, moved
from metrics.scorecard import scorecard
from metrics.weekly import LAST, Asked, Cell, Week, read_week
from metrics.weeks import day_from, days_of, monday, shifted, span, start_ms, week_of, year_before
from reports.guarding import guarded
from store.engine import Engine
from store.people.annotations import Annotation, annotations_between
from store.people.changes import Change, changes
from store.people.departments import departments
from store.people.expectations import told
from store.people.meetings import Meeting, OneThing, meetings, one_things, whose_turn
from store.reads.scorecard import day_frame, newest_day, theme_frame, week_frame
from store.reads.voices import Voice, Wanted, typical_voices

WEEKS = 52
BEFORE = -1  # bucket of the same days of last week, when this week is not over
BEFORE_YEAR = -2
THEMES_SHOWN = 6
THEME_FLOOR = 5
SHORTEST_LEVEL = 3
MEETING_MS = 7 * 86_400_000
THINGS_SHOWN, TURNS = 4, 60
MEASURING = ("survey", "review")  # they tell how it was, they do not serve: never a cause


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme in a cell: its share of the contacts now and before, with intervals, its mark now, and how many contacts."""

    id: str
    now: Interval
    before: Interval
    mark: float
    n: float


@dataclass(frozen=True, slots=True)
class Day:
    """A local day (20261125) of a cell: its mark with interval, and the cases it rests on."""

    day: int
    mark: Interval
    n: float


@dataclass(frozen=True, slots=True)
class Cause:
    """What moved the stage that changed most: the split by channel, then that channel's themes and days."""

    stage: str
    channel: str
    split: Moved
    themes: tuple[Theme, ...]
    days: tuple[Day, ...]
    since: int | None
    contacts: float
    demonstrable: bool

    @property
    def role(self) -> str:
        """What the channel is to the change: its `cause`, only where it was `measured`, or '' when its part may be 0."""
        part = next(part for part in self.split.parts if part.channel == self.channel)
        if not _shown(part, self.split):
            return ""
        return "measured" if self.channel in MEASURING else "cause"


@dataclass(frozen=True, slots=True)
class Quote:
    """A typical voice of a theme, with the share of contacts that say so now and before."""

    voice: Voice
    theme: Theme


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything that a week's page and report tell. `days` are how many of its days are in (7: it is over); `guest` is the
    department whose turn it is in the meeting.
    """

    week: Week
    days: int
    cause: Cause | None
    quotes: tuple[Quote, ...]
    notes: tuple[Annotation, ...]
    changes: tuple[Change, ...]
    things: tuple[OneThing, ...]
    meetings: tuple[Meeting, ...]
    guest: str = ""


def default_week(engine: Engine, journey: str, now: datetime) -> int | None:
    """The last week that is over at `now` (local), or the newest that holds anything when that is older; None when empty."""
    newest = newest_day(engine, journey)
    if newest is None:
        return None
    over = shifted(week_of(now.date()), -1)
    return min(over, week_of(day_from(newest)))


def days_in(week: int, now: datetime) -> int:
    """How many days of the week are in at `now` (local), today included: 1 to 7, or 0 before it begins."""
    return max(0, min(7, (now.date() - monday(week)).days + 1))


def weekly(engine: Engine, journey: Journey, week: int, zone: ZoneInfo, now: datetime, segment: str = "") -> Week:
    """The week's scorecard from rollups; a week that is not over is compared with the same days of the others."""
    days = days_in(week, now)
    last, year = shifted(week, -1), year_before(week)
    frame: Any = week_frame(engine, journey.id, min(shifted(week, 1 - WEEKS), year), week, segment)
    if days < 7:
        parts = ((BEFORE, days_of(last, days)), (BEFORE_YEAR, days_of(year, days)))
        extra = [_as_bucket(day_frame(engine, journey.id, d[0], d[-1], segment), bucket) for bucket, d in parts]
        frame = pd.concat([frame, *extra], ignore_index=True)
        last, year = BEFORE, BEFORE_YEAR
    frame["segment"] = ""
    weeks = span(week, WEEKS)
    ends = [start_ms(shifted(w, 1), zone) - 1 for w in weeks[:-1]] + [
        min(start_ms(shifted(week, 1), zone) - 1, round(now.timestamp() * 1000))
    ]
    asked = Asked(
        stages=tuple(stage.id for stage in journey.stages),
        truth=tuple(stage.moment_of_truth for stage in journey.stages),
        weeks=tuple(weeks),
        ends=tuple(ends),
        told=told(engine, journey, segment),
        last=last,
        year=year,
    )
    return guarded(engine, journey.id, read_week({name: frame[name].to_numpy() for name in frame.columns}, asked), segment)


def edition(engine: Engine, journey: Journey, week: int, zone: ZoneInfo, now: datetime, segment: str = "") -> Edition:
    """The whole edition of a week: scorecard, cause, voices, notes and the meeting."""
    card = weekly(engine, journey, week, zone, now, segment)
    cause = find_cause(engine, journey, card, now, segment)
    start, end = start_ms(week, zone), start_ms(shifted(week, 1), zone)
    first = start_ms(shifted(week, 1 - WEEKS), zone)
    talked = max(end, min(end + MEETING_MS, round(now.timestamp() * 1000) + 1))  # a week is talked about in the next one
    heard = one_things(engine, journey.id, talked, TURNS)
    return Edition(
        week=card,
        days=days_in(week, now),
        cause=cause,
        quotes=tuple(_quotes(engine, journey.id, cause, start, end, segment)),
        notes=tuple(annotations_between(engine, journey.id, first, end)),
        changes=tuple(c for c in changes(engine, journey.id) if c.registered_at < talked and _open_in(c, start)),
        things=tuple(heard[:THINGS_SHOWN]),
        meetings=tuple(m for m in meetings(engine) if m.at < end + 2 * MEETING_MS),
        guest=whose_turn(heard, departments(engine))[0],
    )


def find_cause(engine: Engine, journey: Journey, card: Week, now: datetime, segment: str = "") -> Cause | None:
    """The split of the stage whose demonstrable change weighs most since last week, else of the largest; None without any."""
    moving = [row for row in card.rows if LAST in row.since]
    if not moving:
        return None
    truth = {stage.id for stage in journey.stages if stage.moment_of_truth}
    row = max(moving, key=lambda r: _weight(r, r.stage in truth))
    days, last = days_in(card.week, now), shifted(card.week, -1)
    both: Any = day_frame(engine, journey.id, days_of(last)[0], days_of(card.week)[-1], segment)
    ends = (row.mark.value - row.since[LAST].shown.value, row.mark.value)
    split = moved(_two_weeks(both, last, card.week, days), last, card.week, row.stage, ends)
    if split is None or not split.parts:
        return None
    channel = _channel(split)
    daily = _days(both, row.stage, channel)
    themes, contacts = _themes(engine, journey.id, last, card.week, days, row.stage, channel)
    return Cause(row.stage, channel, split, themes, daily, _break_day(daily), contacts, row.since[LAST].demonstrable)


def _weight(row: Cell, truth: bool) -> tuple[bool, float]:
    """What a stage's change weighs: a demonstrable one its size times the cases, double at a moment of truth; else its size."""
    change = row.since[LAST]
    size = abs(change.shown.value)
    return (True, size * row.n * (2 if truth else 1)) if change.demonstrable else (False, size)


def _channel(split: Moved) -> str:
    """The channel to look into: one that demonstrably moved the stage its way, one of service before one that measures."""
    by_size = sorted(split.parts, key=lambda part: (part.channel in MEASURING, -abs(part.effect.value)))
    return next((part for part in by_size if _shown(part, split)), by_size[0]).channel


def _shown(part: Part, split: Moved) -> bool:
    """Whether the part's interval leaves out 0, on the side that the stage moved to."""
    return (part.effect.high < 0) if split.change < 0 else (part.effect.low > 0)


def _as_bucket(frame: Any, bucket: int) -> pd.DataFrame:
    return frame.assign(bucket=bucket)


def _two_weeks(frame: Any, last: int, week: int, days: int) -> dict:
    """The days' rows under their week's bucket, only the days that this week has too."""
    of = dict.fromkeys(days_of(last, days), last) | dict.fromkeys(days_of(week, days), week)
    kept = frame[frame["bucket"].isin(list(of))]
    kept = kept.assign(bucket=kept["bucket"].map(of))
    return {name: kept[name].to_numpy() for name in kept.columns}


def _days(frame: Any, stage: str, channel: str) -> tuple[Day, ...]:
    own = frame[(frame["stage"] == stage) & (frame["channel"] == channel)].assign(segment="")
    if own.empty:
        return ()
    card = scorecard({name: own[name].to_numpy() for name in own.columns})
    cells = card.cells
    return tuple(
        Day(
            int(day),
            Interval(*(float(part[i, 0, 0, 0]) for part in (cells.value, cells.low, cells.high))),
            float(cells.n[i, 0, 0, 0]),
        )
        for i, day in enumerate(card.axes["bucket"])
        if math.isfinite(float(cells.value[i, 0, 0, 0]))
    )


def _break_day(days: tuple[Day, ...]) -> int | None:
    """The first day of the level that holds now, if the level broke within these days.

    One break by least squares, taken when it explains more than 2 s2 ln(n), the penalty of PELT for this noise.
    """
    if len(days) < 2 * SHORTEST_LEVEL:
        return None
    marks = np.array([day.mark.value for day in days])
    noise = float(np.median([(day.mark.half / Z95) ** 2 for day in days]))
    cuts = range(SHORTEST_LEVEL, len(marks) - SHORTEST_LEVEL + 1)
    rest = [((marks[:i] - marks[:i].mean()) ** 2).sum() + ((marks[i:] - marks[i:].mean()) ** 2).sum() for i in cuts]
    gained = ((marks - marks.mean()) ** 2).sum() - min(rest)
    return days[cuts[int(np.argmin(rest))]].day if gained > 2 * noise * math.log(len(marks)) else None


def _themes(
    engine: Engine, journey: str, last: int, week: int, days: int, stage: str, channel: str
) -> tuple[tuple[Theme, ...], float]:
    """The themes of a cell in both weeks, most spoken of first, those under five contacts left out; and the cell's contacts."""
    frame: Any = theme_frame(engine, journey, days_of(last)[0], days_of(week)[-1], "day")
    own = frame[(frame["stage"] == stage) & (frame["channel"] == channel)]
    now, before = (own[own["bucket"].isin(days_of(w, days))] for w in (week, last))
    both: Any = day_frame(engine, journey, days_of(last)[0], days_of(week)[-1])
    asked = both[(both["metric"] == "contacts") & (both["stage"] == stage) & (both["channel"] == channel)]
    total, total_before = (float(asked[asked["bucket"].isin(days_of(w, days))]["n"].sum()) for w in (week, last))
    found = [_theme(str(id), now, before, total, total_before) for id in sorted(set(now["theme"]) | set(before["theme"]))]
    shown = sorted((t for t in found if t.n >= THEME_FLOOR), key=lambda t: -abs(t.now.value - t.before.value))
    return tuple(shown[:THEMES_SHOWN]), total


def _theme(id: str, now: Any, before: Any, total: float, total_before: float) -> Theme:
    mine, then = now[now["theme"] == id], before[before["theme"] == id]
    n, marked = float(mine["n"].sum()), float(mine["nm"].sum())
    mark = float(mine["m1"].sum()) / marked if marked >= THEME_FLOOR else math.nan
    return Theme(id, wilson(n, max(n, total)), wilson(float(then["n"].sum()), max(total_before, float(then["n"].sum()))), mark, n)


def _quotes(engine: Engine, journey: str, cause: Cause | None, start: int, end: int, segment: str) -> list[Quote]:
    """For the three themes of the cause that shifted most, the voice most typical of each."""
    out = []
    for theme in cause.themes if cause else ():
        if cause is None or not math.isfinite(theme.mark):
            continue
        wanted = Wanted(journey, cause.stage, cause.channel, theme.id, segment, from_at=start, to_at=end)
        out += [Quote(voice, theme) for voice in typical_voices(engine, wanted, theme.mark, 1)]
    return out[:3]


def _open_in(change: Change, start: int) -> bool:
    return change.state in ("proposed", "decided", "running") or change.finished_at >= start


def counted(week: Week) -> dict[str, int]:
    """How many stages lie below, on, above and unsure of their promise, and how many have too little evidence."""
    out: dict[str, int] = dict.fromkeys(("below", "on", "above", "unsure", TOO_FEW), 0)
    for row in week.rows:
        out[TOO_FEW if row.status == TOO_FEW else row.shape or "unsure"] += 1
    return out
