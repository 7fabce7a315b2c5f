"""The weekly mail's plan: its moments in the company's own time, each asked for once, a missed one caught up once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from store.corridor.jobs import jobs
from store.people.audit import entries
from store.people.errors import Refused
from store.people.mailing import Mailing, check, mailing, plan_due, planned_before, set_mailing

ZONE = ZoneInfo("Europe/Amsterdam")
PLAN = Mailing(True, 1, 8, ("anna@example.nl", "bram@example.nl"), "nl")


def at(*moment):
    return datetime(*moment, tzinfo=ZONE)


def ms(*moment):
    return round(at(*moment).timestamp() * 1000)


@pytest.mark.parametrize(
    ("now", "planned"),
    [
        ((2026, 11, 23, 8, 0), (2026, 11, 23, 8)),
        ((2026, 11, 23, 7, 59), (2026, 11, 16, 8)),
        ((2026, 11, 29, 23, 59), (2026, 11, 23, 8)),
        ((2026, 10, 26, 8, 0), (2026, 10, 26, 8)),  # the Monday after the clock went back
        ((2026, 3, 30, 8, 0), (2026, 3, 30, 8)),  # and after it went forward
    ],
)
def test_the_newest_planned_moment_is_the_companys_own_hour(now, planned):
    assert planned_before(PLAN, at(*now)) == ms(*planned)


def test_nothing_of_before_the_plan_is_sent(engine):
    set_mailing(engine, PLAN, "Sanne", ZONE, ms(2026, 11, 25, 12))
    assert mailing(engine) == PLAN
    assert plan_due(engine, ZONE, ms(2026, 11, 25, 12, 1)) is None
    assert plan_due(engine, ZONE, ms(2026, 11, 30, 7, 59)) is None and jobs(engine) == []


def test_each_moment_is_asked_for_once(engine):
    set_mailing(engine, PLAN, "Sanne", ZONE, ms(2026, 11, 25, 12))
    assert plan_due(engine, ZONE, ms(2026, 11, 30, 8)) is not None
    assert plan_due(engine, ZONE, ms(2026, 11, 30, 8)) is None and plan_due(engine, ZONE, ms(2026, 12, 6, 20)) is None
    (job,) = jobs(engine)
    moment = ms(2026, 11, 30, 8)
    assert (job.kind, job.arguments["week"], job.arguments["to"]) == ("report", 202648, list(PLAN.to))
    assert job.arguments["key"] == f"week-202648-nl-{moment}" and job.arguments["language"] == "nl"


def test_of_three_missed_weeks_the_newest_is_caught_up_once(engine):
    set_mailing(engine, PLAN, "Sanne", ZONE, ms(2026, 11, 2, 12))
    assert plan_due(engine, ZONE, ms(2026, 11, 25, 3)) is not None
    assert plan_due(engine, ZONE, ms(2026, 11, 25, 4)) is None
    assert [job.arguments["week"] for job in jobs(engine)] == [202647]


def test_a_plan_that_is_off_asks_for_nothing(engine):
    set_mailing(engine, replace(PLAN, on=False), "Sanne", ZONE, ms(2026, 11, 2, 12))
    assert plan_due(engine, ZONE, ms(2026, 11, 25, 3)) is None
    assert mailing(engine).on is False


def test_who_planned_is_kept_and_no_address_with_it(engine):
    set_mailing(engine, PLAN, "Sanne", ZONE, ms(2026, 11, 2, 12))
    (row,) = entries(engine)
    assert row.who == "Sanne" and '"recipients": 2' in row.detail and "@" not in row.detail


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": ("anna",)},
        {"to": ("anna@example.nl\nBcc: x@y.nl",)},
        {"to": ()},
        {"to": tuple(f"a{i}@b.nl" for i in range(51))},
        {"day": 8},
        {"hour": 24},
        {"language": "fr"},
    ],
)
def test_what_cannot_be_carried_out_is_refused_and_changes_nothing(engine, wrong):
    with pytest.raises(Refused):
        check(replace(PLAN, **wrong))
    with pytest.raises(Refused):
        set_mailing(engine, replace(PLAN, **wrong), "Sanne", ZONE, 1)
    assert mailing(engine) == Mailing() and entries(engine) == []
