"""Effect: whether a change worked, judged twice over and against dates on which nothing happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.counterfactual import Run, counterfactual
from metrics.panel import Panel, difference_in_differences

Floats = NDArray[np.floating]
SHOWN, DEPENDS, NOT_SHOWN, TOO_EARLY = "shown", "depends", "not_shown", "too_early"
BEFORE, AFTER = 8, 4
MOST_AFTER = 12  # later weeks hold other changes, and longer windows leave no placebo dates
PLACEBO_P, TREND_P = 0.05, 0.10
MDE_FACTOR = 2.8
Z80 = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class Effect:
    """The verdict on a change (shown, depends, not_shown, too_early), with all that it rests on.

    `smallest` is the smallest effect that could have been found (marks); `low90` the lower 90% bound to build advice on (NaN
    unless shown); `ticks` are the screen's three checks: equal trend before, no such jump on placebo dates, assumptions agree.
    """

    verdict: str
    stiff: Run | None = None
    free: Run | None = None
    panel: Panel | None = None
    placebo_p: float = 1.0
    placebos: int = 0
    smallest: float = float("nan")
    low90: float = float("nan")
    weeks_needed: int = 0

    @property
    def ticks(self) -> dict[str, bool]:
        """The three checks, by name."""
        agree = self.stiff is not None and self.free is not None and _side(self.stiff) == _side(self.free) != 0
        trend = self.panel is None or self.panel.trend_p > TREND_P
        return {"trend": trend, "placebo": self.placebo_p < PLACEBO_P, "assumptions": agree}

    @property
    def doubt(self) -> str:
        """Why the effect is not shown though both runs leave out 0: history, placebo or controls; '' where that is not so.

        history: too few earlier dates for p < .05 at all; placebo: jumps like it on other dates; controls: the untouched
        cells say otherwise.
        """
        if self.verdict != NOT_SHOWN or not self.ticks["assumptions"]:
            return ""
        if 1 / (1 + self.placebos) >= PLACEBO_P:
            return "history"
        return "placebo" if self.placebo_p >= PLACEBO_P else "controls"


def effect(y: ArrayLike, start: int, *, ramp: int = 0, controls: ArrayLike | None = None) -> Effect:
    """The effect of a change on weekly marks y (weeks,), started in week `start`, its first `ramp` weeks left out.

    `controls` (weeks, cells) are untouched cells. Shown when both counterfactual runs leave out 0 on the same side, placebo dates
    give p < .05 and difference in differences does not point the other way; depends when one run leaves out 0.
    Fewer than 8 weeks before or 4 after is too early; of the weeks after the run-up the first 12 count.
    """
    first = start + ramp
    series = np.asarray(y, float)[: first + MOST_AFTER]
    short = max(0, BEFORE - start) + max(0, AFTER - (len(series) - first))
    if short:
        return Effect(TOO_EARLY, weeks_needed=short)
    cells = None if controls is None else np.asarray(controls, float)[: len(series)].reshape(len(series), -1)
    kept = np.r_[0:start, first : len(series)]
    near = None if cells is None else cells[kept]
    stiff, free = (counterfactual(series[:start], series[first:], near, stiff=hold) for hold in (True, False))
    panel = _panel(series[kept], near, start)
    p, count = placebo_p(series[:start], len(series) - first, None if cells is None else cells[:start], stiff.effect.value)
    verdict = _verdict(stiff, free, panel, p)
    low90 = _low90(free) if verdict == SHOWN else float("nan")
    return Effect(verdict, stiff, free, panel, p, count, MDE_FACTOR * free.se, low90)


def placebo_p(before: ArrayLike, length: int, controls: ArrayLike | None, observed: float) -> tuple[float, int]:
    """How rare the observed effect is among windows of the same length on earlier dates: p, and how many dates there were.

    p = (1 + placebos at least as large) / (1 + placebos); 1.0 when the history holds none.
    """
    y = np.asarray(before, float)
    cells = None if controls is None else np.asarray(controls, float)
    effects = []
    for date in range(BEFORE, len(y) - length + 1):
        end = date + length
        near = None if cells is None else cells[:end]
        effects.append(counterfactual(y[:date], y[date:end], near, stiff=True).effect.value)
    larger = sum(abs(one) >= abs(observed) for one in effects)
    return (1 + larger) / (1 + len(effects)), len(effects)


def _panel(y: Floats, controls: Floats | None, start: int) -> Panel | None:
    if controls is None or controls.shape[1] == 0:
        return None
    both = np.column_stack([y, controls])
    return difference_in_differences(both, np.arange(both.shape[1]) == 0, start)


def _verdict(stiff: Run, free: Run, panel: Panel | None, p: float) -> str:
    sides = (_side(stiff), _side(free))
    if sides[0] == sides[1] != 0:
        against = panel is not None and np.sign(panel.beta) == -sides[0]
        return SHOWN if p < PLACEBO_P and not against else NOT_SHOWN
    return DEPENDS if any(sides) else NOT_SHOWN


def _side(run: Run) -> int:
    return 1 if run.effect.low > 0 else -1 if run.effect.high < 0 else 0


def _low90(run: Run) -> float:
    """The end of the one-sided 90% bound nearest to no effect, with the effect's sign."""
    value = run.effect.value
    return value - Z80 * run.se if value > 0 else value + Z80 * run.se
