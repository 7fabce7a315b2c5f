"""What became of a change in words, the same on the page of changes, in the meeting and in the report."""

from __future__ import annotations

import math

from config.language import Texts
from config.wording import signed_span
from metrics.effect import DEPENDS, NOT_SHOWN, SHOWN, TOO_EARLY
from reports.effects import Outcome

SHAPES = {SHOWN: "above", DEPENDS: "unsure", NOT_SHOWN: "unsure", TOO_EARLY: "unsure"}


def verdict_text(one: Outcome, t: Texts) -> str:
    """The effect: shown with its size and interval, or why there is none yet."""
    found = one.effect
    if found is None:
        return t("changes.not_started")
    if found.verdict == TOO_EARLY:
        return t("changes.too_early", weeks=found.weeks_needed or 4)
    assert found.free is not None
    size = f"{t.signed(found.free.effect.value)} {signed_span(t, found.free.effect.low, found.free.effect.high)}"
    smallest = t.number(found.smallest) if math.isfinite(found.smallest) else "–"
    key = f"{found.verdict}_{found.doubt}" if found.doubt else found.verdict
    return t(f"changes.{key}", size=size, smallest=smallest)


def verdict_shape(one: Outcome) -> str:
    """Its shape: above for a gain that was shown, below for a loss that was shown, else unsure."""
    if one.effect is None:
        return "unsure"
    return "below" if one.effect.verdict == SHOWN and size(one) < 0 else SHAPES[one.effect.verdict]


def size(one: Outcome) -> float:
    """The effect in marks; 0 while there is none."""
    return one.effect.free.effect.value if one.effect and one.effect.free else 0.0


def judged(one: Outcome) -> bool:
    """Whether there is a verdict at all: it started, and ran long enough."""
    return one.effect is not None and one.effect.verdict != TOO_EARLY
