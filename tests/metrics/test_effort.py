"""Effort: steps too many, and the mark they earn."""

from __future__ import annotations

import pytest

from metrics.contacts import DAY, Contact
from metrics.effort import effort_index
from metrics.marks import mark_of


def contact(customer: str = "a", days: float = 0.0, **more: object) -> Contact:
    return Contact(**{"customer": customer, "topic": "bag", "at": days * DAY} | more)  # pyright: ignore


@pytest.mark.parametrize(
    ("case", "effort"),
    [
        ((contact(),), 0),
        ((contact(), contact(days=1)), 1),
        ((contact(channel="chat"), contact(days=1, channel="phone")), 2.5),
        ((contact(departments=("a", "b"), explained_again=True),), 1.5),
        ((contact(wait=120, norm=30),), 0.5),
        ((contact(wait=9999, norm=30),), 0.5),
        ((contact(wait=15, norm=30),), 0.0625),
    ],
)
def test_effort(case: tuple[Contact, ...], effort: float) -> None:
    assert effort_index(case) == pytest.approx(effort)
    mark = mark_of("effort_index", effort_index(case))
    assert mark is not None and 1 <= mark <= 10
