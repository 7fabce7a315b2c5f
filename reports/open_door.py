"""The open door: how long ago customers were heard, per stage, per change and per kind of customer on the panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from metrics.weeks import day_from
from store.engine import Engine, instant
from store.people.changes import STEPS, Change
from store.people.panel import NEEDED, Seats
from store.reads.heard import last_heard

SILENT_DAYS = 14  # two weekly meetings without a customer of that stage
ASK_AGAIN_DAYS = 28  # what an effect needs at least: by then customers have met the change, or should see the plan again


@dataclass(frozen=True, slots=True)
class Clock:
    """Whole local days since customers were heard (None: never, or nobody knows when), and whether that is too long."""

    days: int | None
    overdue: bool


def stage_clocks(engine: Engine, journey: str, stages: Sequence[str], now: datetime) -> dict[str, Clock]:
    """Per stage the days since a customer was last heard up to `now` (local); overdue past SILENT_DAYS, or when never."""
    heard = last_heard(engine, journey, stages, int(f"{now:%Y%m%d}"))
    return {stage: _since(day_from(heard[stage]), now, SILENT_DAYS) if stage in heard else Clock(None, True) for stage in stages}


def check_clock(change: Change, now: datetime) -> Clock | None:
    """Days since customers were asked about an open change; overdue past ASK_AGAIN_DAYS. None when the change is over.

    A change that nobody asked about is overdue once it has stood there that long; one whose moment is unknown is not called late.
    """
    if not STEPS[change.state]:
        return None
    if change.checked_at:
        return _since(_local(change.checked_at, now), now, ASK_AGAIN_DAYS)
    waited = _since(_local(change.registered_at, now), now, ASK_AGAIN_DAYS)
    return Clock(None, waited.overdue and not change.checked)


def seat_clock(seats: Seats, now: datetime) -> Clock:
    """Days since a customer of this kind was heard; a needed kind that is missing or silent past ASK_AGAIN_DAYS is overdue."""
    if not seats.last_heard_at:
        return Clock(None, seats.kind in NEEDED)
    return _since(_local(seats.last_heard_at, now), now, ASK_AGAIN_DAYS)


def at_the_table(seated: Sequence[Seats], changes: Sequence[Change], now: datetime) -> int | None:
    """Days since a customer last sat at the table: on the panel or at a change's check, whichever was later; None when never."""
    moments = [one.last_heard_at for one in seated] + [change.checked_at for change in changes]
    known = [moment for moment in moments if 0 < moment <= now.timestamp() * 1000]
    return _since(_local(max(known), now), now, 0).days if known else None


def _since(day: date, now: datetime, limit: int) -> Clock:
    days = max(0, (now.date() - day).days)
    return Clock(days, days > limit)


def _local(at_ms: int, now: datetime) -> date:
    return instant(at_ms).astimezone(now.tzinfo).date()
