"""Alerts on promises: they begin when a promise comes to stand broken, once, and end when it is kept again."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from config.journey import load_journey
from ingest.alerting import LOOKS, broken_since, refresh_alerts
from metrics.bins import bin_of
from store.calendar import day_of
from store.people.journeys import save_journey
from store.people.promises import Promise, save_promise
from store.reads.wall import pulse_version
from store.rows import Batch, Observed, Placed, Row
from store.tables import Alert
from store.writes import save

ZONE = "Europe/Amsterdam"
TODAY = date(2026, 11, 24)
NOW = int(datetime(2026, 11, 24, 12, tzinfo=ZoneInfo(ZONE)).timestamp() * 1000)
DAY = 86_400_000


def days(shares, n=40):
    """(kept, n) per day; the last share is yesterday's."""
    ends = [TODAY - timedelta(days=back) for back in range(len(shares), 0, -1)]
    return {day_of(end): (share * n, n) for end, share in zip(ends, shares, strict=True)}


@pytest.mark.parametrize(("shares", "broken"), [([0.95] * 50, False), ([0.6] * 50, True), ([], False)])
def test_a_promise_that_is_kept_raises_nothing_and_one_that_is_not_does(shares, broken):
    assert (broken_since(days(shares), 0.9, TODAY) is not None) is broken


def test_it_begins_on_the_third_equal_look():
    since = broken_since(days([0.95] * 40 + [0.2] * 8), 0.9, TODAY)
    looks = [broken_since(days([0.95] * 40 + [0.2] * bad), 0.9, TODAY) is not None for bad in range(8)]
    first = looks.index(True)
    assert since == TODAY - timedelta(days=8 - first + 1)
    assert 3 <= first <= 7


def test_a_handful_of_cases_proves_nothing():
    assert broken_since(days([0.0] * 50, n=1), 0.9, TODAY) is None


def test_today_does_not_count():
    shares = days([0.95] * 50)
    shares[day_of(TODAY)] = (0.0, 10_000)
    assert broken_since(shares, 0.9, TODAY) is None


@pytest.fixture
def promised(sqlite_store):
    save_journey(sqlite_store, load_journey("airline"), "test", NOW)
    values = {
        "journey": "airline",
        "stage": "service",
        "kind": "hard",
        "metric": "first_response",
        "threshold": 3600.0,
        "share": 0.9,
    }
    said = Promise(
        code="B-1", text_nl="Binnen 1 uur", text_en="Within 1 hour", channel="email", valid_from=NOW - 300 * DAY, **values
    )
    save_promise(sqlite_store, said, NOW)
    return sqlite_store


def answered(store, seconds, first_day_back, prefix):
    where = [Placed("airline", "service", "source")]
    seen = [Observed("first_response", seconds, mark=5.0, bin=bin_of(seconds))]
    rows = [
        Row("mail", "m", f"{prefix}{back}-{i}", 1, "upsert", NOW - back * DAY, NOW, channel="email", placed=where, observed=seen)
        for back in range(first_day_back, first_day_back + 28 + LOOKS)
        for i in range(8)
    ]
    save(store, Batch("mail", rows), now_ms=NOW, zone=ZONE)


def alerts(store):
    with store.connect() as connection:
        return connection.execute(select(Alert.__table__)).all()


def test_an_alert_is_opened_once_and_tells_the_screens(promised):
    answered(promised, 9000.0, 1, "late")
    before = pulse_version(promised)
    assert refresh_alerts(promised, NOW, ZONE) == 1
    assert refresh_alerts(promised, NOW + 600_000, ZONE) == 0
    (alert,) = alerts(promised)
    assert (alert.kind, alert.stage, alert.channel, alert.ended_at) == ("promise_broken", "service", "email", 0)
    assert alert.began_at < NOW and pulse_version(promised) == before + 1


def test_an_alert_ends_when_the_promise_is_kept_again(promised):
    answered(promised, 9000.0, 60, "late")
    assert refresh_alerts(promised, NOW - 59 * DAY, ZONE) == 1
    answered(promised, 600.0, 1, "quick")
    assert refresh_alerts(promised, NOW, ZONE) == 1
    assert [alert.ended_at for alert in alerts(promised)] == [NOW]


def test_no_promise_no_alert(sqlite_store):
    assert refresh_alerts(sqlite_store, NOW, ZONE) == 0
