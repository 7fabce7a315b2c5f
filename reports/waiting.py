"""Waiting pain of a stage: how many waited longer than they were promised, or than customers still find good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from metrics.bins import quantile, within
from metrics.intervals import Interval, wilson
from metrics.knots import KnotsBook, default_knots
from metrics.privacy import may_show
from metrics.registry import metrics
from metrics.weeks import day_key
from reports.stage import DAYS, Fact
from store.engine import Engine
from store.people.knots import current_book
from store.people.promises import Promise
from store.reads.kept import Bar, counts_of

GOOD = 8.0


@dataclass(frozen=True, slots=True)
class Pain:
    """One wait on one channel over 28 days: the bar in seconds and whether it was promised, the share that waited longer.

    `tenth` is the time within which nine in ten were done (s, infinite when not reached).
    """

    metric: str
    channel: str
    bar: float
    promised: bool
    longer: Interval
    n: float
    tenth: float


def pains(
    engine: Engine, journey: str, stage: str, facts: Sequence[Fact], promises: Sequence[Promise], now: datetime
) -> list[Pain]:
    """Every wait of the stage (the durations among `facts`), the largest share first; what nobody answered yet waits too.

    The bar is the shortest promise in force for it, else the time that is still worth an 8 on that channel.
    """
    first, last = day_key((now - timedelta(days=DAYS - 1)).date()), day_key(now.date())
    out = []
    for fact in facts:
        if metrics()[fact.metric].kind != "duration":
            continue
        counts = counts_of(engine, journey, Bar("", fact.metric, stage, fact.channel, "", 0), first, last)
        bar, promised = bar_of(fact, stage, promises, current_book(engine))
        kept, n = within(counts, bar)
        if may_show(int(n)):
            out.append(Pain(fact.metric, fact.channel, bar, promised, wilson(n - kept, n), n, quantile(counts, 0.9)))
    return sorted(out, key=lambda pain: -pain.longer.value)


def bar_of(fact: Fact, stage: str, promises: Sequence[Promise], book: KnotsBook | None = None) -> tuple[float, bool]:
    """The bar of a wait in seconds, and whether somebody promised it."""
    said = [
        float(p.threshold)
        for p in promises
        if p.metric == fact.metric and p.stage == stage and p.channel in ("", fact.channel) and p.threshold
    ]
    return (min(said), True) if said else ((book or default_knots()).of(fact.metric, fact.channel).inverse(GOOD), False)
