"""Clocks: how far back a number looks. NOW fades by halves, 28 days holds whole weeks, a month is the calendar's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike

from metrics.summaries import Sums

HOUR, DAY = 3600.0, 86400.0
HALF_LIVES: tuple[float, ...] = (1 * HOUR, 4 * HOUR, 24 * HOUR, 7 * DAY)
ENOUGH, LENGTHEN_BELOW, SHORTEN_FROM = 30.0, 24.0, 36.0


def fade(sums: Sums, age: ArrayLike, half_life: float) -> Sums:
    """Sums over time buckets (first axis) with each case's weight halved per half-life; `age` of each bucket in seconds.

    Exact for what a rollup holds: weights fade once, squared weights twice, so that n_eff and B3 stay right. n counts whole cases
    within ten half-lives.
    """
    ages = np.asarray(age, float)
    factor = (2.0 ** (-ages / half_life)).reshape(-1, *[1] * (sums.w.ndim - 1))
    recent = (ages <= 10 * half_life).reshape(factor.shape)
    faded = {name: (getattr(sums, name) * factor).sum(0) for name in ("w", "m1", "m2", "v")}
    return Sums(sums.names, n=(sums.n * recent).sum(0), w2=(sums.w2 * factor**2).sum(0), **faded)


def advance(state: Sums, fresh: Sums, seconds: float, half_life: float) -> Sums:
    """The faded state `seconds` later with fresh sums added: one step per tick of the wall, whatever lies behind it."""
    factor = 2.0 ** (-seconds / half_life)
    kept = {f.name: factor for f in fields(state)[1:]} | {"w2": factor**2}
    return Sums(state.names, **{name: getattr(state, name) * k + getattr(fresh, name) for name, k in kept.items()})


def choose_half_life(n_eff: Sequence[float], current: float | None = None) -> float:
    """The half-life (s) of NOW: the shortest with an effective 30 cases, else the longest; `n_eff` per half-life, shortest first.

    With a `current` one it changes late: longer only below 24 cases, shorter only when the shorter one holds 36.

    >>> choose_half_life([12, 40, 200, 900]) / 3600, choose_half_life([33, 60, 90, 100], current=4 * HOUR) / 3600
    (4.0, 4.0)
    """
    if current is None:
        return next((h for h, n in zip(HALF_LIVES, n_eff, strict=True) if n >= ENOUGH), HALF_LIVES[-1])
    at = HALF_LIVES.index(current)
    while at + 1 < len(HALF_LIVES) and n_eff[at] < LENGTHEN_BELOW:
        at += 1
    while at > 0 and n_eff[at - 1] >= SHORTEN_FROM:
        at -= 1
    return HALF_LIVES[at]


def effective_window(half_life: float) -> float:
    """The plain window (s) of the same variance and mean age, 2 h / ln 2: what the tile prints ("the last 3 hours, about").

    >>> round(effective_window(HOUR) / HOUR, 3)
    2.885
    """
    return 2 * half_life / math.log(2)


def four_weeks(today: date) -> tuple[date, date]:
    """The first and last day of the 28 whole days before `today`: every weekday four times.

    >>> four_weeks(date(2026, 11, 25))
    (datetime.date(2026, 10, 28), datetime.date(2026, 11, 24))
    """
    return today - timedelta(days=28), today - timedelta(days=1)


def month(today: date) -> tuple[date, date]:
    """The first and last day of the last whole calendar month before `today`: the period of the final verdict.

    >>> month(date(2026, 3, 9))
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    """
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last
