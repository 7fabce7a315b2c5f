"""What the made-up customers said they expected: the survey's answers of a span, per stage, as a store keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from connectors.sample.company import company
from connectors.sample.drawing import EXPECTATION
from connectors.sample.history import drawn_week
from connectors.sample.story import Story


@dataclass(frozen=True, slots=True)
class Stated:
    """The mean mark that `n` customers expected of a stage, and the variance of that mean."""

    stage: str
    mark: float
    variance: float
    n: int


def stated(story: Story, contacts: int, start: int, end: int) -> list[Stated]:
    """The answers between two moments (UTC ms), per stage that was asked about (two answers at least)."""
    first = datetime.fromtimestamp(start / 1000, story.zone).date()
    monday = first - timedelta(days=first.weekday())
    marks: list[list[float]] = [[] for _ in company().stages]
    while datetime(monday.year, monday.month, monday.day, tzinfo=story.zone).timestamp() * 1000 < end:
        week = drawn_week(story, monday, contacts)
        answers = week.values[:, EXPECTATION]
        there = np.isfinite(answers) & (week.born >= start) & (week.born < end)
        for stage, mark in zip(week.stage[there].tolist(), answers[there].tolist(), strict=True):
            marks[stage].append(mark)
        monday += timedelta(days=7)
    return [_summed(name, answers) for name, answers in zip(company().stages, marks, strict=True) if len(answers) > 1]


def _summed(stage: str, answers: list[float]) -> Stated:
    return Stated(stage, float(np.mean(answers)), float(np.var(answers, ddof=1) / len(answers)), len(answers))
