from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from connectors.files.times import Times, day_or_month_first

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def read(value, zone=AMSTERDAM, order="day"):
    return Times(zone, order).read(value)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2015-02-24 11:15:48 -0800", "2015-02-24T19:15:48"),
        ("2015-02-24T11:15:48-08:00", "2015-02-24T19:15:48"),
        ("2015-02-24T19:15:48Z", "2015-02-24T19:15:48"),
        ("20150224T191548Z", "2015-02-24T19:15:48"),
        ("2015-02-24 19:15:48 UTC", "2015-02-24T19:15:48"),
        ("2015/2/4 9:05", "2015-02-04T08:05:00"),
        ("2015-02-24", "2015-02-23T23:00:00"),
        ("24-02-2015 20:15", "2015-02-24T19:15:00"),
        ("24/02/2015 20:15:48", "2015-02-24T19:15:48"),
        ("24.02.2015", "2015-02-23T23:00:00"),
        ("24 februari 2015 20:15", "2015-02-24T19:15:00"),
        ("dinsdag 24 februari 2015, 20:15", "2015-02-24T19:15:00"),
        ("3 mrt 2015 08:00", "2015-03-03T07:00:00"),
        ("Feb 24, 2015 8:15 PM", "2015-02-24T19:15:00"),
        ("February 24 2015 12:15 am", "2015-02-23T23:15:00"),
        ("Tue, 24 Feb 2015 19:15:48 +0000", "2015-02-24T19:15:48"),
        ("Tue Feb 24 19:15:48 +0000 2015", "2015-02-24T19:15:48"),
        ("1424805348", "2015-02-24T19:15:48"),
        ("1424805348000", "2015-02-24T19:15:48"),
        ("1424805348000000", "2015-02-24T19:15:48"),
        (1424805348, "2015-02-24T19:15:48"),
        (1424805348.0, "2015-02-24T19:15:48"),
        (date(2015, 2, 24), "2015-02-23T23:00:00"),
        (datetime(2015, 2, 24, 20, 15), "2015-02-24T19:15:00"),
    ],
)
def test_reads_the_moments_that_files_hold(written, expected):
    assert read(written) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong", ["", "soon", "2015-13-01", "32-01-2015", "31 smarch 2015", "12:30", "True", "99999999999999999999"]
)
def test_names_the_value_that_is_no_moment(wrong):
    with pytest.raises(ValueError, match="time: found") as caught:
        read(wrong)
    assert wrong[:40] in str(caught.value)


def test_order_decides_between_day_and_month():
    assert read("03/04/2015", order="day") == datetime(2015, 4, 2, 22, tzinfo=UTC)
    assert read("03/04/2015", order="month") == datetime(2015, 3, 3, 23, tzinfo=UTC)
    assert read("12/25/2015", order="day") == datetime(2015, 12, 24, 23, tzinfo=UTC)


def test_order_is_found_from_the_file():
    assert day_or_month_first(["01/02/2015", "25/02/2015"]) == "day"
    assert day_or_month_first(["01/02/2015", "02/25/2015"]) == "month"
    assert day_or_month_first(["01/02/2015"]) == ""
    assert day_or_month_first(["2015-02-24"]) == "day"


def read_all(*written):
    times = Times(AMSTERDAM)
    return [times.read(text).strftime("%d %H:%M") for text in written], times


def test_the_hour_that_comes_twice_is_told_apart_in_a_file_that_runs_forward():
    found, times = read_all("2026-10-25 01:30", "2026-10-25 02:30", "2026-10-25 02:50", "2026-10-25 02:30", "2026-10-25 03:10")
    assert found == ["24 23:30", "25 00:30", "25 00:50", "25 01:30", "25 02:10"] and times.doubtful == 0


def test_the_hour_that_comes_twice_is_told_apart_in_a_file_that_runs_backward():
    found, _ = read_all("2026-10-25 03:10", "2026-10-25 03:05", "2026-10-25 02:30", "2026-10-25 02:50", "2026-10-25 02:20")
    assert found == ["25 02:10", "25 02:05", "25 01:30", "25 00:50", "25 00:20"]


def test_without_an_order_the_first_is_taken_and_counted():
    found, times = read_all("2026-10-26 09:00", "2026-10-20 09:00", "2026-10-22 09:00", "2026-10-25 02:30")
    assert found[-1] == "25 00:30" and times.doubtful == 1


def test_the_hour_that_does_not_exist_is_an_hour_later():
    found, _ = read_all("2026-03-29 01:59", "2026-03-29 02:30", "2026-03-29 03:30")
    assert found == ["29 00:59", "29 01:30", "29 01:30"]
