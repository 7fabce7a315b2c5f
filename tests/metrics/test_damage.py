"""Damage: the same shortfall hurts more after a loud promise and with a new customer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.damage import damage


@pytest.mark.parametrize(
    ("gap", "expected", "tenure", "weighted"),
    [
        (-1, 5.5, None, 1.0),
        (-1, 10, None, 2.0),
        (-1, 3, None, 1.0),
        (-2, 5.5, None, 2.0),
        (-1, 5.5, 0, 2.0),
        (-1, 5.5, 12, 1.5),
        (0.5, 9, 0, 0.0),
    ],
)
def test_weights(gap: float, expected: float, tenure: float | None, weighted: float) -> None:
    assert damage(gap, expected, tenure) == pytest.approx(weighted)


@given(st.floats(-5, -0.01), st.floats(1, 10), st.floats(1, 10), st.floats(0, 240), st.floats(0, 240))
def test_higher_expectation_and_shorter_tenure_never_hurt_less(gap: float, e1: float, e2: float, t1: float, t2: float) -> None:
    low, high = sorted((e1, e2))
    newer, older = sorted((t1, t2))
    assert damage(gap, high, newer) >= damage(gap, low, newer) - 1e-12
    assert damage(gap, low, newer) >= damage(gap, low, older) - 1e-12
    assert -gap <= damage(gap, e1, t1) <= -4 * gap + 1e-12
