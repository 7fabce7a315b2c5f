"""Contacts joined into mature cases."""

from __future__ import annotations

from metrics.contacts import DAY, Contact, cases


def contact(customer: str = "a", days: float = 0.0, **more: object) -> Contact:
    return Contact(**{"customer": customer, "topic": "bag", "at": days * DAY} | more)  # pyright: ignore


def test_a_case_is_one_customer_and_topic_within_seven_days_whatever_the_channel() -> None:
    log = [
        contact(days=0, channel="phone"),
        contact(days=6, channel="chat"),
        contact(days=14),
        contact("b", 1),
        contact(days=2, topic="bill"),
    ]
    joined = cases(log, now=40 * DAY)
    assert sorted(len(case) for case in joined) == [1, 1, 1, 2]


def test_cases_count_when_they_can_no_longer_come_back() -> None:
    log = [contact("old", 0), contact("young", 5)]
    assert [case[0].customer for case in cases(log, now=8 * DAY)] == ["old"]
    assert cases(log, now=6 * DAY) == []
