"""F11: both nights on which the clock changes, in twelve zones, and moments nobody lives in."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from connectors.files.times import Times

pytestmark = pytest.mark.faults

# zone, a local day on which the clock goes back, one on which it goes forward (2026)
NIGHTS = [
    ("Europe/Amsterdam", (2026, 10, 25), (2026, 3, 29)),
    ("Europe/London", (2026, 10, 25), (2026, 3, 29)),
    ("Europe/Lisbon", (2026, 10, 25), (2026, 3, 29)),
    ("Europe/Athens", (2026, 10, 25), (2026, 3, 29)),
    ("America/New_York", (2026, 11, 1), (2026, 3, 8)),
    ("America/Los_Angeles", (2026, 11, 1), (2026, 3, 8)),
    ("America/St_Johns", (2026, 11, 1), (2026, 3, 8)),
    ("America/Santiago", (2026, 4, 4), (2026, 9, 6)),
    ("Australia/Sydney", (2026, 4, 5), (2026, 10, 4)),
    ("Australia/Lord_Howe", (2026, 4, 5), (2026, 10, 4)),
    ("Pacific/Auckland", (2026, 4, 5), (2026, 9, 27)),
    ("Africa/Cairo", (2026, 10, 29), (2026, 4, 24)),
]


def around(zone, day):
    """Every ten minutes of real time from an evening to the next noon, as (moment, local clock without offset)."""
    start = datetime(*day, tzinfo=UTC) - timedelta(hours=20)
    moments = [start + timedelta(minutes=10 * n) for n in range(6 * 56)]
    return [(moment, moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for moment in moments]


@pytest.mark.parametrize(("zone", "back", "forward"), NIGHTS)
@pytest.mark.parametrize("descending", [False, True])
def test_a_file_in_order_is_read_to_the_minute_through_both_nights(zone, back, forward, descending):
    for day in (back, forward):
        lived = around(zone, day)[:: -1 if descending else 1]
        times = Times(ZoneInfo(zone))
        assert [times.read(local.isoformat(" ")) for _, local in lived] == [moment for moment, _ in lived]
        assert times.doubtful == 0


@pytest.mark.parametrize(("zone", "back", "forward"), NIGHTS)
def test_times_with_an_offset_need_no_order(zone, back, forward):
    lived = around(zone, back)
    shuffled = lived[::2][::-1] + lived[1::2]
    times = Times(ZoneInfo(zone))
    assert [times.read(moment.astimezone(ZoneInfo(zone)).isoformat()) for moment, _ in shuffled] == [
        moment for moment, _ in shuffled
    ]


@pytest.mark.parametrize(("zone", "back", "forward"), NIGHTS)
def test_out_of_order_it_is_the_first_of_the_two_and_counted(zone, back, forward):
    lived = around(zone, back)
    twice = [local for _, local in lived if sum(local == other for _, other in lived) == 2]
    times = Times(ZoneInfo(zone))
    times.read("2026-06-02 12:00")
    times.read("2026-06-01 12:00")
    times.read("2026-06-03 12:00")
    first = next(moment for moment, local in lived if local == twice[0])
    assert times.read(twice[0].isoformat(" ")) == first and times.doubtful == 1


def test_moments_at_the_edges():
    times = Times(ZoneInfo("Europe/Amsterdam"))
    assert times.read("1970-01-01T00:00:00Z") == datetime(1970, 1, 1, tzinfo=UTC)
    assert times.read("9999-12-31 23:00:00").year == 9999
    for wrong in ("0000-01-01", "10000-01-01", "2026-02-30", "0001-01-01 00:00"):
        with pytest.raises(ValueError, match="time: found"):
            times.read(wrong)
