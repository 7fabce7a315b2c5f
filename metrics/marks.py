"""Marks: from one observed value, or one share, to the report mark 1-10."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metrics.knots import KnotsBook, default_knots
from metrics.registry import metric as metric_of


class OutOfRange(ValueError):
    """A value that its metric cannot take, such as a 6 on a scale of 1 to 5."""

    def __init__(self, metric: str, value: float, low: float, high: float) -> None:
        super().__init__(f"{metric}: found {value!r}, expected a number from {low:g} to {high:g}. Check the source's scale.")


def mark_of(
    metric: str,
    value: float,
    *,
    channel: str = "",
    norms: Mapping[str, float] | None = None,
    book: KnotsBook | None = None,
) -> float | None:
    """The mark (1-10) of a single observation in the metric's unit; None where only an aggregate has a mark (shares, counts).

    `channel` chooses the norm of a wait or response; `norms` (T, U in seconds) win over it. Raises OutOfRange for a value
    outside the metric's scale (durations below zero, NaN), ConfigError for an unknown metric.

    >>> mark_of("csat", 4), mark_of("wait", 120, channel="phone"), mark_of("sentiment", 0.5)
    (7.75, 5.5, 7.75)
    >>> mark_of("abandoned", 1) is None
    True
    """
    rule = metric_of(metric)
    check_value(metric, value)
    if rule.marked != "observation":
        return None
    return (book or default_knots()).of(rule.knots, channel, norms).mark(float(value))


def check_value(metric: str, value: float) -> None:
    """Raise OutOfRange when `value` cannot be a value of `metric`: ratings and sentiment on their scale, the rest from 0."""
    rule = metric_of(metric)
    low, high = rule.range or (0.0, 1.0 if rule.kind == "share" else float("inf"))
    if not low <= value <= high:
        raise OutOfRange(metric, value, low, high)


def share_mark(
    metric: str,
    p: float | NDArray[np.floating],
    *,
    norms: Mapping[str, float] | None = None,
    book: KnotsBook | None = None,
) -> Any:
    """The mark (1-10) of an aggregate: a share 0-1 (or an index in its own unit), or an array of them; pi in `norms` is a share.

    >>> share_mark("abandoned", 0.10), share_mark("service_level", 0.64)
    (5.5, 5.5)
    """
    return (book or default_knots()).of(metric_of(metric).knots, "", norms).mark(p)
