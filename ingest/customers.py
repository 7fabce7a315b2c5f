"""What customers' own paths tell: how many there are, for how many the journey broke, how many questions were sent around."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from metrics.contacts import Contact, cases
from metrics.effort import mean_effort
from metrics.intervals import Interval
from metrics.journey import break_share
from metrics.resolution import repeat_share, transfer_share
from metrics.wall_to_wall import wall_to_wall
from store.customers import keep_customers
from store.people.journeys import current_journey, journeys
from store.reads.customers import Heard, heard_between

DAYS = 28
LEAST = 10  # cases of a stage, below which nothing is said of it
DAY_MS = 86_400_000
HANDED_OVER = ("", "other")  # who had it is never stored, only that it was passed on


def refresh_customers(engine: Any, now_ms: int) -> bool:
    """Compute it anew over the 28 days before `now_ms` (UTC epoch ms) and keep it; False in a store without a journey."""
    journey = next(iter(journeys(engine)), "")
    if not journey:
        return False
    heard = heard_between(engine, journey, now_ms - DAYS * DAY_MS, now_ms)
    stages = [stage.id for stage in current_journey(engine, journey).stages]
    keep_customers(engine, {"journey": journey, "days": DAYS, **told(heard, stages, now_ms)}, now_ms)
    return True


def told(heard: Sequence[Heard], stages: Sequence[str], now_ms: int) -> dict[str, Any]:
    """Customers, paths of two stages or more with the share that broke, and mature questions with the share sent around.

    Shares as [value, low, high], None without anybody to count; `stages` is what it took per stage in which a question began.
    """
    marks = path_marks(heard, stages)
    paths = marks[np.isfinite(marks).sum(1) >= 2]
    ripe = cases(contacts(heard), now_ms / 1000)
    around = wall_to_wall(ripe) if ripe else None
    return {
        "customers": len({one.customer for one in heard}),
        "paths": len(paths),
        "broke": _parts(break_share(paths)) if len(paths) else None,
        "questions": len(ripe),
        "around": _parts(around.index) if around else None,
        "stages": steps(ripe, {(one.customer, one.at / 1000): one.stage for one in heard}),
    }


def steps(ripe: Sequence[tuple[Contact, ...]], stage_of: Mapping[tuple[str, float], str]) -> dict[str, dict[str, Any]]:
    """Per stage of its first contact: mature cases, the share asked again and passed on, and mean steps too many.

    Only stages with LEAST cases. `stage_of` gives the stage of a contact by its customer and moment (epoch s).
    """
    begun: dict[str, list[tuple[Contact, ...]]] = defaultdict(list)
    for case in ripe:
        begun[stage_of.get((case[0].customer, case[0].at), "")].append(case)
    return {
        stage: {
            "cases": len(own),
            "again": _parts(repeat_share(own)),
            "passed": _parts(transfer_share(own)),
            "steps": _parts(mean_effort(own)),
        }
        for stage, own in begun.items()
        if stage and len(own) >= LEAST
    }


def path_marks(heard: Sequence[Heard], stages: Sequence[str]) -> np.ndarray:
    """Each customer's mean mark per stage (customers, stages), NaN for a stage that they said nothing of."""
    lived: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in heard:
        for stage, mark in one.marks:
            lived[one.customer][stage].append(mark)
    rows = [[float(np.mean(own[stage])) if own.get(stage) else np.nan for stage in stages] for own in lived.values()]
    return np.array(rows, float).reshape(len(rows), len(stages))


def contacts(heard: Sequence[Heard]) -> list[Contact]:
    """One contact per conversation, at its first moment: its messages are no repeats. What it was about is its theme.

    Without a theme nobody can tell whether it was asked again, so then it is a question of its own.
    """
    first: dict[tuple[str, str], Heard] = {}
    passed_on: set[tuple[str, str]] = set()
    for i, one in enumerate(sorted(heard, key=lambda one: one.at)):
        key = (one.customer, one.case or f"#{i}")
        first.setdefault(key, one)
        if one.transferred:
            passed_on.add(key)
    return [
        Contact(one.customer, one.theme or case, one.at / 1000, one.channel, HANDED_OVER if (who, case) in passed_on else ())
        for (who, case), one in first.items()
    ]


def _parts(shown: Interval) -> list[float]:
    return [float(shown.value), float(shown.low), float(shown.high)]
