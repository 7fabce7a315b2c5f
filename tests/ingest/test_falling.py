"""Alarms on falls: from the rollups of a store to what stands, since when, and what changed; calm stages raise nothing."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import insert

from config.journey import load_journey
from ingest.falling import Watch
from store.people.journeys import save_journey
from store.reads.alarms import alarms_between
from store.rows import Batch, Placed, Row
from store.tables import RollupHour, RollupWeek
from store.writes import save
from tests.metrics.made_hours import HOURS_A_WEEK, made_hours

ZONE = ZoneInfo("Europe/Amsterdam")
HOUR_MS = 3_600_000
WEEKS = 12
TAKEN = ("bucket", "channel", "metric", "n", "m1", "m2")
# A Monday; no change of the clock and no holiday in the ten weeks from here, nor until the falls.
START = int(datetime(2026, 1, 12, tzinfo=ZONE).timestamp()) // 3600
FELL = 10 * HOURS_A_WEEK + 60
LATER = 40
NOW = (START + FELL + LATER) * HOUR_MS


def hourly(store, stage, rows, until=10**9):
    """Put made-up hours of a stage into the store's hourly rollups, up to an hour of the made-up weeks."""
    keep = rows["bucket"] < until
    columns = {name: column[keep] for name, column in rows.items()}
    values = [
        {
            "bucket": START + int(bucket), "journey": "airline", "stage": stage, "channel": str(channel), "segment": "",
            "metric": str(metric), "bin": 0, "n": int(n), "w": int(n) * 1000, "w2": int(n) * 1_000_000, "m1": round(m1 * 1000),
            "m2": round(m2 * 1_000_000), "v": 0,
        }
        for bucket, channel, metric, n, m1, m2 in zip(*(columns[name] for name in TAKEN), strict=True)
    ]  # fmt: skip
    with store.begin() as connection:
        connection.execute(insert(RollupHour), values)


@pytest.fixture
def calm(sqlite_store):
    save_journey(sqlite_store, load_journey("airline"), "test", NOW)
    for seed, stage in enumerate(("book", "fly")):
        hourly(sqlite_store, stage, made_hours(np.random.default_rng(seed), 20, WEEKS, 0.03), FELL + LATER)
    return sqlite_store


def fallen(drop=-1.2, back=None):
    shift = np.zeros(WEEKS * HOURS_A_WEEK)
    shift[FELL : None if back is None else back] = drop
    return made_hours(np.random.default_rng(7), 20, WEEKS, 0.03, shift)


def watch(store):
    return Watch(store, ZONE, 0.25)


def drops(store, now=NOW):
    return alarms_between(store, "airline", 0, now + 1, "drop")


def test_a_calm_store_raises_nothing_and_its_charts_keep_the_budget(calm):
    watching = watch(calm)
    assert watching.refresh(NOW) == 0
    fitted = watching.fitted["airline"]
    assert set(fitted.hours) == {"book", "fly"}
    assert fitted.replayed is not None
    assert fitted.replayed <= 0.25


def test_a_fall_is_told_once_with_its_figures_and_its_channel(calm):
    hourly(calm, "service", fallen(), FELL + LATER)
    watching = watch(calm)
    assert watching.refresh(NOW) == 1
    assert watching.refresh(NOW + 60_000) == 0
    (alarm,) = drops(calm)
    assert (alarm.stage, alarm.channel, alarm.ended_at) == ("service", "", 0)
    assert abs(alarm.began_at - (START + FELL) * HOUR_MS) <= 12 * HOUR_MS
    assert 0.8 < alarm.detail["before"] - alarm.detail["now"] < 1.6
    assert alarm.detail["n"] > 100
    assert {part["channel"] for part in alarm.detail["parts"]} <= {"email", "chat", "phone"}
    assert all(part["high"] < 0 for part in alarm.detail["parts"][:1])
    assert alarm.detail["mostly_mix"] is False


def test_a_fall_ends_when_the_stage_is_back(calm):
    back = FELL + 24
    hourly(calm, "service", fallen(back=back), FELL + 140)
    watching = watch(calm)
    watching.refresh((START + back) * HOUR_MS)
    assert [alarm.ended_at for alarm in drops(calm)] == [0]
    watching.refresh((START + back + 100) * HOUR_MS)
    assert [alarm.ended_at > 0 for alarm in drops(calm, NOW * 2)] == [True]


