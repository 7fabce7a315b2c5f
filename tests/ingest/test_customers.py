"""Customers' paths: who they are, whose journey broke, which questions were sent around; conversations are no repeats."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.language import texts
from connectors.base import Reading
from ingest.customers import DAY_MS, contacts, path_marks, refresh_customers, told
from ingest.opening import now_ms
from reports.customers import sentence
from store.reads.customers import Heard, heard_between, kept_customers
from store.rows import Batch
from store.writes import save

from .conftest import event

STAGES = ("book", "service")
NOW = 100 * DAY_MS


def heard(customer, days_ago, theme="bag", case="", **more):
    return Heard(customer, case, theme, NOW - round(days_ago * DAY_MS), "chat", **more)


def test_a_journey_broke_when_one_of_two_stages_fell_below_five_and_a_half():
    known = [
        heard("a", 9, marks=[("book", 8.0), ("service", 4.0)]),
        heard("b", 9, marks=[("book", 8.0)]),
        heard("b", 8, marks=[("service", 4.0), ("service", 8.0)]),
        heard("c", 8, marks=[("service", 3.0)]),
    ]
    found = told(known, STAGES, NOW)
    assert (found["customers"], found["paths"], found["broke"][0]) == (3, 2, 0.5)
    assert path_marks(known, STAGES)[1].tolist() == [8.0, 6.0]


def test_a_question_is_sent_around_by_two_hops_within_a_week_of_each_other():
    around = [heard("a", 20), heard("a", 19), heard("a", 18)]
    passed = [heard("b", 20, transferred=True), heard("b", 19)]
    once = [heard("c", 20), heard("c", 19)]
    apart = [heard("d", 26, theme="bag"), heard("d", 25, theme="refund"), heard("d", 12, theme="bag")]
    found = told([*around, *passed, *once, *apart], STAGES, NOW)
    assert found["questions"] == 6 and found["around"][0] == pytest.approx(2 / 6)


def test_messages_of_one_conversation_and_contacts_without_a_theme_are_no_repeats():
    talk = [heard("a", 20 - i / 100, case="k1") for i in range(5)]
    silent = [heard("b", 20, theme=""), heard("b", 19, theme=""), heard("b", 18, theme="")]
    assert len(contacts(talk)) == 1 and len(contacts(silent)) == 3
    found = told([*talk, *silent], STAGES, NOW)
    assert (found["questions"], found["around"][0]) == (4, 0.0)


def test_what_is_younger_than_a_week_may_still_come_back_and_does_not_count():
    found = told([heard("a", 3), heard("a", 2), heard("a", 1)], STAGES, NOW)
    assert (found["questions"], found["around"], found["broke"]) == (0, None, None)


def test_it_is_computed_from_the_store_and_replaced(any_place):
    at = datetime.now(UTC) - timedelta(days=10)
    events = []
    for i in range(6):
        for n, (stage, mark) in enumerate((("book", 8), ("service", 3 if i < 2 else 8))):
            readings = [Reading("csat10", mark)]
            events.append(event(f"{i}.{n}", "", at + timedelta(hours=n), author=f"k{i}", stage=stage, readings=readings))
    events.append(event("anonymous", "Prima", at))
    rows, refused = any_place.pipeline("post").prepare(events, now_ms())
    assert refused == []
    save(any_place.engine, Batch("post", rows), now_ms=now_ms(), zone=any_place.zone)
    assert len(heard_between(any_place.engine, "airline", 0, now_ms())) == 12
    assert len(heard_between(any_place.engine, "airline", 0, now_ms(), at_most=5)) == 5
    assert {one.stage for one in heard_between(any_place.engine, "airline", 0, now_ms())} == {"book", "service"}
    assert kept_customers(any_place.engine) == (0, {})
    for _ in range(2):
        assert refresh_customers(any_place.engine, now_ms())
    as_of, data = kept_customers(any_place.engine)
    assert as_of and (data["customers"], data["paths"]) == (6, 6) and data["broke"][0] == pytest.approx(2 / 6)
    assert sentence(data, "airline", texts("nl")).startswith("6 klanten in 28 dagen; bij 33%")


def test_nothing_is_said_of_fewer_than_five_customers_or_of_another_journey():
    data = {
        "journey": "airline",
        "customers": 4,
        "days": 28,
        "paths": 4,
        "broke": [0.5, 0.1, 0.9],
        "questions": 0,
        "around": None,
    }
    assert sentence(data, "airline", texts("en")) == "" and sentence({}, "airline", texts("en")) == ""
    assert sentence({**data, "customers": 50}, "shop", texts("en")) == ""
    assert sentence({**data, "customers": 50}, "airline", texts("en")) == "50 customers in 28 days."
    few = {**data, "customers": 50, "questions": 4000, "around": [0.0004, 0.0001, 0.001]}
    assert "0.0% [0.0–0.1] of the questions" in sentence(few, "airline", texts("en"))


def test_what_it_took_is_told_per_stage_in_which_the_question_began():
    known = [heard(f"c{i}", 20, stage="service") for i in range(12)]
    known += [Heard("c0", "", "bag", NOW - 18 * DAY_MS, "phone", "loyalty"), heard("c1", 19, stage="service", transferred=True)]
    known += [heard(f"few{i}", 20, stage="book") for i in range(9)]
    found = told(known, STAGES, NOW)["stages"]
    assert set(found) == {"service"}, "nine cases say nothing yet"
    service = found["service"]
    assert (
        service["cases"] == 12 and service["again"][0] == pytest.approx(2 / 12) and service["passed"][0] == pytest.approx(1 / 12)
    )
    # c0 came back by another channel (1 + 1.5), c1 came back and was passed on (1 + 1)
    assert service["steps"][0] == pytest.approx((2.5 + 2) / 12) and 0 <= service["steps"][1] < service["steps"][0]
