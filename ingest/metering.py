"""The meter of one source: counts its calls and items per UTC hour, in the store too, and stops it before a limit is passed.

Limits hold for calendar hours, days and months in UTC, as vendors bill. What is counted reaches the store at each `settle`,
within a quarter of a second while `run` works: so much a kill can make it forget.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base import Clock
from connectors.metering import Budget, Spent
from store.corridor.faults import DatabaseFault
from store.corridor.usage import add_usage, usage
from store.engine import ms

SPANS = {"calls_per_hour": "hour", "calls_per_day": "day", "items_per_month": "month", "money_per_month": "month"}
CALLS, ITEMS = "calls", "items"


@dataclass(frozen=True, slots=True)
class Line:
    """One limit: what was used of it, the most, and when it begins at nought again."""

    limit: str
    used: float
    most: float
    until: datetime


class SourceMeter:
    """A connectors.metering.Meter over a store. `settle` shares what was counted with every other process on that store."""

    def __init__(self, engine: Any, source: str, budget: Budget, clock: Clock) -> None:
        self.budget, self.now, self._engine, self._source = budget, clock, engine, source
        self._lock, self._fresh, self._sending = threading.Lock(), Counter(), Counter()
        self._known = usage(engine, source, ms(_start("month", clock())))

    def call(self) -> None:
        """Count a call that is about to be made; Spent when it would pass a limit."""
        with self._lock:
            self._refuse({"calls_per_hour": 1, "calls_per_day": 1, "money_per_month": self.budget.cost_per_call})
            self._fresh[CALLS, self._hour()] += 1

    def item(self, count: int) -> None:
        """Count what came."""
        if count:
            with self._lock:
                self._fresh[ITEMS, self._hour()] += count

    def room(self, count: int, share: float = 1.0) -> None:
        """Spent when `count` more items would pass this share of a limit."""
        with self._lock:
            self._refuse({"items_per_month": count, "money_per_month": count * self.budget.cost_per_item}, share)

    def lines(self) -> list[Line]:
        """Each limit that is set, in the order of SPANS."""
        now = self.now()
        limits = ((name, float(getattr(self.budget, name))) for name in SPANS)
        with self._lock:
            return [Line(name, self._used(name, now), most, _end(SPANS[name], now)) for name, most in limits if most]

    def written(self) -> str:
        """The limits as JSON, the shape of source_state.budget: limit, used, most, until (UTC epoch ms)."""
        lines = ({"limit": x.limit, "used": round(x.used, 4), "most": x.most, "until": ms(x.until)} for x in self.lines())
        return json.dumps(list(lines))

    def settle(self) -> bool:
        """Bring what was counted to the store, and take over what others counted; False when there was nothing new."""
        with self._lock:
            sending = self._sending = self._fresh  # it counts on the way too: the source's thread goes on asking for room
            self._fresh = Counter()
        if not sending:
            return False
        try:
            add_usage(self._engine, self._source, sending)
        except DatabaseFault:
            with self._lock:
                self._sending, self._fresh = Counter(), sending + self._fresh
            raise
        with self._lock:
            known = {key: self._known.get(key, 0) + amount for key, amount in sending.items()}
            self._sending, self._known = Counter(), self._known | known
        self._known = usage(self._engine, self._source, ms(_start("month", self.now())))
        return True

    def _refuse(self, more: dict[str, float], share: float = 1.0) -> None:
        now = self.now()
        for limit, asked in more.items():
            most = getattr(self.budget, limit) * share
            if most and asked and (used := self._used(limit, now)) + asked > most + 1e-9:
                raise Spent(limit, used, most, _end(SPANS[limit], now))

    def _used(self, limit: str, now: datetime) -> float:
        since = ms(_start(SPANS[limit], now))
        if limit == "money_per_month":
            return self._sum(CALLS, since) * self.budget.cost_per_call + self._sum(ITEMS, since) * self.budget.cost_per_item
        return self._sum(CALLS if limit.startswith(CALLS) else ITEMS, since)

    def _sum(self, measure: str, since: int) -> int:
        where = (self._known, self._sending, self._fresh)
        return sum(amount for each in where for (name, hour), amount in each.items() if name == measure and hour >= since)

    def _hour(self) -> int:
        return ms(_start("hour", self.now()))


def _start(span: str, now: datetime) -> datetime:
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return hour if span == "hour" else hour.replace(hour=0) if span == "day" else hour.replace(hour=0, day=1)


def _end(span: str, now: datetime) -> datetime:
    start = _start(span, now)
    if span == "month":
        return (start + timedelta(days=32)).replace(day=1)
    return start + (timedelta(hours=1) if span == "hour" else timedelta(days=1))
