"""Reads give back exactly what the observations add up to, in real units."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from metrics.bins import OPEN
from store.reads.scorecard import (
    bins_frame,
    day_frame,
    level_frame,
    newest_day,
    newest_week,
    oldest_week,
    segments,
    theme_frame,
    week_frame,
)
from tests.pages import example
from tests.store.people_store import fresh


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    made = fresh(tmp_path_factory.mktemp("reads"))
    example.fill(made, weeks=3)
    return made


def observed(engine, where: str) -> tuple:
    sums = "count(*), sum(mark), sum(mark * mark), sum(value)"
    with engine.connect() as connection:
        return tuple(connection.execute(text(f"SELECT {sums} FROM observation WHERE {where}")).one())


def test_a_week_is_the_sum_of_its_observations_in_real_units(engine):
    frame = week_frame(engine, "airline", 202647, 202647)
    row = frame[(frame.stage == "book") & (frame.channel == "phone") & (frame.metric == "csat10")].iloc[0]
    n, m1, m2, v = observed(engine, "week = 202647 AND stage = 'book' AND channel = 'phone' AND metric = 'csat10'")
    assert (row.n, row.w, row.w2) == (n, n, n)
    assert (row.m1, row.m2, row.v) == (pytest.approx(m1, abs=0.05), pytest.approx(m2, abs=0.05), pytest.approx(v, abs=0.05))


def test_bins_are_added_up_unless_asked_for(engine):
    plain = week_frame(engine, "airline", 202647, 202647)
    binned = week_frame(engine, "airline", 202647, 202647, bins=True)
    of = {"metric": "first_response", "stage": "service"}
    first = plain[(plain.metric == of["metric"]) & (plain.stage == of["stage"])]
    second = binned[(binned.metric == of["metric"]) & (binned.stage == of["stage"])]
    assert len(first) == 1 and len(second) > 5 and first.n.sum() == second.n.sum()
    bins = bins_frame(engine, "airline", "first_response", 202647, 202647, "week")
    assert bins[bins.stage == "service"].n.sum() == second.n.sum() and bins.bin.min() == OPEN


def test_days_add_up_to_their_week_and_hours_to_their_day(engine):
    days = day_frame(engine, "airline", 20261116, 20261122)
    week = week_frame(engine, "airline", 202647, 202647)
    for column in ("n", "m1", "v"):
        assert days[column].sum() == pytest.approx(week[column].sum())
    assert level_frame(engine, "hour", "airline", 0, 10**9).n.sum() == week_frame(engine, "airline", 0, 999999).n.sum()


def test_a_level_gives_only_what_is_asked_for(engine):
    hours = level_frame(engine, "hour", "airline", 0, 10**9)
    only = level_frame(engine, "hour", "airline", 0, 10**9, stage="service", metric="contacts")
    wanted = hours[(hours.stage == "service") & (hours.metric == "contacts")]
    assert 0 < len(only) < len(hours) and only.n.sum() == wanted.n.sum() and set(only.stage) == {"service"}


def test_segments_stand_beside_all_customers_and_are_not_summed(engine):
    every = week_frame(engine, "airline", 202647, 202647, segment=None)
    assert set(every.segment) == {"", "new", "existing"}
    apart = [week_frame(engine, "airline", 202647, 202647, segment).n.sum() for segment in ("new", "existing")]
    assert sum(apart) == week_frame(engine, "airline", 202647, 202647).n.sum()
    assert segments(engine, "airline", 202640, 202647) == ["existing", "new"]


def test_themes_count_contacts(engine):
    frame = theme_frame(engine, "airline", 202647, 202647)
    contacts = week_frame(engine, "airline", 202647, 202647)
    assert frame.n.sum() == contacts[contacts.metric == "contacts"].n.sum()
    assert 1 <= (frame.m1.sum() / frame.nm.sum()) <= 10


def test_the_newest_and_oldest_are_known_and_an_empty_store_says_none(engine, tmp_path):
    assert (newest_week(engine, "airline"), oldest_week(engine, "airline")) == (202647, 202645)
    assert newest_day(engine, "airline") == 20261122
    empty = fresh(tmp_path)
    assert newest_week(empty, "airline") is None and newest_day(empty, "airline") is None
    frame = week_frame(empty, "airline", 202601, 202653)
    assert frame.empty and list(frame.columns)[:3] == ["bucket", "stage", "channel"]
    assert theme_frame(empty, "airline", 0, 999999).empty and bins_frame(empty, "airline", "wait", 0, 9).empty
