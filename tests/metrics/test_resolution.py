"""Resolution seen from what customers do next."""

from __future__ import annotations

import pytest

from metrics.contacts import DAY, Contact
from metrics.resolution import first_contact_resolution, net_resolution, repeat_share, transfer_share


def contact(customer: str = "a", days: float = 0.0, **more: object) -> Contact:
    return Contact(**{"customer": customer, "topic": "bag", "at": days * DAY} | more)  # pyright: ignore


def test_resolution_and_repeats_are_two_sides_of_one() -> None:
    made = [(contact(),), (contact("b"),), (contact("c"), contact("c", 3)), (contact("d", resolvable=False), contact("d", 1))]
    assert first_contact_resolution(made).value == 0.5
    assert repeat_share(made).value == 0.5
    assert net_resolution(made).value == pytest.approx(2 / 3)
    passed_on = [(contact(departments=("service", "billing")),), (contact(departments=("service",)),)]
    assert transfer_share(passed_on).value == 0.5
