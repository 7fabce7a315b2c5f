"""The stages of a frame: mark, promise, gap, evidence and age per stage, and the headline over all of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from config.journey import Journey
from metrics.delivered import Delivered
from metrics.evidence import INDICATIVE, INDICATIVE_N, SOLID, TOO_FEW, needed_n, rounded
from metrics.gap import gap, gap_shape
from metrics.intervals import Z95, Interval
from metrics.journey import journey_from_stages, journey_weights
from metrics.promise import Expectation
from metrics.scorecard import Scorecard, scorecard
from metrics.weekly import Told
from pages.wall.freshness import Age, stage_age
from store.reads.wall import DAY, LAST_28, MONTH, TODAY, WEEK, Columns

WINDOWS = (TODAY, DAY, WEEK)
LENGTHS = (*WINDOWS, MONTH, LAST_28)
PRIVACY = 5
EVERYONE = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage with what was computed for it; `row` is what the frame holds."""

    row: dict[str, Any]
    interval: Interval | None
    variance: float
    expected: Expectation | None


def marks(columns: Columns, journey: Journey, buckets: Sequence[Any]) -> Scorecard | None:
    """The scorecard of rollup columns over these buckets and the journey's stages; None when there is nothing."""
    if not columns.get("n"):
        return None
    stages = [stage.id for stage in journey.stages]
    return scorecard(columns, axes={"bucket": list(buckets), "stage": stages, "segment": [EVERYONE]})


def expectations(told: Mapping[str, Told], now_ms: int) -> dict[str, Expectation | None]:
    """What customers expect per stage at a moment: what they were told, and what they said themselves."""
    return {stage: heard.raised("", now_ms) for stage, heard in told.items()}


def build_stages(
    journey: Journey,
    card: Scorecard | None,
    expected: Mapping[str, Expectation | None],
    ages: Mapping[str, Age],
    now_ms: int,
    windows: Sequence[str] = WINDOWS,
) -> list[Stage]:
    """The journey's stages in order, each on the shortest of the card's windows that holds enough evidence."""
    return [_stage(i, journey, card, expected.get(stage.id), ages, now_ms, windows) for i, stage in enumerate(journey.stages)]


def headline(stages: Sequence[Stage], journey: Journey) -> dict[str, Any]:
    """The whole journey: its mark J, the promise by the same weights, and their gap (docs/metrics.md 2.7)."""
    shown = [i for i, stage in enumerate(stages) if stage.row["mark"] is not None and stage.interval is not None]
    n = sum(stages[i].row["n"] for i in shown)
    out = {"stages": len(shown), "of": len(stages), "n": n, "window": _longest([stages[i].row["window"] for i in shown])}
    if len(shown) < 2:
        return {**out, **_nothing(), "n": sum(stage.row["n"] for stage in stages), "needed": INDICATIVE_N, "firm": False}
    values = [stages[i].interval.value for i in shown]  # type: ignore[union-attr]
    wanted = [e.value if (e := stages[i].expected) else math.nan for i in shown]
    truth = [journey.stages[i].moment_of_truth for i in shown]
    j = journey_from_stages(values, [stages[i].variance for i in shown], wanted, truth)
    weights = journey_weights(values, wanted, truth)
    promised = _promised(weights, wanted, [e.variance if (e := stages[i].expected) else 0.0 for i in shown])
    out |= {"mark": _one(j.value), "low": _one(j.low), "high": _one(j.high), "needed": INDICATIVE_N}
    out |= _gap(Interval(j.value, j.low, j.high), promised, _one(j.value))
    out |= {"firm": all(stages[i].row["firm"] for i in shown), "weakest": journey.stages[shown[j.weakest]].id}
    return out


def shown_value(at: tuple[int, ...], part: Delivered) -> float | None:
    """A mark of a scorecard for a sparkline: None below the privacy floor or without a mark."""
    n, value = float(part.n[at]), float(part.value[at])
    return None if n < PRIVACY or not math.isfinite(value) else _one(value)