def test_every_hour_of_two_weeks_begins_and_ends_it_at_most_once(calm):
    hourly(calm, "service", fallen(back=FELL + 48))
    watching = watch(calm)
    seen = set()
    for hour in range(FELL - 24, WEEKS * HOURS_A_WEEK - 96, 6):
        watching.refresh((START + hour) * HOUR_MS)
        seen |= {(one.id, one.ended_at > 0) for one in drops(calm, NOW * 2) if one.stage == "service"}
    assert len({id for id, _ in seen}) == 1
    assert any(ended for _, ended in seen)


def test_what_is_under_alarm_does_not_become_usual(calm):
    """Two weeks later the fall stands still, though one of the eight weeks that are usual now was part of it."""
    hourly(calm, "service", fallen())
    watch(calm).refresh(NOW)
    later = watch(calm)
    later.refresh((START + FELL + 2 * HOURS_A_WEEK - 72) * HOUR_MS)
    alarms = [one for one in drops(calm, NOW * 2) if one.stage == "service"]
    assert [one.ended_at for one in alarms] == [0]
    usual = later.fitted["airline"].hours["service"]
    assert abs(usual.level - 6.8) < 0.5


def test_what_is_said_more_is_told_by_words_and_themes(calm):
    hourly(calm, "service", fallen(), FELL + LATER)
    rows = []
    for i in range(60):
        late = i < 30
        at = (START + FELL) * HOUR_MS + (i * 3_000_000 if late else -i * 20 * HOUR_MS // 3)
        text = "the chatbot cut off our conversation" if late else "a question about the invoice"
        where = [Placed("airline", "service", "source")]
        said = {"language": "en", "text": text, "themes": ("chatbot",) if late else ("price",), "channel": "chat"}
        rows.append(Row("mail", "m", f"w{i}", 1, "upsert", at, at, author_key=f"a{i}", placed=where, **said))
    save(calm, Batch("mail", rows), now_ms=NOW, zone=ZONE.key)
    watch(calm).refresh(NOW)
    (alarm,) = [one for one in drops(calm) if one.stage == "service"]
    assert "chatbot" in alarm.detail["words"]
    assert alarm.detail["themes"] == ["chatbot"]
    assert "invoice" not in alarm.detail["words"]


def test_a_slow_drift_of_weeks_is_told_too(sqlite_store):
    save_journey(sqlite_store, load_journey("airline"), "test", NOW)
    rng, values = np.random.default_rng(2), []
    first = date(2025, 3, 3)
    for week in range(46):
        year, number, _ = (first + timedelta(weeks=week)).isocalendar()
        mark = 7.5 - max(0, week - 36) * 0.12 + rng.normal(0, 0.05)
        n = 60
        values.append(
            {
                "bucket": year * 100 + number, "journey": "airline", "stage": "loyalty", "channel": "survey", "segment": "",
                "metric": "csat", "bin": 0, "n": n, "w": n * 1000, "w2": n * 1_000_000, "m1": round(n * mark * 1000),
                "m2": round(n * (mark**2 + 2.0) * 1_000_000), "v": 0,
            }
        )  # fmt: skip
    with sqlite_store.begin() as connection:
        connection.execute(insert(RollupWeek), values)
    now = int(datetime(2026, 1, 21, 12, tzinfo=ZONE).timestamp() * 1000)
    assert watch(sqlite_store).refresh(now) == 1
    (alarm,) = drops(sqlite_store, now)
    assert (alarm.stage, alarm.detail["chart"]) == ("loyalty", "weeks")
    assert alarm.detail["before"] > alarm.detail["now"] + 0.3
    assert date(2025, 11, 3) <= datetime.fromtimestamp(alarm.began_at / 1000, ZONE).date() <= date(2025, 12, 15)
    assert datetime.fromtimestamp(alarm.began_at / 1000, ZONE).weekday() == 0


def test_an_empty_store_is_watched_without_a_word(sqlite_store):
    save_journey(sqlite_store, load_journey("airline"), "test", NOW)
    assert watch(sqlite_store).refresh(NOW) == 0
