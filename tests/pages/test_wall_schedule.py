"""Opening hours: over midnight, at weekends, on holidays, and on the nights when the clock changes."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from config.errors import ConfigError
from pages.wall.schedule import parse_opening

ZONE = ZoneInfo("Europe/Amsterdam")


def ms(*moment):
    return int(datetime(*moment, tzinfo=ZONE).timestamp() * 1000)


def test_no_hours_means_never_closed():
    assert parse_opening("").closed(ms(2026, 11, 25, 3, 0), ZONE) is None


@pytest.mark.parametrize(
    ("moment", "closed"),
    [
        ((2026, 11, 24, 7, 59), ((2026, 11, 23, 22, 0), (2026, 11, 24, 8, 0))),
        ((2026, 11, 24, 8, 0), None),
        ((2026, 11, 24, 21, 59), None),
        ((2026, 11, 24, 22, 0), ((2026, 11, 24, 22, 0), (2026, 11, 25, 8, 0))),
        ((2026, 11, 29, 12, 0), ((2026, 11, 28, 17, 0), (2026, 11, 30, 8, 0))),
    ],
)
def test_closed_says_since_when_and_until(moment, closed):
    found = parse_opening("mon-fri 08:00-22:00, sat 09:00-17:00").closed(ms(*moment), ZONE)
    assert (found and (found.closed_at, found.opens_at)) == (closed and (ms(*closed[0]), ms(*closed[1])))


def test_a_holiday_is_closed_unless_it_is_a_working_day():
    kings_day = ms(2026, 4, 27, 12, 0)
    assert parse_opening("mon-sun 08:00-22:00").closed(kings_day, ZONE).opens_at == ms(2026, 4, 28, 8, 0)
    assert parse_opening("mon-sun 08:00-22:00, holidays").closed(kings_day, ZONE) is None


def test_a_desk_may_be_open_past_midnight():
    late = parse_opening("fri 20:00-02:00")
    assert late.closed(ms(2026, 11, 28, 1, 30), ZONE) is None
    assert late.closed(ms(2026, 11, 28, 2, 30), ZONE).closed_at == ms(2026, 11, 28, 2, 0)


def test_on_the_night_of_25_hours_the_desk_opens_an_hour_later_in_utc():
    rule = parse_opening("mon-sun 07:00-22:00, holidays")
    found = rule.closed(ms(2026, 10, 25, 4, 0), ZONE)
    assert found.opens_at - found.closed_at == 10 * 3_600_000


@pytest.mark.parametrize("text", ["mon 8-22", "maa 08:00-22:00", "mon-fri 08:00-25:00", "open"])
def test_hours_that_cannot_be_read_are_refused_with_an_example(text):
    with pytest.raises(ConfigError) as refused:
        parse_opening(text)
    assert "[wall] opening" in str(refused.value)
