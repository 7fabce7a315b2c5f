"""A campaign before, during and after: which days are compared, and numbers that are those of the rollups."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.journey import load_journey
from metrics.weeks import day_key
from reports.campaigns import Phase, _stage_of, campaigns, change, demonstrable, spans
from store.engine import open_store
from store.people.annotations import Annotation, annotate
from store.people.promises import Promise, active_promises
from store.reads.kept import Bar, counts_of
from store.reads.scorecard import day_frame
from tests.pages import example
from tests.store.people_store import fresh

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)
JOURNEY = load_journey("airline")


def of(phase: Phase | None) -> Phase:
    """A phase that must be there."""
    assert phase is not None
    return phase


def ms(*day: int) -> int:
    return round(datetime(*day, tzinfo=ZONE).timestamp() * 1000)  # type: ignore[arg-type]


def note(first=(2026, 10, 5), end=(2026, 11, 2), stage="service", kind="campaign", text="Winterzon"):
    return Annotation(kind, text, "Winter sun", "airline", ms(*first), ms(*end) if end else None, stage)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("campaigns")
    filled = fresh(folder)
    example.fill(filled, weeks=26)
    filled.dispose()
    opened = open_store(f"sqlite:///{folder}/store.db", writer=True)
    for one in (
        note(),
        note(stage="", text="Hele reis"),
        note(end=None),
        note(kind="outage"),
        note((2026, 12, 7), (2026, 12, 21)),
    ):
        annotate(opened, one, "Anna", ms(2026, 9, 1))
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def found(engine):
    return campaigns(engine, JOURNEY, ZONE, NOW)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-12-31", ("2026-09-07 2026-10-04", "2026-10-05 2026-11-01", "2026-11-02 2026-11-29")),
        ("2026-11-23", ("2026-09-07 2026-10-04", "2026-10-05 2026-11-01", "2026-11-02 2026-11-22")),
        ("2026-11-06", ("2026-09-07 2026-10-04", "2026-10-05 2026-11-01", "2026-11-02 2026-11-05")),
        ("2026-10-22", ("2026-09-07 2026-10-04", "2026-10-05 2026-10-18", None)),
        ("2026-10-05", ("2026-09-07 2026-10-04", None, None)),
        ("2026-10-01", ("2026-09-03 2026-09-30", None, None)),
    ],
)
def test_the_same_days_of_the_week_are_compared_and_today_never_counts(today, expected):
    given = spans(note(), ZONE, date.fromisoformat(today))
    assert tuple(span and " ".join(day.isoformat() for day in span) for span in given) == expected


def test_a_campaign_of_months_is_compared_over_twelve_weeks_and_one_over_the_clock_change_has_whole_days():
    long = spans(note((2026, 1, 5), (2026, 7, 6)), ZONE, date(2026, 12, 1))
    assert [(b - a).days + 1 for a, b in (span for span in long if span)] == [84, 182, 84]
    assert spans(note((2026, 10, 24), (2026, 10, 26)), ZONE, date(2026, 12, 1))[1] == (date(2026, 10, 24), date(2026, 10, 25))


def test_only_campaigns_with_an_end_count_newest_first(found):
    assert [one.note.text_nl for one in found] == ["Winterzon", "Hele reis", "Winterzon", "Altijd bereikbaar"]
    assert [one.note.from_at for one in found[1:3]] == [ms(2026, 10, 5)] * 2
    assert found[0].during is None and found[0].after is None and found[0].before is not None  # still to come


def test_contacts_and_broken_are_those_of_the_rollups(found, engine):
    one = next(c for c in found if c.stage == "service" and c.during)
    frame = day_frame(engine, "airline", 20261005, 20261101)
    asked = frame[(frame["stage"] == "service") & (frame["metric"] == "contacts")]["n"].sum()
    assert of(one.during).asked == asked > 0 and of(one.during).contacts.value == pytest.approx(asked / 4)
    hard = [p for p in active_promises(engine, "airline", ms(2026, 10, 6)) if p.stage == "service" and p.threshold]
    cells = [Bar(p.code, p.metric, p.stage, p.channel, "", 0) for p in hard]
    counts = [counts_of(engine, "airline", cell, 20261005, 20261101) for cell in cells]
    assert of(one.during).cases == sum(sum(c.values()) for c in counts) > 0
    assert 0 <= of(one.during).broken.low <= of(one.during).broken.value <= of(one.during).broken.high <= 1


def test_each_day_is_held_to_the_bar_of_that_day(found, engine):
    """The example's promise was sharpened from a day to four hours: more of the same cases break."""
    versions = [p for p in example.promises() if p.stage == "service" and p.kind == "hard"]
    at = min(p.valid_from for p in versions if p.valid_from > ms(2026, 8, 1))
    first = datetime.fromtimestamp(at / 1000, ZONE)
    sharp = replace(note(), from_at=at, to_at=round((first + timedelta(days=28)).timestamp() * 1000))
    annotate(engine, replace(sharp, text_nl="Scherper"), "Anna", ms(2026, 9, 1))
    one = next(c for c in campaigns(engine, JOURNEY, ZONE, NOW) if c.note.text_nl == "Scherper")
    by = change(one.before, one.during, "broken")
    assert by is not None and by.value > 0 and demonstrable(by)
    first, second = of(one.before).expected, of(one.during).expected
    assert first is not None and second is not None and second.value > first.value


def test_the_gap_is_experience_less_expectation_and_a_whole_journey_has_none(found):
    one = next(c for c in found if c.stage == "service" and c.during)
    during = of(one.during)
    assert during.gap is not None and during.expected is not None
    assert during.gap.value == pytest.approx(during.mark.value - during.expected.value)
    whole = next(c for c in found if c.note.text_nl == "Hele reis")
    assert whole.stage == "" and of(whole.during).expected is None and of(whole.during).gap is None
    assert of(whole.during).n > of(one.during).n


def test_a_change_needs_evidence_on_both_sides(found):
    coming, past = found[0], next(c for c in found if c.during)
    assert change(coming.before, coming.during, "mark") is None and not demonstrable(None)
    few = replace(of(past.before), status="too_few")
    assert change(few, past.during, "mark") is None and change(few, past.during, "contacts") is not None
    empty = replace(of(past.before), broken=replace(of(past.before).broken, value=math.nan))
    assert change(empty, past.during, "broken") is None


def test_a_campaign_of_all_stages_takes_the_stage_of_the_promises_it_names():
    chat = Promise(stage="service", campaign_nl="Winterzon", kind="soft")
    assert _stage_of(note(stage=""), [chat]) == "service"
    assert _stage_of(note(stage=""), [chat, replace(chat, stage="book", campaign_nl="", campaign_en="Winter sun")]) == ""
    assert _stage_of(note(stage="", text="Iets anders"), [chat]) == ""


def test_a_phase_without_anything_is_no_number(engine):
    quiet = note((2026, 1, 5), (2026, 1, 12))
    annotate(engine, replace(quiet, text_nl="Stil"), "Anna", ms(2026, 1, 1))
    one = next(c for c in campaigns(engine, JOURNEY, ZONE, NOW) if c.note.text_nl == "Stil")
    assert of(one.during).status == "too_few" and of(one.during).n == 0 and of(one.during).cases == 0
    assert day_key(of(one.during).first) == 20260105 and math.isnan(of(one.during).broken.value)
