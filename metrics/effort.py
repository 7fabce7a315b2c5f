"""Effort: how many steps too many a customer took to get it done."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from metrics.contacts import Contact
from metrics.intervals import Z95, Interval

SWITCH, AGAIN, WAIT, WAIT_CAP = 1.5, 0.5, 0.5, 4.0


def effort_index(case: tuple[Contact, ...]) -> float:
    """Steps too many of one case, 0 and up: repeats, transfers, 1.5 per change of channel.

    The weights are assumptions until 200 pairs with a customer effort score recalibrate them; its mark: mark_of("effort_index").

    >>> effort_index((Contact("a", "bag", 0, "chat"), Contact("a", "bag", 60, "phone", explained_again=True)))
    3.0
    """
    switches = sum(a.channel != b.channel for a, b in pairwise(case))
    again = sum(contact.explained_again for contact in case)
    waits = sum(min(contact.wait / contact.norm, WAIT_CAP) / WAIT_CAP for contact in case if contact.norm > 0)
    transfers = sum(contact.transfers for contact in case)
    return len(case) - 1 + transfers + SWITCH * switches + AGAIN * again + WAIT * waits


def mean_effort(cases: Sequence[tuple[Contact, ...]]) -> Interval:
    """Steps too many per case, 0 and up, with its 95% interval (normal; never below 0); NaN ends under two cases.

    >>> mean_effort([(Contact("a", "bag", 0),), (Contact("b", "bag", 0), Contact("b", "bag", 60))]).value
    0.5
    """
    steps = np.array([effort_index(case) for case in cases], float)
    if len(steps) < 2:
        return Interval(float(steps.mean()) if len(steps) else math.nan, math.nan, math.nan)
    half = Z95 * float(steps.std(ddof=1)) / math.sqrt(len(steps))
    return Interval(float(steps.mean()), max(0.0, float(steps.mean()) - half), float(steps.mean()) + half)
