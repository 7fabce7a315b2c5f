"""Damage: a shortfall weighs more where the expectation was high, and where a customer has built up little goodwill."""

from __future__ import annotations

PASS_MARK, TOP_MARK = 5.5, 10.0
GOODWILL_HALF_LIFE_MONTHS = 12.0


def damage(gap: float, expected: float, tenure_months: float | None = None) -> float:
    """The weighted shortfall in marks: 0 for a gap of 0 or more, up to 4 times the shortfall (both weights are assumptions).

    Height: 1 at an expected 5.5 or less, 2 at a 10. Goodwill: 2 for a new customer, halving its surplus every 12 months, 1 when
    tenure is unknown.

    >>> damage(-1.0, 5.5), round(damage(-1.0, 8.0), 2), round(damage(-1.0, 8.0, tenure_months=0), 2)
    (1.0, 1.56, 3.11)
    """
    height = 1 + min(1.0, max(0.0, (expected - PASS_MARK) / (TOP_MARK - PASS_MARK)))
    goodwill = 1.0 if tenure_months is None else 1 + 2 ** (-max(0.0, tenure_months) / GOODWILL_HALF_LIFE_MONTHS)
    return max(0.0, -gap) * height * goodwill
