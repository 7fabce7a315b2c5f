"""Where what we know comes from: per stage how much customers said, and how much employees did (the inside-out meter)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from config.journey import Journey
from metrics.weeks import day_key
from store.engine import Engine
from store.reads.heard import employees_heard
from store.reads.scorecard import day_frame

DAYS = 28


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a stage rests on: contacts of customers, and messages and named things of employees, which count in no mark."""

    customers: int
    employees: int

    @property
    def share(self) -> float | None:
        """The part (0-1) that customers said; None without anything."""
        both = self.customers + self.employees
        return self.customers / both if both else None


def evidence_by_stage(engine: Engine, journey: Journey, now: datetime) -> dict[str, Evidence]:
    """Every stage's evidence of the 28 days up to and including `now`'s (local), in the journey's order."""
    first = now.date() - timedelta(days=DAYS - 1)
    frame: Any = day_frame(engine, journey.id, day_key(first), day_key(now.date()))
    said = frame[frame["metric"] == "contacts"].groupby("stage")["n"].sum()
    begun = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)
    staff = employees_heard(engine, journey.id, round(begun.timestamp() * 1000), round(now.timestamp() * 1000) + 1)
    return {stage.id: Evidence(int(said.get(stage.id, 0)), staff.get(stage.id, 0)) for stage in journey.stages}


def whole(found: Mapping[str, Evidence]) -> Evidence:
    """All stages together."""
    return Evidence(sum(one.customers for one in found.values()), sum(one.employees for one in found.values()))
