"""Customer segments."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.segments import SEGMENTS, Customer, segments_of

DAYS = st.one_of(st.just(math.nan), st.floats(0, 2000))


@pytest.mark.parametrize(
    ("customer", "segments"),
    [
        (Customer(), ("choosing",)),
        (Customer(first_order=10), ("new",)),
        (Customer(first_order=90), ("new",)),
        (Customer(first_order=91), ("existing",)),
        (Customer(first_order=400, cancelled=10), ("left",)),
        (Customer(first_order=400, cancelled=200), ()),
        (Customer(first_order=10, last_mark=4.0), ("new", "critical")),
        (Customer(first_order=400, last_mark=5.5), ("existing",)),
        (Customer(first_order=400, complained=True), ("existing", "critical")),
        (Customer(last_mark=3.0), ("critical", "choosing")),
    ],
)
def test_who_is_what(customer: Customer, segments: tuple[str, ...]) -> None:
    assert segments_of(customer) == segments


@given(DAYS, DAYS, st.one_of(st.just(math.nan), st.floats(1, 10)), st.booleans())
def test_at_most_one_stage_of_the_relation_and_always_in_order(first: float, left: float, mark: float, complained: bool) -> None:
    found = segments_of(Customer(first, left, mark, complained))
    assert len({"new", "existing", "left", "choosing"} & set(found)) <= 1
    assert list(found) == [name for name in SEGMENTS if name in found]
