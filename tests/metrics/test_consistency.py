"""Consistency between channels, with the noise of samples taken off."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.consistency import channel_spread, same_answer
from metrics.intervals import Interval

MARKS = np.array([8.1, 7.6, 6.0, 7.9])


def shown(half: float) -> Interval:
    return Interval(MARKS, MARKS - half, MARKS + half)


def test_real_differences_are_found_with_best_and_worst() -> None:
    found = channel_spread(shown(0.5), [0.04, 0.06, 0.09, 0.05])
    assert found.p < 1e-7
    assert (found.best, found.worst) == (0, 2)
    assert found.between.value == pytest.approx(2.1)
    assert found.between.low > 0
    assert 3 < found.mark < 5.5


def test_the_same_marks_on_little_data_are_noise() -> None:
    found = channel_spread(shown(1.8), np.array([0.04, 0.06, 0.09, 0.05]) * 12)
    assert found.tau < 0.5 < MARKS.std(ddof=1)
    assert found.p > 0.05
    assert found.between.low < 0.5


def test_equal_channels_earn_a_ten() -> None:
    even = np.full(3, 7.0)
    assert channel_spread(Interval(even, even - 1, even + 1), [0.1] * 3).mark == 10


def test_one_channel_has_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        channel_spread(Interval(MARKS[:1], MARKS[:1], MARKS[:1]), [0.1])


@pytest.mark.parametrize(("equal", "pairs", "value"), [(27, 30, 0.9), (29, 29, None), (60, 80, 0.75)])
def test_the_same_answer_needs_thirty_audited_pairs(equal: int, pairs: int, value: float | None) -> None:
    found = same_answer(equal, pairs)
    assert (found.value if found else None) == value
