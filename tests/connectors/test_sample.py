"""The sample as a connector: what it declares, how it reads, resumes and stops."""

import json
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pydantic import ValidationError

from config.settings import settings
from connectors import CONNECTORS
from connectors.base import BadRecord, ConfigFault, Event
from connectors.sample import Sample, SampleConfig, anchor_of, first_state

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
SMALL = SampleConfig(contacts=4000, history_days=40, events_per_minute=60, seed=7, timezone="Europe/Amsterdam", batch_events=60)


class Clock:
    """A clock that a test moves on; with `step` it moves by itself at each look."""

    def __init__(self, now=NOW, step=timedelta(0)):
        self.now, self.step = now, step

    def __call__(self):
        self.now += self.step
        return self.now


class Hurried(threading.Event):
    """A stop that waits for nobody, and counts how long it was asked to."""

    def __init__(self):
        super().__init__()
        self.waits = []

    def wait(self, timeout=None):
        self.waits.append(timeout)
        return self.is_set()


def read(config=SMALL, state=None, clock=None, stop=None):
    return Sample().read(config, state, stop or Hurried(), clock or Clock())


def history(config=SMALL, state=None, clock=None):
    """The batches up to and including the one that ends the history."""
    for batch in read(config, state, clock):
        yield batch
        if batch.state is None or all(span["complete"] for span in json.loads(batch.state)["spans"]):
            return


def identity(event):
    return event.stream, event.external_id, event.version


def test_it_stands_in_the_visible_list():
    assert CONNECTORS["sample"] == "connectors.sample:Sample"


def test_it_declares_a_stream_with_edits_and_deletes():
    able = Sample.capabilities
    assert (able.mode, able.edits, able.deletes, able.backfill, able.wall_quotes) == ("stream", True, True, True, True)
    assert 0 < able.cadence_s <= 60


def test_checking_it_is_always_well_and_says_so_in_both_languages():
    found = Sample().check(SMALL)
    assert found.code == "ok"
    assert "verzonnen" in found.hint_nl.lower() and "made-up" in found.hint_en.lower()


def test_its_size_and_pace_are_those_of_the_settings():
    config = SampleConfig()
    assert config.contacts == settings().sample.contacts
    assert config.history_days == settings().sample.history_days
    assert config.events_per_minute == settings().sample.events_per_minute
    assert config.timezone == settings().company.timezone


@pytest.mark.parametrize("wrong", [{"contacts": 3}, {"history_days": 0}, {"events_per_minute": -1}, {"tempo": 5}])
def test_settings_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValidationError):
        SampleConfig(**wrong)


def test_the_newest_events_come_first_and_never_lie_ahead():
    batches = list(history())
    first, last = batches[0].events, [batch for batch in batches if batch.events][-1].events
    assert min(event.occurred_at for event in first) > NOW - timedelta(days=8)
    assert max(event.occurred_at for event in last) < NOW - timedelta(days=30)
    assert all(event.occurred_at <= NOW for batch in batches for event in batch.events)


def test_history_reaches_back_as_far_as_the_setting_says():
    oldest = min(event.occurred_at for batch in history() for event in batch.events)
    assert NOW - timedelta(days=40) <= oldest < NOW - timedelta(days=37)


def test_no_batch_is_larger_than_the_setting():
    sizes = [len(batch.events) for batch in history()]
    assert max(sizes) <= SMALL.batch_events
    assert sum(sizes) > 3 * SMALL.batch_events


def test_every_event_of_history_comes_once():
    told = Counter(event.stream + event.external_id for batch in history() for event in batch.events)
    assert max(told.values()) == 1


def test_the_same_seed_gives_the_same_events_and_another_one_others():
    once, twice = ([e for b in history() for e in b.events] for _ in range(2))
    assert once == twice
    other = SMALL.model_copy(update={"seed": 8})
    assert [e for b in history(other) for e in b.events] != once


@examples(max_examples=12, deadline=None)
@given(st.integers(0, 30))
def test_a_kill_after_any_batch_loses_nothing_and_doubles_nothing(kill):
    """What was committed before the kill and what is read after it are together what an undisturbed reading gives."""
    whole = [event for batch in history() for event in batch.events]
    before, state = [], None
    for number, batch in enumerate(history()):
        if number == kill:
            break
        before += batch.events
        state = batch.state
    after = [event for batch in history(state=state) for event in batch.events]
    assert Counter(map(identity, before + after)) == Counter(map(identity, whole))


def test_a_batch_that_was_not_committed_comes_again_the_same():
    batches = list(history())
    again = next(history(state=batches[2].state))
    assert [e for e in again.events if e.stream != "none"] == batches[3].events


def test_live_events_flow_while_history_still_fills():
    clock = Clock(step=timedelta(seconds=20))
    batches = list(history(clock=clock))
    live = [e for b in batches[:-1] for e in b.events if e.external_id.startswith("l")]
    assert live, "nothing live before the history was done"
    assert all(event.occurred_at >= NOW for event in live)


