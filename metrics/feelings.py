"""Frustration and delight counted apart: what a mean of marks hides when some customers are angry and others glad."""

from __future__ import annotations

import math
from dataclasses import dataclass

from metrics.evidence import INDICATIVE_N
from metrics.intervals import HIGH_MARK, LOW_MARK, PASS_MARK, Interval, wilson

FRUSTRATED = (LOW_MARK + PASS_MARK) / 2
DELIGHTED = (PASS_MARK + HIGH_MARK) / 2
MANY = 0.1
EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Feelings:
    """Of `n` cases with a tone: their mean mark (1-10), and the shares (0-1) frustrated and delighted.

    `balance` is the share of the frustrated among those who are either; NaN when nobody is.
    """

    n: int
    mean: float
    frustrated: Interval
    delighted: Interval
    balance: Interval

    @property
    def enough(self) -> bool:
        """Whether enough customers spoke to tell shares of them."""
        return self.n >= INDICATIVE_N

    @property
    def kind(self) -> str:
        """What the two shares say: surely more frustrated or delighted; divided (neither is, and the mean hides both); or even.

        Divided needs surely more than one in ten at either end.
        """
        if self.balance.low > EVEN:
            return "frustrated"
        if self.balance.high < EVEN:
            return "delighted"
        return "divided" if min(self.frustrated.low, self.delighted.low) > MANY else "even"


def feelings(n: int, mean: float, frustrated: int, delighted: int) -> Feelings:
    """The shares of `n` cases whose mark is at most FRUSTRATED (3.25) or at least DELIGHTED (7.75), with Wilson's intervals.

    The bounds lie halfway between the pass mark and either end of the scale: on a school report a 3 and an 8. For a tone read by
    the model (P(positive) - P(negative), on the uncalibrated line 5.5 + 4.5c) they are where that feeling is at least as likely
    as all else together. `balance` is a sign test turned into an interval: among the clear ones only (Dixon & Mood 1946).

    >>> found = feelings(100, 5.9, 31, 33)
    >>> found.kind, found.frustrated.value, round(found.frustrated.low, 2), feelings(100, 4.2, 31, 5).kind
    ('divided', 0.31, 0.23, 'frustrated')
    """
    nobody = Interval(math.nan, math.nan, math.nan)
    clear = frustrated + delighted
    angry, glad = (wilson(part, n) if n else nobody for part in (frustrated, delighted))
    return Feelings(n, mean, angry, glad, wilson(frustrated, clear) if clear else nobody)