def _stage(
    i: int,
    journey: Journey,
    card: Scorecard | None,
    expected: Expectation | None,
    ages: Mapping[str, Age],
    now_ms: int,
    windows: Sequence[str],
) -> Stage:
    stage, window = journey.stages[i], 0
    row = {
        "id": stage.id,
        "name": stage.name,
        "moment": stage.moment_of_truth,
        "heard_at": 0,
        "late_at": 0,
        "none_at": 0,
        "spark": [],
    }
    if card is None:
        return Stage({**row, **_nothing(expected), **_few(0, INDICATIVE_N), "window": windows[0]}, None, math.nan, expected)
    window = next((w for w in range(len(windows)) if str(card.stages.status[w, i, 0]) != TOO_FEW), 0)
    age = stage_age(_by_channel(card, window, i), ages)
    row |= {
        "window": windows[window],
        **({"heard_at": age.heard_at, "late_at": age.late_at, "none_at": age.none_at} if age else {}),
    }
    found = _mark(card.stages, (window, i, 0))
    if found is None:
        return Stage({**row, **_nothing(expected), **_few(*_needed(card, window, i))}, None, math.nan, expected)
    interval, status, n = found
    state = age.state(now_ms) if age else "live"
    figures = {"mark": rounded(interval.value, status), "low": _one(interval.low), "high": _one(interval.high)}
    row |= {"state": state, "firm": status == SOLID, "n": n, "needed": INDICATIVE_N, **figures}
    row |= _gap(interval, expected.interval if expected else None, row["mark"], row["firm"])
    if state == "none":
        row |= {"mark": None, "gap": None, "shape": None}
    return Stage(row, interval, float(card.stages.variance[window, i, 0]), expected)


def _mark(stages: Delivered, at: tuple[int, ...]) -> tuple[Interval, str, int] | None:
    status, n = str(stages.status[at]), float(stages.n[at])
    if status == TOO_FEW or n < PRIVACY or not math.isfinite(float(stages.value[at])):
        return None
    return Interval(*(float(part[at]) for part in (stages.value, stages.low, stages.high))), status, round(n)


def _by_channel(card: Scorecard, window: int, stage: int) -> dict[str, float]:
    counts = np.where(np.isfinite(card.cells.n[window, stage, :, 0]), card.cells.n[window, stage, :, 0], 0.0)
    return {str(name): float(n) for name, n in zip(card.axes["channel"], counts, strict=True)}


def _needed(card: Scorecard, window: int, stage: int) -> tuple[int, int]:
    n = float(np.nan_to_num(card.stages.n[window, stage, 0]))
    return round(n), max(INDICATIVE_N, needed_n(float(card.stages.value[window, stage, 0]), math.nan))


def _gap(interval: Interval, promised: Interval | None, mark: float | None, firm: bool = True) -> dict[str, Any]:
    """The gap as shown: of firm marks their difference as shown, which anyone can check; else to a half. Its shape is exact."""
    if promised is None or mark is None:
        return {"promise": None, "gap": None, "gap_low": None, "gap_high": None, "shape": None}
    found, promise = gap(interval, promised), _one(promised.value)
    shown = round(mark - promise, 1) if firm else rounded(found.value, INDICATIVE)
    ends = {"gap": shown, "gap_low": _one(found.low), "gap_high": _one(found.high)}
    return {"promise": promise, **ends, "shape": gap_shape(found)}


def _promised(weights: Any, wanted: Sequence[float], variances: Sequence[float]) -> Interval | None:
    """The journey's promise: the weights of its mark, over the stages that have a promise."""
    share = np.where(np.isfinite(wanted), np.nan_to_num(weights), 0.0)
    if share.sum() <= 0:
        return None
    share = share / share.sum()
    value, half = float((share * np.nan_to_num(wanted)).sum()), Z95 * math.sqrt(float((share**2 * np.asarray(variances)).sum()))
    return Interval(value, max(1.0, value - half), min(10.0, value + half))


def _nothing(expected: Expectation | None = None) -> dict[str, Any]:
    promise = _one(expected.value) if expected else None
    return {
        "mark": None,
        "low": None,
        "high": None,
        "promise": promise,
        "gap": None,
        "gap_low": None,
        "gap_high": None,
        "shape": None,
    }


def _few(n: int, needed: int) -> dict[str, Any]:
    return {"state": "few", "firm": False, "n": n, "needed": needed}


def _longest(windows: Sequence[str]) -> str:
    return max(windows, key=LENGTHS.index, default=TODAY)


def _one(value: float) -> float:
    return math.floor(value * 10 + 0.5) / 10
