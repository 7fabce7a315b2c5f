"""Voices come a page at a time, filtered, newest first, with the mark they came with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from store.reads.voices import Wanted, base_rate, count_voices, enough_customers, read_voices, typical_voices
from tests.pages import example
from tests.store.people_store import fresh

START = example.ms(date(2026, 11, 16))


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    made = fresh(tmp_path_factory.mktemp("voices"))
    example.fill(made, weeks=2)
    return made


def all_of(engine, wanted):
    found, after = [], None
    while True:
        page = read_voices(engine, wanted, after)
        found += page.voices
        after = page.after
        if after is None:
            return found


def test_pages_of_fifty_meet_without_a_gap_or_a_double(engine):
    wanted = Wanted("airline", "service")
    first = read_voices(engine, wanted)
    assert len(first.voices) == 50 and first.after
    every = all_of(engine, wanted)
    assert len({voice.id for voice in every}) == len(every) == count_voices(engine, wanted)
    times = [voice.happened_at for voice in every]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(
    "wanted, holds",
    [
        (Wanted("airline", "service", "chat"), lambda v: v.stage == "service" and v.channel == "chat"),
        (Wanted("airline", theme="bot"), lambda v: v.themes == ("bot",)),
        (Wanted("airline", segment="new"), lambda v: v.segments == ("new",)),
        (Wanted("airline", words="KOFFER"), lambda v: "koffer" in v.text),
        (Wanted("airline", from_at=START), lambda v: v.happened_at >= START),
        (Wanted("airline", to_at=START), lambda v: v.happened_at < START),
        (Wanted("airline", source="phone"), lambda v: v.source == "phone"),
        (Wanted("airline", channel="phone", lowest=1.0, highest=5.5), lambda v: v.mark <= 5.5),
    ],
)
def test_every_filter_filters_and_finds(engine, wanted, holds):
    found = all_of(engine, wanted)
    assert found and all(holds(voice) for voice in found)
    assert len(found) < len(all_of(engine, Wanted("airline")))


def test_a_range_of_marks_means_the_mark_that_is_shown(engine):
    for low, high in ((1.0, 5.499999), (5.5, 7.499999), (7.5, 10.0)):
        found = all_of(engine, Wanted("airline", lowest=low, highest=high))
        assert found and all(voice.mark is not None and low <= voice.mark <= high for voice in found)
    marked = [voice for voice in all_of(engine, Wanted("airline")) if voice.mark is not None]
    parts = [len(all_of(engine, Wanted("airline", lowest=a, highest=b))) for a, b in ((1.0, 5.5), (5.500001, 10.0))]
    assert sum(parts) == len(marked)


def test_the_base_rate_counts_the_newest_marks_below_the_line_whatever_mood_is_asked_for(engine):
    wanted = Wanted("airline", "service", "chat")
    newest = all_of(engine, wanted)[:1000]
    marks = [voice.mark for voice in newest if voice.mark is not None]
    rate = base_rate(engine, wanted)
    assert (rate.voices, rate.marked, rate.low) == (len(newest), len(marks), sum(mark < 5.5 for mark in marks))
    assert 0 < rate.low < rate.marked and rate.capped == (len(newest) == 1000)
    assert base_rate(engine, replace(wanted, lowest=1.0, highest=5.0)) == rate


def test_a_word_with_a_wildcard_is_only_a_word(engine):
    assert count_voices(engine, Wanted("airline", words="100%")) == 0
    assert count_voices(engine, Wanted("airline", words="_")) == 0


def test_the_mark_is_the_customers_own_or_said_to_be_read_from_the_tone(engine):
    page = read_voices(engine, Wanted("airline", channel="phone"))
    assert all(voice.own and 1 <= voice.mark <= 10 for voice in page.voices)
    page = read_voices(engine, Wanted("airline", channel="social"))
    assert all(not voice.own and 1 <= voice.mark <= 10 for voice in page.voices)


def test_typical_voices_lie_near_the_groups_mark_and_say_each_thing_once(engine):
    wanted = Wanted("airline", "service", "chat")
    chosen = typical_voices(engine, wanted, near=5.0)
    assert 1 <= len(chosen) <= 3 and len({voice.text for voice in chosen}) == len(chosen)
    nearest = min(abs(v.mark - 5.0) for v in read_voices(engine, wanted, limit=200).voices)
    assert abs(chosen[0].mark - 5.0) == pytest.approx(nearest)


def test_fewer_than_five_customers_are_noticed(engine):
    assert enough_customers(engine, Wanted("airline", "service"))
    newest = read_voices(engine, Wanted("airline")).voices[0].happened_at
    assert not enough_customers(engine, Wanted("airline", from_at=newest + 1))


def test_counting_stops_where_told(engine):
    assert count_voices(engine, Wanted("airline"), at_most=10) == 10
