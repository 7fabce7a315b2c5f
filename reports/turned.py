"""Before and after a promise changed: the same stage over as many whole weeks on either side, experience, promise and gap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from config.journey import Journey
from metrics.evidence import TOO_FEW
from metrics.gap import gap
from metrics.intervals import Interval, difference
from metrics.promise import Expectation
from metrics.scorecard import scorecard
from metrics.weeks import day_from, day_key
from store.engine import Engine, instant
from store.people.expectations import told
from store.people.promises import Promise, register
from store.reads.scorecard import day_frame

LOOK_BACK_DAYS = 84
LONGEST_WEEKS = 4
BEFORE, AFTER = 1, 2


@dataclass(frozen=True, slots=True)
class Side:
    """A stage on one side of the day: its mark with interval and evidence, what customers expected, and the gap (or None)."""

    mark: Interval
    n: float
    status: str
    expected: Expectation | None
    gap: Interval | None


@dataclass(frozen=True, slots=True)
class Turn:
    """What followed a new version of a promise: `weeks` on either side, and the experience's `change` (None: too few)."""

    promise: Promise
    day: date
    weeks: int
    before: Side
    after: Side
    change: Interval | None

    @property
    def demonstrable(self) -> bool:
        """Whether the experience differs beyond chance."""
        return self.change is not None and not self.change.low <= 0 <= self.change.high


def turns(engine: Engine, journey: Journey, zone: ZoneInfo, now: datetime) -> list[Turn]:
    """Per stage the newest version that began in the 12 weeks before `now` (local) and is a whole week old, newest first."""
    newest: dict[str, Promise] = {}
    for version in register(engine, journey.id):
        began = instant(version.valid_from).astimezone(zone)
        fits = version.state == "approved" and version.segment == "" and version.valid_from > 0
        recent = now - timedelta(days=LOOK_BACK_DAYS) <= began <= now - timedelta(days=7)
        known = newest.get(version.stage)
        if fits and recent and (known is None or version.valid_from >= known.valid_from):
            newest[version.stage] = version
    ordered = sorted(newest.values(), key=lambda version: -version.valid_from)
    return [_turn(engine, journey, version, zone, now) for version in ordered]


def _turn(engine: Engine, journey: Journey, version: Promise, zone: ZoneInfo, now: datetime) -> Turn:
    day = instant(version.valid_from).astimezone(zone).date()
    weeks = min(LONGEST_WEEKS, (now.date() - day).days // 7)
    spans = {BEFORE: (day - timedelta(weeks=weeks), day), AFTER: (day, day + timedelta(weeks=weeks))}
    frame: Any = day_frame(engine, journey.id, day_key(spans[BEFORE][0]), day_key(spans[AFTER][1] - timedelta(days=1)))
    own = frame[frame["stage"] == version.stage]
    side = [BEFORE if day_from(int(bucket)) < day else AFTER for bucket in own["bucket"]]
    rows = {name: own[name].to_numpy() for name in own.columns} | {"bucket": np.array(side, int)}
    heard = told(engine, journey)[version.stage]
    ends = {BEFORE: version.valid_from - 1, AFTER: _ms(spans[AFTER][1], zone) - 1}
    before, after = (_side(rows, bucket, heard.raised("", ends[bucket])) for bucket in (BEFORE, AFTER))
    known = TOO_FEW not in (before.status, after.status)
    return Turn(version, day, weeks, before, after, difference(after.mark, before.mark) if known else None)


def _side(rows: dict[str, Any], bucket: int, expected: Expectation | None) -> Side:
    here = rows["bucket"] == bucket
    if not here.any():
        return Side(Interval(np.nan, np.nan, np.nan), 0.0, TOO_FEW, expected, None)
    found = scorecard({name: column[here] for name, column in rows.items()}).stages
    mark = Interval(*(float(part[0, 0, 0]) for part in (found.value, found.low, found.high)))
    status = str(found.status[0, 0, 0])
    shown = gap(mark, expected.interval) if expected and status != TOO_FEW else None
    return Side(mark, float(found.n[0, 0, 0]), status, expected, shown)


def _ms(day: date, zone: ZoneInfo) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)
