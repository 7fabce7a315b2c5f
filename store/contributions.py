"""What an observation adds to the rollups, as whole numbers: pure, exact, and the same in whatever order events arrive.

The unit of analysis is the case: of several observations of one case the earliest carries the case's mean, the others
nothing. "Earliest" is by moment, then bin, then id: only the last depends on the order of arrival, and by then the bucket,
the bin and the mean are equal, so the rollups are too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

LIMIT = 2**53  # beyond this a sum of a year could leave 64 bits
THOUSAND, MILLION, INFINITE = 1_000, 1_000_000, math.inf


class Contribution(NamedTuple):
    """Cases, weights and squared weights, weight x mark and x mark squared, weight x value: units as in tables/rollups.py."""

    n: int = 0
    w: int = 0
    w2: int = 0
    m1: int = 0
    m2: int = 0
    v: int = 0


class Value(NamedTuple):
    """What a contribution is computed from: the raw columns of one observation."""

    happened_at: int
    bin: int
    id: int
    count: float
    weight: float
    mark: float | None
    value: float


NOTHING = Contribution()


@lru_cache(maxsize=8_192)
def alone(count: float, weight: float, mark: float | None, value: float) -> Contribution:
    """The contribution of an observation that no other shares its case with.

    `count` cases of `weight` each. The mark (1-10) is rounded to thousandths first, so that the variance of marks can never
    come out below zero. Raises ValueError for a number that is not finite, a count or weight below zero, a mark off the scale.

    >>> alone(1.0, 1.0, 6.85, 0.3)
    Contribution(n=1, w=1000, w2=1000000, m1=6850, m2=46922500, v=300)
    """
    if not (
        0 <= count < INFINITE and 0 <= weight < INFINITE and -INFINITE < value < INFINITE and (mark is None or 1 <= mark <= 10)
    ):
        raise _unfit(count, weight, mark, value)
    marked = 0 if mark is None else round(THOUSAND * mark)
    if count == weight == 1:  # nearly always, and then nothing is lost to rounding
        found = Contribution(1, THOUSAND, MILLION, marked, marked * marked, round(THOUSAND * value))
    else:
        weights = round(THOUSAND * count * weight)
        m1, m2 = _product(weights, marked), _product(weights, marked * marked)
        squared, valued = round(MILLION * count * weight * weight), round(THOUSAND * count * weight * value)
        found = Contribution(round(count), weights, squared, m1, m2, valued)
    if max(found) > LIMIT or found[-1] < -LIMIT:
        raise ValueError(
            f"observation: found value {value!r} x count {count!r}, expected a sum below 9e15. Check the metric's unit."
        )
    return found


def of_case(values: Sequence[Value]) -> list[Contribution]:
    """The contribution of each observation of one case, in the order given: the earliest carries the mean of all.

    >>> [c.m1 for c in of_case([Value(20, 0, 1, 1.0, 1.0, 4.0, 0.0), Value(10, 0, 2, 1.0, 1.0, 8.0, 0.0)])]
    [0, 6000]
    """
    first = min(range(len(values)), key=lambda i: values[i][:3])
    marks = [value.mark for value in values if value.mark is not None]
    mean = alone(
        _mean([value.count for value in values]),
        _mean([value.weight for value in values]),
        _mean(marks) if marks else None,
        _mean([value.value for value in values]),
    )
    return [mean if i == first else NOTHING for i in range(len(values))]


class ThemeContribution(NamedTuple):
    """What a contact adds to each of its themes: itself, whether it has a mark, and the mark in thousandths."""

    n: int = 0
    nm: int = 0
    m1: int = 0


def of_themes(marks: Sequence[float | None]) -> ThemeContribution:
    """The contribution of a contact whose sentiment has these marks (1-10) to each of its themes.

    >>> of_themes([3.25, 4.25]), of_themes([])
    (ThemeContribution(n=1, nm=1, m1=3750), ThemeContribution(n=1, nm=0, m1=0))
    """
    known = [mark for mark in marks if mark is not None]
    return ThemeContribution(1, 1, round(THOUSAND * _mean(known))) if known else ThemeContribution(1)


def _mean(numbers: Sequence[float]) -> float:
    # fsum is rounded once, at the end: the mean does not depend on the order of its terms.
    return numbers[0] if len(numbers) == 1 else math.fsum(numbers) / len(numbers)


def _product(weights: int, marked: int) -> int:
    exact, rest = divmod(weights * marked, THOUSAND)
    return exact + (rest >= THOUSAND // 2)


def _unfit(count: float, weight: float, mark: float | None, value: float) -> ValueError:
    if not (0 <= count < INFINITE and 0 <= weight < INFINITE):
        return ValueError(f"observation: found count {count!r} and weight {weight!r}, expected finite numbers from 0.")
    if not -INFINITE < value < INFINITE:
        return ValueError(f"observation: found value {value!r}, expected a finite number. Leave out what was not measured.")
    return ValueError(f"observation: found mark {mark!r}, expected 1 to 10. Check the metric's knots.")
