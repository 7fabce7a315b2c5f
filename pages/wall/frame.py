"""One frame: everything that a wall shows at a moment, as plain data without a language, a name or a customer (docs/wall.md).

`build` is pure: what was read, the journey, its promises and the moment go in; the frame comes out. It is redacted by
construction: nothing that reaches it holds a contact, an author or an agent; groups of fewer than five customers are left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from config.journey import Journey
from metrics.scorecard import Scorecard
from metrics.weekly import Told
from pages.wall import extras, kept
from pages.wall.freshness import channel_ages, source_rows
from pages.wall.ranges import promise_rows, ranges
from pages.wall.schedule import Opening
from pages.wall.stages import PRIVACY, WINDOWS, build_stages, expectations, headline, marks
from store.people.promises import Promise
from store.reads.wall import DAY, Fresh, Slow, day_of

SCHEMA = 1
LOWEST, HIGHEST, ROOM, LEAST_SPAN = 5.0, 8.65, 0.3, 3.0
SURE_DAY = 30


@dataclass(frozen=True, slots=True)
class Context:
    """What a frame is about: the journey, what customers were told and what is promised now, the company, the store's rules.

    `as_of` is 0 for a live store, else the moment (epoch ms) that a store of old messages is shown as of.
    """

    journey: Journey
    told: Mapping[str, Told]
    promises: Sequence[Promise]
    company: Mapping[str, str]
    zone: ZoneInfo
    demo: bool
    opening: Opening
    quotes: str
    late_after: float
    as_of: int = 0

    def shown_at(self, now_ms: int) -> int:
        """The moment that the figures are of: now, closing time while it is closed, or the end of an old history."""
        closed = None if self.as_of else self.opening.closed(now_ms, self.zone)
        return self.as_of or (closed.closed_at - 1 if closed else now_ms)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is computed once a minute: marks per hour and per day, the fixed scale of the curve, and the longer ranges."""

    hours: Scorecard | None
    days: Scorecard | None
    scale: tuple[float, float]
    ranges: dict[str, Any]


def keep(slow: Slow, context: Context, now_ms: int) -> Kept:
    """The slow part of a frame from what was read for it."""
    hours = marks(slow.hours, context.journey, range(now_ms // 3_600_000 - 11, now_ms // 3_600_000 + 1))
    days = marks(slow.days, context.journey, sorted(set(slow.days.get("bucket", []))))
    expected = expectations(context.told, now_ms)
    today = day_of(now_ms, context.zone)
    longer = ranges(slow, days, context.journey, expected, list(context.promises), today, now_ms)
    return Kept(hours, days, _scale(days, [e.value for e in expected.values() if e]), longer)


def build(fresh: Fresh, slow: Slow, held: Kept, context: Context, now_ms: int) -> dict[str, Any]:
    """The frame of this moment; its keys and units are the schema of docs/wall.md."""
    at = context.shown_at(now_ms)
    expected = expectations(context.told, at)
    heard = _channels(fresh)
    ages = {} if context.as_of else channel_ages(fresh.sources, now_ms, context.late_after, heard)
    stages = build_stages(context.journey, marks(fresh.windows, context.journey, WINDOWS), expected, ages, now_ms)
    for i, stage in enumerate(stages):
        stage.row["spark"] = extras.sparklines(held.hours, i)
    hard = kept.hard_rows(context.promises, fresh, at)
    live = not context.as_of
    return {
        **_head(context, now_ms),
        "headline": headline(stages, context.journey),
        "scale": list(held.scale),
        "stages": [stage.row for stage in stages],
        "biggest": kept.biggest(hard, stages),
        "themes": extras.themes(slow.themes, slow.themes_before, context.journey),
        **quoted(slow, context, context.quotes, now_ms),
        "good": extras.good_news(held.days, stages, context.journey, day_of(at, context.zone), hard),
        "contact": kept.contact_now(context.promises, fresh.minutes) if live else None,
        "promises": promise_rows(hard, list(context.promises), stages),
        "ranges": held.ranges,
        "hours": kept.hour_rows(context.promises, slow.hour_bins, at) if live else [],
        "alerts": extras.alerts(fresh.alerts, hard, context.journey, now_ms) if live else [],
        "sources": source_rows(fresh.sources, now_ms, context.late_after, heard) if live else [],
        "closed": _closed(context, fresh, now_ms) if live else None,
    }


def quoted(slow: Slow, context: Context, quotes: str, now_ms: int) -> dict[str, Any]:
    """What customers say, as a frame holds it under this rule for quotes (off, approved, strict): `voices` and `base`."""
    shown, base = ([], None) if context.as_of else extras.voices(slow.quotes, quotes, now_ms)
    return {"voices": shown, "base": base}


def _channels(fresh: Fresh) -> list[str]:
    """The channels that five customers or more used in the last 24 hours, the most used first."""
    counts: dict[str, float] = {}
    rows = zip(*(fresh.windows.get(name, []) for name in ("bucket", "channel", "metric", "n")), strict=True)
    for bucket, channel, metric, n in rows:
        if bucket == DAY and metric == "contacts" and channel:
            counts[channel] = counts.get(channel, 0.0) + n
    return sorted((channel for channel, n in counts.items() if n >= PRIVACY), key=lambda channel: (-counts[channel], channel))


def _head(context: Context, now_ms: int) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "at": now_ms,
        "as_of": context.as_of or None,
        "zone": context.zone.key,
        "company": dict(context.company),
        "journey": context.journey.name,
        "demo": context.demo,
    }


def _closed(context: Context, fresh: Fresh, now_ms: int) -> dict[str, Any] | None:
    found = context.opening.closed(now_ms, context.zone)
    if found is None:
        return None
    waiting, oldest = kept.waiting_since(fresh.open, found.closed_at, now_ms)
    timed = [p.threshold for p in context.promises if p.kind == "hard" and p.metric == "first_response" and p.threshold]
    return {
        "closed_at": found.closed_at,
        "opens_at": found.opens_at,
        "asked": fresh.asked,
        "waiting": waiting,
        "oldest_s": oldest,
        "promised_s": min(timed) if timed else None,
    }


def _scale(days: Scorecard | None, promised: Sequence[float]) -> tuple[float, float]:
    """Fixed by the last month, never by a live value: room for the worst and the best day of any stage, and the promises.

    In half marks, so that it moves seldom; at least LEAST_SPAN marks high, so that small differences look small.
    """
    marks = list(promised)
    if days is not None:
        marks += days.stages.value[days.stages.n >= SURE_DAY].tolist()
    if not marks:
        return LOWEST, HIGHEST
    low, high = math.floor((min(marks) - ROOM) * 2) / 2, math.ceil((max(marks) + ROOM / 2) * 4) / 4
    low = min(low, high - LEAST_SPAN)
    return max(1.0, low), min(10.0, high)
