"""Unanswered questions: worth at most what their wait so far is worth, never left out of the mean."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.knots import KnotsBook, default_knots
from metrics.registry import metric as metric_of

Floats = NDArray[np.floating]


def marks_so_far(
    metric: str,
    age: ArrayLike,
    *,
    channel: str = "",
    norms: Mapping[str, float] | None = None,
    book: KnotsBook | None = None,
) -> Floats:
    """The highest mark (1-10) that open questions of `age` seconds can still earn, for the rollup rows of the OPEN bin.

    Leaving them out would reward silence: the unanswered would improve the mean.

    >>> marks_so_far("first_response", [60, 86400], channel="social").round(1).tolist()
    [10.0, 5.5]
    """
    return (book or default_knots()).of(metric_of(metric).knots, channel, norms).mark(np.asarray(age, float))
