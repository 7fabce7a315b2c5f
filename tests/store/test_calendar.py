from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.calendar import FIRST_MS, HOUR_MS, LAST_MS, MINUTE_MS, buckets
from store.engine import ms
from tests.store import model

ZONES = (
    *("Europe/Amsterdam", "Europe/London", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu"),
    *("Asia/Kolkata", "Pacific/Apia", "Pacific/Chatham", "Africa/Casablanca", "America/St_Johns", "UTC"),
)
SPRING, AUTUMN = datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)


def days_of(zone: str, start: datetime, step_ms: int) -> Counter[int]:
    first = ms(start - timedelta(days=2))
    return Counter(buckets(first + i * step_ms, zone).day for i in range(4 * 24 * HOUR_MS // step_ms))


@given(st.integers(ms(datetime(1971, 1, 1, tzinfo=UTC)), ms(datetime(2037, 1, 1, tzinfo=UTC))), st.sampled_from(ZONES))
def test_buckets_are_those_of_the_slow_way(moment, zone):
    assert tuple(buckets(moment, zone)) == model.calendar(moment, zone)


@pytest.mark.faults
@pytest.mark.parametrize(("night", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_the_nights_when_the_clock_changes(night, hours):
    day = int(f"{night:%Y%m%d}")
    assert days_of("Europe/Amsterdam", night, MINUTE_MS)[day] == hours * 60


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("night", [SPRING, AUTUMN])
def test_a_day_is_the_sum_of_its_quarters_in_every_zone(zone, night):
    quarters = days_of(zone, night, 15 * MINUTE_MS)
    whole = sorted(quarters)[1:-1]
    assert all(quarters[day] in {92, 94, 96, 98, 100} for day in whole)


def test_the_second_half_past_two_is_another_hour_of_the_same_day():
    first, second = (buckets(ms(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)), "Europe/Amsterdam") for hour in (0, 1))
    assert second.hour == first.hour + 1
    assert first.day == second.day == 20261025


def test_a_week_begins_on_monday_at_local_midnight():
    midnight = ms(datetime(2026, 1, 4, 23, tzinfo=UTC))
    assert (buckets(midnight - 1, "Europe/Amsterdam").week, buckets(midnight, "Europe/Amsterdam").week) == (202601, 202602)


def test_the_last_days_of_december_may_belong_to_next_years_first_week():
    assert buckets(ms(datetime(2025, 12, 29, 12, tzinfo=UTC)), "Europe/Amsterdam").week == 202601


@pytest.mark.faults
def test_moments_before_1970_have_buckets_too():
    assert buckets(-1, "UTC") == (-1, -1, 19691231, 197001)


@pytest.mark.parametrize("moment", [FIRST_MS, LAST_MS])
def test_the_ends_of_time_have_buckets_in_every_zone(moment):
    assert {len(buckets(moment, zone)) for zone in ZONES} == {4}


@pytest.mark.parametrize("moment", [FIRST_MS - 1, LAST_MS + 1, 10**17])
def test_moments_outside_time_are_refused(moment):
    with pytest.raises(ValueError, match="expected a moment in the years 1 to 9999"):
        buckets(moment, "UTC")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd"])
def test_an_unknown_zone_is_named(zone):
    with pytest.raises(ValueError, match="expected a time zone such as 'Europe/Amsterdam'"):
        buckets(0, zone)
