"""The story: its dates, how strongly each cause holds, and that all of it follows from the anchor and the seed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sample.chance import bell, mixed, seeded, share
from connectors.sample.company import METRICS, company
from connectors.sample.effects import Effects
from connectors.sample.story import DAY_MS, WORDS, Effect, storm_week, tell
from connectors.sample.texts import topics
from metrics.registry import metrics

ZONE = ZoneInfo("Europe/Amsterdam")
ANCHOR = int(datetime(2026, 11, 25, 10, tzinfo=UTC).timestamp() * 1000)
STORY = tell(ANCHOR, ZONE, 2026)
FIRM = company()


def local(at):
    return datetime.fromtimestamp(at / 1000, ZONE)


def effect(name):
    """The effects whose entry in story.toml has this id."""
    entries = [entry["id"] for entry in STORY.raw["effect"]]
    return STORY.effects[entries.index(name)]


def cells(stage, channel, at):
    return np.array([at], float), np.array([FIRM.stage(stage)]), np.array([FIRM.channel(channel)])


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-84, "2026-08-31 00:00"),
        (-70, "2026-09-14 00:00"),
        (-4.6, "2026-11-18 09:36"),
        (0, "2026-11-23 00:00"),
        (-31, "2026-10-23 00:00"),
    ],
)
def test_days_count_from_the_monday_of_the_anchors_week_in_local_time(days, expected):
    assert f"{local(STORY.at(days)):%Y-%m-%d %H:%M}" == expected


@given(st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_the_storm_lies_within_the_year_of_history_and_not_in_the_last_weeks(today):
    monday = storm_week(today)
    assert monday.weekday() == 0
    assert 29 <= (today - monday).days <= 347


def test_the_storm_was_in_last_february_when_that_is_possible():
    assert storm_week(date(2026, 11, 25)) == date(2026, 2, 16)
    assert f"{local(STORY.at(2.2, storm=True)):%Y-%m-%d}" == "2026-02-18"


def test_an_effect_begins_grows_and_ends():
    ramp = Effect(start=0, end=100, ramp=10, stage=-1, channel=-1)
    at = np.array([-1, 0, 5, 10, 99, 100], float)
    nowhere = np.zeros(6, int)
    assert ramp.strength(at, nowhere, nowhere).tolist() == [0, 0, 0.5, 1, 1, 0]


def test_an_effect_holds_only_where_it_says():
    one = Effect(start=0, end=9, ramp=0, stage=1, channel=2)
    assert one.strength(np.zeros(4), np.array([1, 1, 0, 1]), np.array([2, 1, 2, 2])).tolist() == [1, 0, 0, 1]


def test_effects_add_up_on_marks_and_multiply_on_durations():
    week = STORY.at(-2)
    bot = Effects(STORY, *cells("service", "chat", week))
    assert bot.added("mark")[0] <= -1.0
    assert bot.times("first_response")[0] == pytest.approx(1.9 * 1.6)
    assert bot.added("never")[0] == pytest.approx(0.20)
    assert bot.times("wait")[0] == 1.0


def test_the_campaign_raises_what_is_expected_and_not_what_is_delivered():
    before = Effects(STORY, *cells("service", "email", STORY.at(-90)))
    after = Effects(STORY, *cells("service", "email", STORY.at(-60)))
    assert after.added("expectation")[0] - before.added("expectation")[0] == pytest.approx(0.8)
    assert effect("campaign").shifts == {"expectation": 0.8}


def test_the_bot_turns_the_talk():
    subjects = Effects(STORY, *cells("service", "chat", STORY.at(-2))).subjects()
    assert ("bot", 0, 0.38) in [(topic, tone, round(float(chance[0]), 2)) for topic, tone, chance in subjects]


def test_the_wave_is_slow_small_and_different_per_stage():
    at = np.arange(0, DAY_MS, 60_000, dtype=float)
    first, second = (STORY.wave(at, np.full(len(at), stage)) for stage in (0, 5))
    assert abs(first.mean()) < 0.05 and 0.3 < np.abs(first).max() <= 0.6
    assert np.abs(np.diff(first)).max() < 0.06, "a stage does not jump from minute to minute"
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.99


def test_incidents_are_short_rare_and_the_same_each_time():
    day = STORY.within(ANCHOR, ANCHOR + 30 * DAY_MS)
    small = [e for e in day if e not in STORY.effects]
    again = [e for e in tell(ANCHOR, ZONE, 2026).within(ANCHOR, ANCHOR + 30 * DAY_MS) if e not in STORY.effects]
    assert small == again
    assert 80 < len(small) < 180, "about half of 240 slots"
    assert all(18 * 60_000 <= e.end - e.start <= 40 * 60_000 for e in small)
    assert small != [e for e in tell(ANCHOR, ZONE, 5).within(ANCHOR, ANCHOR + 30 * DAY_MS) if e not in STORY.effects]


def test_the_lost_evening_is_an_evening():
    lost = STORY.gap()
    assert (local(lost.start).hour, local(lost.end).hour) == (18, 22)
    assert lost.stream == "social"


def test_every_effect_speaks_of_things_that_exist():
    known = {"mark", "expectation", "volume", "never", *metrics()}
    for entry in STORY.raw["effect"] + STORY.raw["incident"]:
        assert set(entry) - WORDS <= known, entry
        assert entry.get("topic", "bot") in topics()
        assert entry.get("tone", "neutral") in ("negative", "neutral", "positive")


def test_every_metric_of_the_company_is_in_the_registry():
    assert set(METRICS) | {measure.metric for measure in FIRM.measures} <= set(metrics())


def test_the_mix_is_whole_and_channels_without_hours_do_not_exist():
    assert FIRM.mix.sum() == pytest.approx(1)
    assert np.allclose(FIRM.hours.sum(axis=1), 1)
    assert FIRM.mix.shape == FIRM.mark.shape == (7, 8)
    assert all(sum(weights.values()) > 0 and set(weights) <= set(topics()) for weights in FIRM.topics)


def test_chance_remembers():
    keys = np.arange(1000)
    assert (mixed(keys, 3) == mixed(keys, 3)).all() and (mixed(keys, 3) != mixed(keys, 4)).all()
    assert len(np.unique(mixed(keys))) == 1000
    assert seeded(1, 2).integers(1 << 40) == seeded(1, 2).integers(1 << 40) != seeded(2, 1).integers(1 << 40)


def test_chance_is_even_and_bell_shaped():
    keys = np.arange(200_000)
    even, bells = share(keys, 5), bell(keys, 5)
    assert even.min() >= 0 and even.max() < 1
    assert even.mean() == pytest.approx(0.5, abs=0.005) and even.var() == pytest.approx(1 / 12, abs=0.002)
    assert bells.mean() == pytest.approx(0, abs=0.01) and bells.std() == pytest.approx(1, abs=0.01)
    assert np.abs(bells).max() <= 3
    assert abs(np.corrcoef(bells, bell(keys, 6))[0, 1]) < 0.01
