"""The history: blocks of one local week each, told newest week first, so that screens are useful within seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from connectors.base import Batch, Event, Missing
from connectors.sample.chance import seeded
from connectors.sample.company import company
from connectors.sample.customers import Pool
from connectors.sample.drawing import Drawn, draw
from connectors.sample.events import Teller
from connectors.sample.measures import PER_YEAR, measured
from connectors.sample.position import Position, Span
from connectors.sample.rhythm import YEAR_DAYS, begun, midnight
from connectors.sample.story import Story

LETTER = "h"
EXTRA = 0.955  # so that repeats and reminders do not raise the number of contacts a year


@dataclass(slots=True)
class Week:
    """One week of history: its drawn contacts, their teller, and what was measured in it."""

    drawn: Drawn
    teller: Teller
    measures: list[Event]


def week_of(story: Story, monday: date, contacts: int) -> Week:
    """The week that begins on a local Monday, for a company of `contacts` contacts a year; always the same one."""
    drawn, name = drawn_week(story, monday, contacts), f"w{monday:%y%m%d}"
    start, end = midnight(monday, story.zone), midnight(monday + timedelta(days=7), story.zone)
    rng = seeded(story.seed, monday.toordinal(), 3)
    measures = measured(rng, story, start, end, contacts / PER_YEAR, name)
    return Week(drawn, Teller(company(), drawn, name, LETTER), measures)


def drawn_week(story: Story, monday: date, contacts: int) -> Drawn:
    """The contacts of that week as drawn, before they are told."""
    rng = seeded(story.seed, monday.toordinal(), 1)
    days = [begun(rng, story, monday + timedelta(days=i), round(contacts * EXTRA)) for i in range(7)]
    born, stage, channel = (np.concatenate(part) for part in zip(*days, strict=True))
    slots = max(1, round(contacts / YEAR_DAYS / company().customers["per_flight_day"]))
    return draw(rng, story, born, stage, channel, Pool(LETTER, slots))


def mondays(story: Story, span: Span) -> list[date]:
    """The weeks of a span, newest first; the one before its start too, since its repeats reach into it."""
    last = datetime.fromtimestamp((span.end - 1) / 1000, story.zone).date()
    first = datetime.fromtimestamp(span.start / 1000, story.zone).date() - timedelta(days=7)
    newest = last - timedelta(days=last.weekday())
    return [newest - timedelta(weeks=i) for i in range((newest - first).days // 7 + 2)]


def events_of(story: Story, monday: date, position: Position, span: Span) -> list[Event]:
    """What one week says within a span, newest first, each contact in its version at the span's end."""
    week = week_of(story, monday, position.contacts)
    first = week.drawn.talks.first
    rows = np.flatnonzero((week.drawn.born >= span.start) & (first < span.end))
    told = week.teller.final(rows.tolist(), span.end)
    lost = _lost(story)
    told += [event for event in week.measures if span.start <= _ms(event) < span.end]
    return sorted((e for e in told if not lost(e)), key=lambda e: e.occurred_at, reverse=True)


def batches(story: Story, position: Position, size: int) -> Iterator[Batch]:
    """What is still to tell of all spans, `size` events at most at a time; `position` moves along with each.

    The last batch of a week brings the gap of that week, if there is one; the last of a span may be empty.
    """
    for span in position.spans:
        weeks = mondays(story, span)
        while not span.complete:
            yield from _week_batches(story, weeks, position, span, size)


def _week_batches(story: Story, weeks: list[date], position: Position, span: Span, size: int) -> Iterator[Batch]:
    monday = weeks[span.week]
    events = events_of(story, monday, position, span)
    gap, last = _gap(story, monday, span), span.week + 1 == len(weeks)
    while span.done + size < len(events):
        span.done += size
        yield Batch(events[span.done - size : span.done])
    rest = events[span.done :]
    span.week, span.done, span.complete = span.week + 1, 0, last
    if rest or gap or last:
        yield Batch(rest, gap=gap)


def _gap(story: Story, monday: date, span: Span) -> Missing | None:
    """The evening that a feed lost, if it began in this week of the span."""
    lost, next_week = story.gap(), monday + timedelta(days=7)
    inside = max(span.start, midnight(monday, story.zone)) <= lost.start < midnight(next_week, story.zone)
    if not inside or lost.end > span.end:
        return None
    start, end = (datetime.fromtimestamp(moment / 1000, UTC) for moment in (lost.start, lost.end))
    return Missing(lost.stream, start, end, lost.reason)


def _lost(story: Story) -> Callable[[Event], bool]:
    gap = story.gap()
    return lambda event: event.stream == gap.stream and gap.start <= _ms(event) < gap.end


def _ms(event: Event) -> float:
    return event.occurred_at.timestamp() * 1000
