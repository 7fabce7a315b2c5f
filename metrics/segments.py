"""Customer segments: new, existing, critical, just left and still choosing; a customer can be in more than one."""

from __future__ import annotations

import math
from dataclasses import dataclass

NEW, EXISTING, CRITICAL, LEFT, CHOOSING = "new", "existing", "critical", "left", "choosing"
SEGMENTS: tuple[str, ...] = (NEW, EXISTING, CRITICAL, LEFT, CHOOSING)
NEW_DAYS, LEFT_DAYS = 90.0, 90.0
CRITICAL_MARK = 5.5


@dataclass(frozen=True, slots=True)
class Customer:
    """What is known of a customer at a moment, in days ago (NaN: never or unknown): first order, cancelled; last mark."""

    first_order: float = math.nan
    cancelled: float = math.nan
    last_mark: float = math.nan
    complained: bool = False


def segments_of(customer: Customer) -> tuple[str, ...]:
    """The segments a customer is in: one of new, existing, just left or choosing, and critical beside it.

    New is up to 90 days after the first order, left up to 90 days after cancelling (longer ago: none); critical is a last mark
    below 5.5 or a complaint; choosing is somebody who never ordered.

    >>> segments_of(Customer(first_order=30, last_mark=4)), segments_of(Customer())
    (('new', 'critical'), ('choosing',))
    """
    found = set()
    if customer.last_mark < CRITICAL_MARK or customer.complained:
        found.add(CRITICAL)
    if not math.isnan(customer.cancelled):
        found |= {LEFT} if customer.cancelled <= LEFT_DAYS else set()
    elif math.isnan(customer.first_order):
        found.add(CHOOSING)
    else:
        found.add(NEW if customer.first_order <= NEW_DAYS else EXISTING)
    return tuple(name for name in SEGMENTS if name in found)
