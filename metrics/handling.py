"""Handling: what waiting and working cost per call, from sums, never from averages of intervals."""

from __future__ import annotations

import math


def average_speed_of_answer(wait_of_answered: float, answered: float) -> float:
    """ASA in seconds: the summed wait of answered calls over answered; NaN without calls.

    >>> average_speed_of_answer(5000.0, 250)
    20.0
    """
    return wait_of_answered / answered if answered else math.nan


def mean_wait(wait_of_offered: float, offered: float) -> float:
    """The mean wait in seconds of everybody who was offered, those who gave up included; what a customer should expect."""
    return wait_of_offered / offered if offered else math.nan


def average_handling_time(talk: float, hold: float, wrap: float, handled: float) -> float:
    """AHT in seconds: summed talk, hold and wrap-up time over handled calls; NaN without calls.

    >>> average_handling_time(3000, 200, 400, 20)
    180.0
    """
    return (talk + hold + wrap) / handled if handled else math.nan


def occupancy(talk: float, hold: float, wrap: float, available: float) -> float:
    """The share (0-1) of agents' time on contacts: busy over busy plus available; NaN without time.

    >>> occupancy(600, 100, 100, 200)
    0.8
    """
    busy = talk + hold + wrap
    return busy / (busy + available) if busy + available else math.nan