def after_history(clock, stop=None, config=SMALL):
    """A reader whose history is done, and its batches from there on."""
    batches = read(config, clock=clock, stop=stop)
    for batch in batches:
        if json.loads(batch.state)["spans"][0]["complete"]:
            return batches
    raise AssertionError("the history has no end")


def test_it_says_something_at_every_heartbeat_even_when_nothing_happened():
    clock, stop = Clock(), Hurried()
    batches = after_history(clock, stop)
    quiet = [next(batches) for _ in range(3)]
    assert [(batch.events, batch.bad, batch.state) for batch in quiet] == [([], [], None)] * 3
    assert all(0 < wait <= 1.0 for wait in stop.waits)


def test_what_happens_now_is_told_within_seconds():
    clock = Clock()
    batches = after_history(clock)
    told = []
    for _ in range(400):
        clock.now += timedelta(seconds=3)
        told += [(clock.now - e.occurred_at, e) for e in next(batches).events]
    prompt = [late for late, event in told if event.version == 1 and event.stream in ("chat", "email", "survey", "social")]
    assert len(told) > 600
    assert sorted(prompt)[len(prompt) // 2] <= timedelta(seconds=5)


def test_it_stops_when_asked():
    stop = Hurried()
    batches = read(stop=stop)
    next(batches)
    stop.set()
    assert list(batches) == []


def test_a_short_pause_is_made_up_for_minute_by_minute():
    clock = Clock()
    batches = after_history(clock)
    state = next(b.state for b in batches if clock.__setattr__("now", clock.now + timedelta(seconds=30)) is None and b.state)
    later = Clock(clock.now + timedelta(minutes=6))
    told = next(read(state=state, clock=later))
    assert json.loads(told.state)["spans"] == json.loads(state)["spans"]
    assert 200 < len(told.events) < 600


def test_a_long_pause_is_filled_up_at_the_pace_of_history():
    state = list(history())[-1].state
    later = Clock(NOW + timedelta(days=10))
    told = [event for batch in history(state=state, clock=later) for event in batch.events]
    assert 80 < len(told) < 220, "4,000 contacts a year, and what is measured beside them, are about 140 in ten days"
    assert all(NOW <= event.occurred_at <= later.now or event.version > 1 for event in told)


def test_sleeping_while_it_reads_is_a_long_pause_too():
    clock = Clock()
    batches = after_history(clock)
    clock.now += timedelta(hours=9)
    states = [json.loads(state) for state in (next(batches).state for _ in range(3)) if state]
    assert len(states[0]["spans"]) == 2
    assert states[0]["spans"][0]["end"] - states[0]["spans"][0]["start"] == 9 * 3_600_000


def test_a_state_that_cannot_be_read_stops_the_source_and_says_what_to_do():
    for state in ('{"v": 99}', "[]", '{"v": 1}', "none"):
        with pytest.raises(ConfigFault, match="Make a new demo store"):
            next(read(state=state))


def test_who_seeds_a_store_and_who_reads_share_one_anchor():
    at = int(NOW.timestamp() * 1000)
    state = first_state(at)
    assert anchor_of(state) == at
    batch = next(read(SampleConfig(timezone="Europe/Amsterdam"), state, Clock(NOW + timedelta(seconds=40))))
    assert anchor_of(batch.state) == at


def test_the_size_of_a_history_that_began_stays_when_the_setting_changes():
    state = next(history()).state
    larger = SMALL.model_copy(update={"contacts": 9000})
    rest = [event for batch in history(larger, state) for event in batch.events]
    whole = [event for batch in history() for event in batch.events]
    assert set(map(identity, rest)) < set(map(identity, whole))


def test_the_evening_that_a_feed_lost_is_a_gap_once_and_empty():
    year = SMALL.model_copy(update={"contacts": 6000, "history_days": 60})
    batches = list(history(year))
    gaps = [batch.gap for batch in batches if batch.gap]
    assert [gap.stream for gap in gaps] == ["social"]
    inside = [e for b in batches for e in b.events if e.stream == "social" and gaps[0].start <= e.occurred_at < gaps[0].end]
    assert inside == []
    assert [gap for batch in history() for gap in [batch.gap] if gap and gap.start < NOW - timedelta(days=40)] == []


def test_a_record_cut_short_goes_the_way_of_bad_records():
    clock = Clock()
    batches = after_history(clock)
    bad = []
    for _ in range(600):
        clock.now += timedelta(minutes=2)
        bad += next(batches).bad
    assert bad and all(isinstance(record, BadRecord) and record.raw.startswith(b'{"id"') for record in bad)
    with pytest.raises(ValueError):
        json.loads(bad[0].raw)


def test_events_say_what_the_contract_asks():
    events = [event for batch in history() for event in batch.events]
    assert all(isinstance(event, Event) and event.occurred_at.tzinfo is UTC and event.version >= 1 for event in events)
    assert all((event.said is None) == (event.op == "delete") for event in events)
    assert all(event.said.channel == event.stream for event in events if event.said and event.stream != "systems")
