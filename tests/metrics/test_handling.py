"""Handling: sums, and nothing without calls."""

from __future__ import annotations

import math

import pytest

from metrics.handling import average_handling_time, average_speed_of_answer, mean_wait, occupancy


def test_handling_is_made_of_sums() -> None:
    assert average_handling_time(3000, 200, 400, 20) == 180
    assert average_speed_of_answer(600, 30) == 20
    assert mean_wait(900, 40) == 22.5
    assert occupancy(600, 100, 100, 200) == 0.8


@pytest.mark.parametrize(
    "value", [average_handling_time(0, 0, 0, 0), average_speed_of_answer(0, 0), mean_wait(0, 0), occupancy(0, 0, 0, 0)]
)
def test_without_calls_there_is_no_figure(value: float) -> None:
    assert math.isnan(value)
