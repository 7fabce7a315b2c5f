"""One stage in depth, read from a store: shares, waits, groups and demand are what the rollups hold."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from config.journey import load_journey
from reports.stage import coverage, depth, reached
from reports.week import weekly
from store.engine import open_store
from store.people.touchpoints import Touchpoint
from store.reads.scorecard import week_frame
from tests.pages import example
from tests.store.people_store import fresh

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)
JOURNEY = load_journey("airline")
WEEK = 202647


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The example company's service stage, with its card and its store; closed at night."""
    folder = tmp_path_factory.mktemp("stage")
    engine = fresh(folder)
    example.fill(engine, weeks=20)
    engine.dispose()
    engine = open_store(f"sqlite:///{folder}/store.db")
    card = weekly(engine, JOURNEY, WEEK, ZONE, NOW)
    is_open = np.zeros((7, 24), bool)
    is_open[:, 8:22] = True
    yield depth(engine, JOURNEY, card, "service", ZONE, NOW, is_open), card, engine
    engine.dispose()


def test_groups_have_the_marks_of_their_own_rows(found):
    told, _, engine = found
    frame = week_frame(engine, "airline", WEEK, WEEK, None)
    own = frame[(frame["stage"] == "service") & (frame["metric"] == "contacts")]
    for group in told.groups:
        assert 0 < group.n <= own[own["segment"] == group.segment]["n"].sum()
    assert {group.segment for group in told.groups} == {"new", "existing"}


def test_channels_spread_is_told_with_best_and_worst(found):
    told, card, _ = found
    marks = {cell.channel: cell.mark.value for cell in card.cells if cell.stage == "service"}
    best, worst = (told.spread_channels[i] for i in (told.spread.best, told.spread.worst))
    assert marks[best] > marks[worst]


def test_waits_give_a_median_and_a_ninetieth_percentile(found):
    waits = [fact for fact in found[0].facts if fact.metric == "first_response"]
    assert waits and all(fact.shown.value <= fact.upper for fact in waits)


def test_demand_while_closed_is_told_most_first(found):
    demand = found[0].demand
    assert demand.per_week.shape == (7, 24)
    assert all(not demand.is_open[hour.day, hour.hour] for hour in demand.closed)
    missed = [hour.missed.value for hour in demand.closed]
    assert missed == sorted(missed, reverse=True)


def test_coverage_counts_every_cell_and_keeps_silent_stages(found):
    _, card, _ = found
    map = coverage(card, JOURNEY)
    assert set(map) == {stage.id for stage in JOURNEY.stages}
    assert map["service"]["chat"] == card.cell("service", "chat").n


def test_touchpoints_are_held_against_their_targets_the_worst_first(found):
    _, card, _ = found

    def point(channel: str, target: float | None) -> Touchpoint:
        return Touchpoint("service", channel, channel, channel, False, target, "", "")

    told = reached(card, [point("email", 5.0), point("app", 7.0), point("phone", None), point("chat", 8.0)])
    assert [one.point.channel for one in told] == ["chat", "email", "app"]
    chat, email, app = told
    mark = card.cell("service", "chat").mark
    assert chat.gap.value == pytest.approx(mark.value - 8) and chat.gap.high == pytest.approx(mark.high - 8)
    assert (chat.shape, email.shape) == ("below", "above") and app.gap is None and app.shape == ""
