"""The effect of a change: nothing before its start, too early at first, and the planted effect found against the other stages."""

import math
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from metrics.weeks import monday, span
from reports.effects import outcome
from store.people.changes import Change

ZONE = ZoneInfo("Europe/Amsterdam")
WEEKS = span(202647, 52)
LEFT_OUT = 20


@dataclass
class Row:
    """As much of a cell as an effect reads."""

    stage: str
    series: tuple
    n: float = 200.0
    status: str = "solid"


class Card:
    """A year of weekly marks of four stages; `service` rises by a planted amount in the last weeks."""

    channels = ("chat",)

    def __init__(self, planted=0.0, after=12, noise=0.1, seed=3):
        rng = np.random.default_rng(seed)
        common = np.cumsum(rng.normal(0, 0.02, 52))
        self.points = [type("Point", (), {"week": week})() for week in WEEKS]
        series = {name: 7 + common + rng.normal(0, noise, 52) for name in ("book", "fly", "arrive", "service")}
        series["service"][52 - after :] += planted
        self.rows = [Row(name, tuple(values)) for name, values in series.items()]

    def row(self, stage):
        return next(row for row in self.rows if row.stage == stage)

    def cell(self, stage, channel):
        return self.row(stage)


def change(weeks_ago, **values):
    began = datetime.combine(monday(WEEKS[-weeks_ago]), datetime.min.time(), ZONE) if weeks_ago else None
    started = round(began.timestamp() * 1000) if began else 0
    return Change(code="V-001", stage="service", journey="airline", started_at=started, **values)


def test_a_change_that_did_not_start_has_no_effect_yet():
    assert outcome(change(0), Card(), ZONE).effect is None


def test_too_early_says_how_many_weeks_are_needed():
    found = outcome(change(2), Card(), ZONE).effect
    assert found.verdict == "too_early"
    assert found.weeks_needed == 2


def test_a_planted_effect_is_found_with_its_size():
    found = outcome(change(12, cost_eur=5000.0), Card(planted=0.6), ZONE)
    assert found.effect.verdict == "shown"
    assert found.effect.free.effect.value == pytest.approx(0.6, abs=0.15)
    assert found.per_euro == pytest.approx(found.effect.free.effect.value / 5)
    assert set(found.controls) == {"book", "fly", "arrive"}


def test_what_did_nothing_is_not_shown():
    found = outcome(change(12), Card(planted=0.0), ZONE)
    assert found.effect.verdict == "not_shown"
    assert math.isnan(found.per_euro)


def test_weeks_without_a_mark_are_left_out():
    card = Card(planted=0.6)
    row = card.row("service")
    row.series = (math.nan,) * LEFT_OUT + row.series[LEFT_OUT:]
    found = outcome(change(12), card, ZONE)
    assert len(found.marks) == 52 - LEFT_OUT
    assert found.start == 52 - LEFT_OUT - 12


def test_a_start_before_the_year_shown_is_too_early_to_judge():
    long_ago = Change(code="V-002", stage="service", journey="airline", started_at=1_500_000_000_000)
    assert outcome(long_ago, Card(), ZONE).effect.verdict == "too_early"
