"""From pillar to post: hops, loops and hand-overs."""

from __future__ import annotations

import pytest

from metrics.contacts import DAY, Contact
from metrics.wall_to_wall import hops, wall_to_wall


def contact(customer: str = "a", days: float = 0.0, **more: object) -> Contact:
    return Contact(**{"customer": customer, "topic": "bag", "at": days * DAY} | more)  # pyright: ignore


@pytest.mark.parametrize(
    ("case", "count"),
    [
        ((contact(),), 0),
        ((contact(departments=("a", "b", "c")),), 2),
        ((contact(), contact(days=1), contact(days=2)), 2),
        ((contact(bot_failed=True, departments=("a", "b")),), 2),
    ],
)
def test_hops(case: tuple[Contact, ...], count: int) -> None:
    assert hops(case) == count


def test_from_pillar_to_post() -> None:
    around = (contact(departments=("service", "billing")), contact(days=1, departments=("billing", "service", "depot")))
    straight = (contact("b", departments=("service",)),)
    found = wall_to_wall([around, straight])
    assert found.index.value == 0.5
    assert found.mean_hops == 2
    assert found.loops.value == 0.5
    assert found.longest == ("service", "billing", "service", "depot")
    assert found.moves == {("service", "billing"): 1, ("billing", "service"): 1, ("service", "depot"): 1}


def test_without_cases_there_is_no_index() -> None:
    with pytest.raises(ValueError, match="seven days"):
        wall_to_wall([])
