"""The week read and computed once: its marks are those of the observations, part weeks are like for like, causes are found."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import text

from metrics.intervals import Interval
from metrics.weekly import LAST, YEAR, Change
from reports.week import Day, _break_day, _weight, counted, days_in, default_week, edition, weekly
from tests.store.people_store import fresh


def mean(engine, where: str) -> float:
    with engine.connect() as connection:
        return connection.scalar(text(f"SELECT avg(mark) FROM observation WHERE mark IS NOT NULL AND {where}"))


def test_a_cells_mark_is_the_mean_of_its_observations(demo, journey, zone, now):
    week = weekly(demo, journey, 202647, zone, now)
    cell = week.cell("service", "phone")
    where = "week = 202647 AND stage = 'service' AND channel = 'phone' AND metric = 'csat10'"
    assert cell.mark.value == pytest.approx(mean(demo, where), abs=0.001)


def test_a_whole_week_is_compared_with_whole_weeks(demo, journey, zone, now):
    week = weekly(demo, journey, 202647, zone, now)
    where = "stage = 'service' AND channel = 'phone' AND metric = 'csat10'"
    change = week.cell("service", "phone").since[LAST].shown.value
    wanted = mean(demo, f"week = 202647 AND {where}") - mean(demo, f"week = 202646 AND {where}")
    assert change == pytest.approx(wanted, abs=0.002)
    assert YEAR in week.row("fly").since


def test_a_week_that_is_not_over_is_compared_with_its_own_days(demo, journey, zone):
    tuesday = datetime(2026, 11, 17, 23, 59, tzinfo=zone)
    week = weekly(demo, journey, 202647, zone, tuesday)
    where = "stage = 'book' AND channel = 'phone' AND metric = 'csat10' AND day IN"
    before = mean(demo, f"{where} (20261109, 20261110)")
    cell = week.cell("book", "phone")
    assert LAST not in cell.since or cell.mark.value - cell.since[LAST].shown.value == pytest.approx(before, abs=0.002)


def test_segments_are_read_apart_and_never_summed(demo, journey, zone, now):
    every, new = (weekly(demo, journey, 202647, zone, now, segment) for segment in ("", "new"))
    assert 0 < new.contacts < every.contacts
    existing = weekly(demo, journey, 202647, zone, now, "existing")
    assert new.contacts + existing.contacts == every.contacts


@pytest.mark.parametrize(
    "day, weeks", [((2026, 11, 23), 202647), ((2026, 11, 29), 202647), ((2026, 11, 30), 202647), ((2026, 11, 20), 202646)]
)
def test_the_week_to_open_with_is_the_last_one_over(demo, zone, day, weeks):
    assert default_week(demo, "airline", datetime(*day, 9, tzinfo=zone)) == weeks


def test_an_empty_store_has_no_week(tmp_path, journey, zone, now):
    engine = fresh(tmp_path)
    assert default_week(engine, "airline", now) is None
    told = edition(engine, journey, 202647, zone, now)
    assert told.cause is None and told.quotes == () and told.week.contacts == 0
    engine.dispose()


@pytest.mark.parametrize(
    "day, days", [((2026, 11, 15), 0), ((2026, 11, 16), 1), ((2026, 11, 19), 4), ((2026, 11, 22), 7), ((2026, 12, 9), 7)]
)
def test_how_many_days_of_a_week_are_in(zone, day, days):
    assert days_in(202647, datetime(*day, 9, tzinfo=zone)) == days


def test_an_edition_tells_cause_themes_days_voices_and_the_meeting(demo, journey, zone, now):
    told = edition(demo, journey, 202647, zone, now)
    cause = told.cause
    assert cause is not None and cause.contacts > 0 and len(cause.days) >= 7
    assert all(theme.n >= 5 and 0 <= theme.now.value <= 1 for theme in cause.themes)
    assert all(quote.voice.stage == cause.stage and quote.voice.channel == cause.channel for quote in told.quotes)
    assert [change.code for change in told.changes] == ["V-024", "V-028", "V-031", "V-032"]
    assert told.things[0].department == "Bagage" and told.notes and told.days == 7


def test_the_stages_are_counted_by_their_shape(demo, journey, zone, now):
    week = weekly(demo, journey, 202647, zone, now)
    counts = counted(week)
    assert sum(counts.values()) == 7
    assert counts["below"] == sum(row.shape == "below" for row in week.rows)


def days(*marks: float) -> tuple[Day, ...]:
    return tuple(Day(20261109 + i, Interval(mark, mark - 0.6, mark + 0.6), 40) for i, mark in enumerate(marks))


def test_a_broken_level_is_found_on_its_day_and_noise_is_not():
    assert _break_day(days(7, 7.1, 6.9, 7, 7.1, 7, 6.9, 7, 5, 5.1, 4.9, 5)) == 20261117
    assert _break_day(days(7, 7.2, 6.9, 7.1, 6.8, 7, 7.1, 6.9, 7, 7.2)) is None
    assert _break_day(days(7, 5)) is None


def test_a_demonstrable_change_weighs_size_times_cases_double_at_a_moment_of_truth(demo, journey, zone, now):
    row = weekly(demo, journey, 202647, zone, now).rows[0]

    def changed(size, n, shown=True):
        return replace(row, n=n, since={LAST: Change(Interval(size, size - 0.1, size + 0.1), shown)})

    few, many = changed(-0.7, 59), changed(-0.5, 283)
    assert _weight(few, False) < _weight(many, False)
    assert _weight(changed(-0.5, 100), True) > _weight(changed(-0.9, 100), False)
    assert _weight(changed(-3.0, 9999, shown=False), True) < _weight(few, False)
