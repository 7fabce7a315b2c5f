"""Advice on a promise: raise delivery, lower the bar, leave it, or cannot tell yet; its reasons are data, never prose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from metrics.capability import FEASIBLE, UNDECIDED, Capability
from metrics.knots import KnotsBook
from metrics.marks import mark_of, share_mark
from metrics.promise import Promise
from metrics.registry import metric as metric_of
from metrics.verdict import BROKEN, OVER, Verdict

FLOOR = 5.5
HOUR, DAY = 3600, 86400
STEPS: tuple[tuple[str, float], ...] = (
    *((f"{s}s", float(s)) for s in (10, 20, 30, 60, 120, 180, 300)),
    *((f"{m}m", m * 60.0) for m in (10, 15, 30)),
    *((f"{h}h", float(h * HOUR)) for h in (1, 2, 4)),
    ("today", 8.0 * HOUR),
    ("tomorrow", 1.0 * DAY),
    *((f"{d}d", float(d * DAY)) for d in (2, 5, 7, 14)),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a code, and the numbers and names that a page puts into the sentence of its language."""

    code: str
    values: dict[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """An improvement whose effect was shown and that is ready for this stage; `low` is the lower 90% bound (marks or share)."""

    id: str
    low: float


@dataclass(frozen=True, slots=True)
class Case:
    """All that advice rests on: the promise, its verdict, what delivery can reach, and where the stage stands.

    `upper` is the upper limit of the pi-quantile over the last full quarter (s), `soft_low` the lower end of D (marks),
    `share_low` that of the share kept; `leading`: the stage is in priority's leading group; `unhappy`: kept_but_unhappy.
    """

    promise: Promise
    verdict: Verdict
    capability: Capability
    target: float
    upper: float | None = None
    soft_low: float = math.nan
    share_low: float = math.nan
    leading: bool = False
    unhappy: bool = False
    actions: Sequence[Action] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """`kind`: leave, raise, lower or unsure; `code` the exact rule; `bar` the new threshold, share or mark if one is advised."""

    kind: str
    code: str
    reasons: tuple[Reason, ...]
    bar: float | None = None
    step: str = ""
    action: str = ""
    weeks_needed: int = 0


def advise(case: Case, book: KnotsBook | None = None) -> Advice:
    """The advice of metrics.md 3.5 for one promise.

    Kept or unproven is left; over-delivered may be sharpened where the stage leads; broken is raised where delivery has surely
    reached the target before or a proven action bridges it, else lowered, unless floor, moment of truth or priority forbid.
    """
    if case.verdict.verdict == OVER:
        return _sharpen(case)
    if case.verdict.verdict != BROKEN:
        return Advice("leave", "keep", (_why_kept(case), *_unhappy(case)))
    if case.capability.verdict == FEASIBLE:
        return Advice("raise", "raise_delivery", (_broken(case), _reached(case)))
    if case.capability.verdict == UNDECIDED:
        weeks = case.capability.weeks_needed
        return Advice(
            "unsure", "cannot_tell", (_broken(case), Reason("capability_unknown", {"weeks": weeks})), weeks_needed=weeks
        )
    gained = sum(action.low for action in case.actions)
    if case.actions and case.capability.best + gained >= case.target:
        via = max(case.actions, key=lambda action: action.low).id
        bridge = Reason("action_bridges", {"action": via, "gain": gained, "best": case.capability.best, "target": case.target})
        return Advice("raise", "raise_delivery_via", (_broken(case), bridge), action=via)
    return _lower(case, book)


def step_above(seconds: float) -> tuple[str, float] | None:
    """The smallest communicable step (name, seconds) of at least `seconds`; None beyond 14 days.

    >>> step_above(3000), step_above(86401)
    (('1h', 3600.0), ('2d', 172800.0))
    """
    return next(((name, length) for name, length in STEPS if length >= seconds), None)


def floor_of(promise: Promise) -> float:
    """The mark below which no promise may go: 5.5, or the mark of a law or sector norm when that is higher."""
    return max(FLOOR, promise.floor or 0.0)


def _lower(case: Case, book: KnotsBook | None) -> Advice:
    bar, step, mark = _new_bar(case, book)
    never = Reason("never_reached", {"best": case.capability.best, "target": case.target})
    if bar is None or mark < floor_of(case.promise):
        low = Reason("below_floor", {"mark": mark, "floor": floor_of(case.promise)})
        return Advice("raise", "raise_cannot_lower", (_broken(case), never, low))
    if case.promise.moment_of_truth or case.leading:
        why = Reason("moment_of_truth" if case.promise.moment_of_truth else "leading_stage")
        return Advice("raise", "raise_lower_meanwhile", (_broken(case), never, why), bar=bar, step=step)
    return Advice("lower", "lower_bar", (_broken(case), never, Reason("new_bar", {"mark": mark})), bar=bar, step=step)


def _new_bar(case: Case, book: KnotsBook | None) -> tuple[float | None, str, float]:
    """The bar that delivery would keep (threshold in s, share 0-1, or mark), its step's name, and the mark it raises."""
    promise = case.promise
    if promise.kind == "soft":
        bar = math.floor(case.soft_low * 2) / 2 if math.isfinite(case.soft_low) else None
        return bar, "", bar if bar is not None else math.nan
    if metric_of(promise.metric).kind == "share":
        bar = math.floor(case.share_low * 20 + 1e-9) / 20 if math.isfinite(case.share_low) else None
        return bar, "", share_mark(promise.metric, bar, book=book) if bar is not None else math.nan
    step = step_above(case.upper) if case.upper is not None else None
    if step is None:
        return None, "", math.nan
    return step[1], step[0], mark_of(promise.metric, step[1], channel=promise.channel, book=book) or math.nan


def _sharpen(case: Case) -> Advice:
    upper = case.upper if case.upper is not None else case.verdict.upper
    step = step_above(upper) if upper is not None and case.promise.kind == "hard" else None
    more = Reason("more_than_promised", {"value": case.verdict.shown.value, "low": case.verdict.shown.low})
    sharper = step and step[1] < (case.promise.threshold or math.inf)
    if case.leading and step and sharper:
        return Advice("leave", "may_sharpen", (more, Reason("leading_stage"), *_unhappy(case)), bar=step[1], step=step[0])
    return Advice("leave", "keep", (more, *_unhappy(case)))


def _broken(case: Case) -> Reason:
    shown = case.verdict.shown
    return Reason("broken", {"value": shown.value, "low": shown.low, "high": shown.high, "n": case.verdict.n})


def _reached(case: Case) -> Reason:
    can = case.capability
    return Reason("reached_before", {"best": can.best, "low": can.best_low, "week": can.best_week, "target": case.target})


def _why_kept(case: Case) -> Reason:
    return Reason(case.verdict.verdict, {"value": case.verdict.shown.value, "needed": case.verdict.needed})


def _unhappy(case: Case) -> tuple[Reason, ...]:
    return (Reason("kept_but_unhappy"),) if case.unhappy else ()
