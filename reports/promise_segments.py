"""One promise by customer group: for whom it is kept and for whom it is not, and the mark each group gives."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from zoneinfo import ZoneInfo

from config.journey import Journey
from metrics.intervals import Interval, difference
from metrics.privacy import FLOOR, hidden
from metrics.promise import Expectation
from metrics.segments import CRITICAL, SEGMENTS
from metrics.verdict import Verdict
from reports.promised import Facts, period_of
from store.engine import Engine
from store.people.promises import Promise

WIDER = 2.807 / 1.96  # z of 99.5% against that of 95%


@dataclass(frozen=True, slots=True)
class OfSegment:
    """A customer group: the verdict on its own cases (share kept, or gap), its mark with n, and what it was made to expect.

    `private`: too few customers to show, or a number from which such a number would follow.
    """

    segment: str
    verdict: Verdict
    mark: Interval
    mark_n: float
    expected: Expectation | None
    private: bool


@dataclass(frozen=True, slots=True)
class Between:
    """Two groups that differ beyond chance: what the worst and the best reached, and the difference (best less worst)."""

    worst: OfSegment
    best: OfSegment
    low: Interval
    high: Interval
    by: Interval


def by_segment(
    engine: Engine, journey: Journey, zone: ZoneInfo, now: datetime, kind: str, promise: Promise
) -> tuple[OfSegment, ...]:
    """The promise held against each group's own cases of a period ('month' or 'days'), groups nobody was heard in left out.

    Groups but the critical one part all customers among them, so what is hidden must not follow from their total.
    """
    variants = [replace(promise, code=f"{promise.code}/{name}", segment=name) for name in ("", *SEGMENTS)]
    facts = Facts(engine, journey, period_of(kind, now), variants, zone, now)
    found = [(facts.verdict(one), *facts.mark(one), facts.expected(one)) for one in variants]
    (whole, _, whole_n, _), groups = found[0], dict(zip(SEGMENTS, found[1:], strict=True))
    covered = _covered({name: verdict.n for name, (verdict, *_) in groups.items()}, whole.n)
    covered |= _covered({name: n for name, (_, _, n, _) in groups.items()}, whole_n)
    heard = {name: row for name, row in groups.items() if row[0].n or row[2]}
    return tuple(OfSegment(name, *row, private=name in covered) for name, row in heard.items())


def widest(groups: Sequence[OfSegment], marks: bool = False) -> Between | None:
    """The two groups that differ most beyond chance in the share kept, or with `marks` in the mark they give; None when none do.

    Up to ten pairs are looked at, so that a difference must hold at 99.5% for all of them together to hold at 95% (Bonferroni).
    The critical group is left out of marks: it is those who gave a low one.
    """
    known = [(one, _shown(one, marks)) for one in groups if not one.private and not (marks and one.segment == CRITICAL)]
    found = []
    for (a, first), (b, second) in combinations([(one, value) for one, value in known if value is not None], 2):
        worst, best, low, high = (a, b, first, second) if first.value <= second.value else (b, a, second, first)
        by = difference(high, low)
        if by.value > WIDER * (by.value - by.low):
            found.append(Between(worst, best, low, high, by))
    return max(found, key=lambda pair: pair.by.value, default=None)


def _shown(one: OfSegment, marks: bool) -> Interval | None:
    value, n = (one.mark, one.mark_n) if marks else (one.verdict.shown, one.verdict.n)
    return value if n >= FLOOR and math.isfinite(value.value) else None


def _covered(n: dict[str, float], total: float) -> set[str]:
    parts: dict[Hashable, int] = {name: round(count) for name, count in n.items() if name != CRITICAL}
    covered = {str(name) for name in hidden(parts, max(round(total), sum(parts.values())))}
    return covered | ({CRITICAL} if 0 < n[CRITICAL] < FLOOR or 0 < total - n[CRITICAL] < FLOOR else set())
