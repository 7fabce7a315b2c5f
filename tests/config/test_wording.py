"""Numbers, intervals, durations and dates in words, in both languages."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from config.language import texts
from config.wording import ago, clock, days_of_week, duration, half, listed, mark_text, percent_span, signed_span, span

NL, EN = texts("nl"), texts("en")


@pytest.mark.parametrize(
    "mark, shown", [(7.24, "7"), (7.25, "7½"), (7.74, "7½"), (7.75, "8"), (1.0, "1"), (10.0, "10"), (9.8, "10")]
)
def test_a_half_is_rounded_half_up(mark, shown):
    assert half(NL, mark) == shown


@pytest.mark.parametrize("status, shown", [("solid", "7,3"), ("indicative", "7½"), ("too_few", "")])
def test_a_mark_shows_no_more_than_its_evidence(status, shown):
    assert mark_text(NL, 7.26, status) == shown and mark_text(NL, float("nan"), status) == ""


@pytest.mark.parametrize(
    "seconds, nl, en",
    [
        (1, "1 seconde", "1 second"),
        (30, "30 seconden", "30 seconds"),
        (60, "1 minuut", "1 minute"),
        (90, "1,5 minuten", "1.5 minutes"),
        (1200, "20 minuten", "20 minutes"),
        (3600, "1 uur", "1 hour"),
        (86400, "24 uur", "24 hours"),
        (172800, "48 uur", "48 hours"),
        (259200, "3 dagen", "3 days"),
        (1209600, "14 dagen", "14 days"),
    ],
)
def test_a_duration_is_said_as_it_is_promised(seconds, nl, en):
    assert (duration(NL, seconds), duration(EN, seconds)) == (nl, en)


def test_intervals_carry_their_signs_and_marks():
    assert span(NL, 6.04, 7.96) == "6,0–8,0" and signed_span(NL, -0.04, 1.2) == "[0,0; +1,2]"
    assert signed_span(EN, -1.25, -0.1) == "[−1.2, −0.1]" and percent_span(EN, 0.676, 0.744) == "[68–74]"


def test_dates_and_times_are_said_as_each_language_does():
    assert days_of_week(NL, date(2026, 11, 16)) == "16 tot en met 22 november 2026"
    assert days_of_week(EN, date(2026, 12, 28)) == "28 December to 3 January 2027"
    assert (clock(NL, datetime(2026, 1, 1, 9)), clock(EN, datetime(2026, 1, 1, 9))) == ("09.00 uur", "09:00")


@pytest.mark.parametrize(
    "seconds, nl",
    [(5, "zojuist"), (61, "1 minuut geleden"), (7300, "2 uur geleden"), (86400, "1 dag geleden"), (200000, "2 dagen geleden")],
)
def test_how_long_ago(seconds, nl):
    assert ago(NL, seconds) == nl


def test_a_list_in_a_sentence():
    assert (
        listed(NL, []) == ""
        and listed(EN, ["a"]) == "a"
        and listed(EN, ["a", "b"]) == "a and b"
        and listed(NL, ["a", "b", "c"]) == "a, b en c"
    )
