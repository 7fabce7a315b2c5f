"""Service level by treatment, abandonment, Apdex."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.marks import mark_of
from metrics.service_level import TREATMENTS, Calls, abandonment, apdex, service_level

PARTS = st.tuples(*[st.integers(0, 500)] * 5)


def calls_of(parts: tuple[int, ...]) -> Calls:
    in_time, late, short, abandoned_in_time, abandoned_late = parts
    return Calls(
        answered=in_time + late + 1,
        abandoned=short + abandoned_in_time + abandoned_late,
        answered_in_time=in_time,
        abandoned_in_time=short + abandoned_in_time,
        abandoned_short=short,
    )


@given(PARTS)
def test_every_treatment_is_a_share_and_ours_is_the_strictest_on_offered_calls(parts: tuple[int, ...]) -> None:
    calls = calls_of(parts)
    levels = {name: service_level(calls, name).value for name in TREATMENTS}
    assert all(0 <= level <= 1 + 1e-12 for level in levels.values())
    assert levels["offered"] == pytest.approx(min(levels.values()))
    assert service_level(calls).value == levels["offered"]


def test_an_unknown_treatment_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"rosy.*answered_only"):
        service_level(Calls(10, 1, 9), "rosy")


def test_intervals_are_summed_and_never_averaged() -> None:
    """Rule R1: 1 of 1 at night and 50 of 100 by day is 50.5%, not 75%."""
    night, day = Calls(1, 0, 1), Calls(100, 0, 50)
    both = Calls(night.answered + day.answered, 0, night.answered_in_time + day.answered_in_time)
    assert service_level(both).value == pytest.approx(51 / 101)


def test_abandonment_with_and_without_the_short_ones() -> None:
    calls = Calls(90, 10, 80, 5, 4)
    assert abandonment(calls).value == pytest.approx(0.10)
    assert abandonment(calls, without_short=True).value == pytest.approx(6 / 96)
    assert abandonment(calls).low < 0.10 < abandonment(calls).high


def test_apdex_zones_are_the_marks_of_a_wait() -> None:
    assert apdex(1, 0, 0) == 1 and apdex(0, 0, 1) == 0
    assert mark_of("wait", 30, channel="phone") == 8
    assert mark_of("wait", 120, channel="phone") == 5.5
