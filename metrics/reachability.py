"""Reachability: whether the company is there at the hours when customers want it, hours it is closed included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.heterogeneity import paule_mandel
from metrics.intervals import Interval, poisson

Floats = NDArray[np.floating]
WORTH_OPENING = 1.0


@dataclass(frozen=True, slots=True)
class Closed:
    """One closed hour of the week (day 0 is Monday): customers missed per week, and whether opening may be advised."""

    day: int
    hour: int
    missed: Interval
    advise: bool


def demand(offered: ArrayLike, attempts: ArrayLike, sessions: ArrayLike, is_open: ArrayLike) -> Floats:
    """Contacts wanted per hour of the week (7, 24): offered when open, attempts when closed, else estimated from web sessions.

    All arrays (7, 24), NaN where unknown. The estimate is sessions times offered per session over the open hours.

    >>> grid = np.zeros((7, 24))
    >>> grid[0, 9] = 20
    >>> visits = np.where(grid > 0, 100.0, 10.0)
    >>> wanted = demand(grid, np.full((7, 24), np.nan), visits, grid > 0)
    >>> float(wanted[0, 9]), float(wanted[0, 4])
    (20.0, 2.0)
    """
    calls, tried, visits = (np.asarray(part, float) for part in (offered, attempts, sessions))
    opened = np.asarray(is_open, bool)
    both = opened & np.isfinite(calls) & np.isfinite(visits)
    rate = calls[both].sum() / visits[both].sum() if both.any() and visits[both].sum() > 0 else np.nan
    closed = np.where(np.isfinite(tried), tried, visits * rate)
    return np.where(opened, calls, closed)


def smooth(totals: ArrayLike, weeks: float) -> tuple[Floats, Floats]:
    """Demand per week (7, 24) from totals over `weeks`, each hour drawn to the same hour of other days, and its variance.

    Works on the square-root scale, where a count's variance is 1/4 (Anscombe 1948), by Paule & Mandel per hour.
    """
    count = np.asarray(totals, float)
    y = np.sqrt(count + 0.375)
    pool = paule_mandel(y.T, np.full(y.T.shape, 0.25))
    noise = 0.25 / (0.25 + pool.tau2)[:, None]
    drawn = (noise * pool.mean[:, None] + (1 - noise) * y.T).T
    return np.maximum(0.0, drawn**2 - 0.375) / weeks, ((1 - noise) * 0.25).T * 4 * drawn**2 / weeks**2


def reachability(demand: ArrayLike, is_open: ArrayLike, service_level: ArrayLike) -> float:
    """The share (0-1) of wanted contacts that found somebody in time: sum D x open x SL / sum D; NaN without demand.

    Arrays (7, 24); service level 0-1, not needed where closed.

    >>> reachability([[30, 10]], [[True, False]], [[0.8, float("nan")]])
    0.6
    """
    wanted, opened, level = np.asarray(demand, float), np.asarray(is_open, bool), np.asarray(service_level, float)
    total = np.nansum(wanted)
    return (
        float(round(np.nansum(np.where(opened, wanted * np.nan_to_num(level), 0.0)) / total, 12)) if total > 0 else float("nan")
    )


def closed_hours(totals: ArrayLike, is_open: ArrayLike, weeks: float) -> list[Closed]:
    """The closed hours by customers missed per week, most first, with exact Poisson intervals.

    An hour whose lower bound is under one customer a week is never advised to open.

    >>> grid = np.zeros((7, 24))
    >>> grid[2, 4] = 40
    >>> top = closed_hours(grid, np.zeros((7, 24), bool), 8)[0]
    >>> top.day, top.hour, top.missed.value, top.advise
    (2, 4, 5.0, True)
    """
    count, opened = np.asarray(totals, float), np.asarray(is_open, bool)
    found = []
    for day, hour in zip(*np.nonzero(~opened), strict=True):
        shown = poisson(float(count[day, hour]))
        missed = Interval(shown.value / weeks, shown.low / weeks, shown.high / weeks)
        found.append(Closed(int(day), int(hour), missed, missed.low >= WORTH_OPENING))
    return sorted(found, key=lambda hour: (-hour.missed.value, hour.day, hour.hour))


def gain_of_opening(missed_per_week: float, uplift: float) -> float:
    """What opening an hour brings per week: customers missed times the uplift entered (conversion in orders, or in euros)."""
    return missed_per_week * uplift
