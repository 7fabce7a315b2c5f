"""The live stream: its rhythm, the life of a conversation, and what goes wrong on purpose."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from connectors.base import BadRecord, Event
from connectors.sample.live import BLOCK_MS, LETTER, Live
from connectors.sample.position import Position, Span, fresh, parse
from connectors.sample.story import tell

ZONE = ZoneInfo("Europe/Amsterdam")
START = datetime(2026, 11, 25, 10, 3, tzinfo=UTC)
AT = int(START.timestamp() * 1000)
HOUR = 3_600_000
STORY = tell(AT, ZONE, 11)
PER_MINUTE = 60


def position(contacts=2000, live_at=AT, spans=None):
    where = fresh(AT, 11, contacts, 364)
    return Position(where.anchor, where.seed, where.contacts, live_at, spans or where.spans)


def telling(live, hours, start=AT, step=60_000):
    """What is told over some hours: (moment, event or bad record), in order."""
    return [(now, item) for now in range(start + step, start + int(hours * HOUR) + 1, step) for item in live.due(now)]


@lru_cache(maxsize=1)
def day():
    """A whole day and night of the stream."""
    return telling(Live(STORY, position(), PER_MINUTE), 24)


def events():
    return [(now, item) for now, item in day() if isinstance(item, Event)]


def key(event):
    return event.stream, event.external_id, event.version


def test_the_average_minute_has_as_many_events_as_the_setting():
    assert len(day()) / (24 * 60) == pytest.approx(PER_MINUTE, rel=0.08)


def test_it_is_never_silent_and_at_night_at_least_a_third():
    hours = Counter((now - AT) // HOUR for now, _ in day())
    rates = [hours[hour] / 60 for hour in range(24)]
    assert min(rates) > PER_MINUTE / 3
    assert max(rates) > 1.5 * min(rates), "day and night are alike"
    local = {hour: datetime.fromtimestamp(AT / 1000 + hour * 3600, ZONE).hour for hour in range(24)}
    assert 0 <= local[min(range(24), key=rates.__getitem__)] < 7


@pytest.mark.parametrize("per_minute", [1, 6, 240])
def test_the_setting_is_the_rate(per_minute):
    told = telling(Live(STORY, position(), per_minute), 6)
    assert len(told) / 360 == pytest.approx(1.25 * per_minute, rel=0.25)


def test_nothing_is_told_before_it_happened_and_most_at_once():
    late = [now - event.occurred_at.timestamp() * 1000 for now, event in events()]
    assert min(late) >= 0
    fresh_ones = [ms for ms, (_, event) in zip(late, events(), strict=True) if event.version == 1 and event.stream == "survey"]
    assert sorted(fresh_ones)[len(fresh_ones) // 2] <= 60_000


def test_nothing_live_is_older_than_the_anchor_but_answers_to_history():
    for _, event in events():
        born_before = event.occurred_at.timestamp() * 1000 < AT
        assert born_before == event.external_id.startswith("w"), event.external_id


def test_open_questions_of_the_history_are_answered_afterwards():
    told = [item for item in Live(STORY, position(contacts=100_000), 1).due(AT + 24 * HOUR) if isinstance(item, Event)]
    answered = [event for event in told if event.external_id.startswith("w")]
    assert len(answered) >= 5 and all(event.occurred_at.timestamp() * 1000 < AT for event in answered)
    assert any(
        r.metric == "first_response" for event in answered if event.version > 1 and event.said for r in event.said.readings
    )


def lives(stream):
    """The versions of each contact of a stream, in the order in which they were told."""
    found = defaultdict(list)
    for _, event in events():
        if event.stream == stream and event.external_id.startswith("l"):
            found[event.external_id].append(event)
    return found


def test_a_chat_begins_open_is_answered_and_ends_with_a_verdict():
    chats = [told for told in lives("chat").values() if [e.version for e in told] == [1, 2, 3]]
    assert len(chats) > 100
    for began, answered, ended in chats[:200]:
        assert began.said.unanswered == ("first_response",) and began.said.readings == []
        assert [r.metric for r in answered.said.readings] == ["first_response"] and answered.said.unanswered == ()
        assert {"first_response", "resolved_first"} <= {r.metric for r in ended.said.readings}
        assert began.said.text == ended.said.text and began.occurred_at == ended.occurred_at


def test_a_chat_that_only_met_the_bot_ends_without_an_answer():
    ended = [told[-1] for told in lives("chat").values() if told[-1].said.stage == "service"]
    silent = [e for e in ended if e.said.unanswered and any(r.metric == "resolved_first" for r in e.said.readings)]
    assert len(silent) > 0.05 * len(ended)


def test_a_call_is_told_when_it_is_over():
    for calls in list(lives("phone").values())[:300]:
        first = calls[0]
        assert first.version == 1
        assert any(reading.metric == "abandoned" for reading in first.said.readings)


def test_some_events_come_twice_just_the_same():
    told = Counter(key(event) for _, event in events())
    twice = [n for n in told.values() if n > 1]
    assert 0.005 < len(twice) / len(told) < 0.04 and max(twice) == 2


def test_some_posts_are_edited_and_some_deleted_afterwards():
    edited = [told for told in lives("social").values() if any(e.version > 10 and e.op == "upsert" for e in told)]
    deleted = [told for told in lives("social").values() if told[-1].op == "delete"]
    assert len(edited) > 20 and len(deleted) > 10
    for told in edited:
        texts = {e.said.text for e in told if e.said and e.version <= 10} - {""}
        assert all(e.said.text not in texts for e in told if e.said and e.version > 10)
    assert all(told[-1].version > max(e.version for e in told[:-1]) for told in deleted if len(told) > 1)


def test_an_answer_after_an_edit_still_counts():
    """The version of an edited post rises with its answer, so that the answer is not lost behind the edit."""
    for told in lives("social").values():
        versions = [e.version for e in told if e.op == "upsert" and e.version > 10]
        answered = [e for e in told if e.said and any(r.metric == "first_response" for r in e.said.readings)]
        if len(versions) > 1 and answered:
            assert max(versions) == 12
            return
    pytest.fail("no post was edited before its answer in a whole day")


def test_one_version_never_has_two_meanings():
    """So that the order in which versions arrive does not matter."""
    told = {}
    for _, event in events():
        said = event.said and (event.said.text, [(r.metric, r.value) for r in event.said.readings], event.said.unanswered)
        assert told.setdefault((*key(event), event.op), said) == said, key(event)


def test_some_records_are_cut_short():
    bad = [item for _, item in day() if isinstance(item, BadRecord)]
    assert 3 <= len(bad) <= 60
    assert len({record.raw for record in bad}) == len(bad)


def test_live_customers_are_not_those_of_the_history():
    authors = {e.said.author[0] for _, e in events() if e.said and e.said.author and e.external_id.startswith("l")}
    assert authors == {LETTER}


@lru_cache(maxsize=1)
def undisturbed():
    return Live(STORY, position(), PER_MINUTE).due(AT + 6 * HOUR)


@examples(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.integers(1, 5 * 60))
def test_a_restart_tells_exactly_what_was_still_to_be_told(minutes):
    """Whenever it stops, what it told before and what it tells after its restart is what it would have told undisturbed."""
    until, whole = AT + 6 * HOUR, undisturbed()
    first = Live(STORY, position(), PER_MINUTE).due(AT + minutes * 60_000)
    second = Live(STORY, position(live_at=AT + minutes * 60_000), PER_MINUTE).due(until)

    def told(items):
        return Counter(key(item) if isinstance(item, Event) else item.raw for item in items)

    assert told(first) + told(second) == told(whole)


def test_what_was_away_is_not_told_as_if_it_had_been_live():
    """After a pause of a day, blocks of that day are history's, and the stream begins where the pause ended."""
    back = AT + 24 * HOUR
    spans = [Span(AT, back), *position().spans]
    live = Live(STORY, position(live_at=back, spans=spans), PER_MINUTE)
    told = [event for event in live.due(back + HOUR) if isinstance(event, Event)]
    begun = [event for event in told if event.external_id.startswith("l")]
    assert begun and all(event.occurred_at.timestamp() * 1000 >= back - BLOCK_MS for event in begun)


def test_a_busy_stream_restarts_as_quickly():
    quick = Live(STORY, position(), 6000)
    assert quick._life < Live(STORY, position(), 60)._life
    assert quick._life >= BLOCK_MS


def test_it_says_how_long_nothing_will_happen():
    live = Live(STORY, position(), 6)
    live.due(AT)
    wait = live.wait_ms(AT)
    assert 0 < wait <= BLOCK_MS
    assert live.due(int(AT + wait) - 1) == []


def test_a_position_survives_its_own_text():
    where = position()
    where.spans[0].week, where.spans[0].done = 3, 117
    assert parse(where.text()) == where
    assert not where.finished
    where.spans[0].complete = True
    assert where.finished and parse(where.text()).finished


def test_a_position_that_is_none_is_refused_by_name():
    with pytest.raises(ValueError, match=r"state of sample: found '\[1\]'"):
        parse("[1]")
    with pytest.raises(ValueError, match="version 2"):
        parse('{"v": 2}')


def test_a_span_that_is_told_ends_where_the_stream_began():
    where = position()
    assert where.spans[0].end == where.live_at == where.anchor == AT
    assert timedelta(milliseconds=where.spans[0].end - where.spans[0].start) == timedelta(days=364)
