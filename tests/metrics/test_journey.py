"""The journey: mean, peak and end; its promise by the same weights; how many journeys break."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.journey import (
    break_share,
    calibrate_journey,
    journey_from_paths,
    journey_from_stages,
    journey_of,
    journey_weights,
)

NONE = math.nan
MARKS = st.lists(st.floats(1, 10), min_size=2, max_size=7)


def test_weights_are_half_mean_a_quarter_peak_a_quarter_end() -> None:
    weights = journey_weights([8, 4, 7], [8, 8, 8], [False] * 3)
    assert weights.tolist() == pytest.approx([1 / 6, 1 / 6 + 1 / 4, 1 / 6 + 1 / 4])


def test_a_moment_of_truth_counts_twice_in_the_mean() -> None:
    weights = journey_weights([8, 4, 7], [8, 8, 8], [True, False, False])
    assert weights.tolist() == pytest.approx([1 / 4, 1 / 8 + 1 / 4, 1 / 8 + 1 / 4])


def test_of_equal_peaks_the_lower_mark_is_remembered() -> None:
    weights = journey_weights([9, 7, 8], [8, 8, 8], [False] * 3)
    assert weights[1] > weights[0]


def test_stages_not_visited_stay_out() -> None:
    whole = journey_weights([8.0, 4.0], [8.0, 8.0], [False, True])
    gaps = journey_weights([8.0, NONE, 4.0, NONE], [8.0, 8.0, 8.0, 8.0], [False, True, True, False])
    assert gaps.tolist() == pytest.approx([whole[0], 0, whole[1], 0])
    assert np.isnan(journey_weights([8.0, NONE], [8, 8], [False] * 2)).all()


@given(MARKS, st.data())
def test_weights_add_up_to_one_and_j_lies_between_the_marks(marks: list[float], data: st.DataObject) -> None:
    truth = data.draw(st.lists(st.booleans(), min_size=len(marks), max_size=len(marks)))
    expected = data.draw(st.lists(st.floats(1, 10), min_size=len(marks), max_size=len(marks)))
    weights = journey_weights(marks, expected, truth)
    assert weights.sum() == pytest.approx(1)
    assert min(marks) - 1e-9 <= float(journey_of(marks, expected, truth)) <= max(marks) + 1e-9


@given(MARKS)
def test_an_even_journey_is_its_mark(marks: list[float]) -> None:
    even = [marks[0]] * len(marks)
    assert float(journey_of(even, marks, [False] * len(marks))) == pytest.approx(marks[0])


def test_many_paths_at_once_are_each_their_own() -> None:
    rng = np.random.default_rng(1)
    paths = rng.uniform(1, 10, (20, 5))
    paths[rng.random((20, 5)) < 0.3] = NONE
    expected, truth = [8, 7, NONE, 8, 8], [False, True, False, False, False]
    together = journey_of(paths, expected, truth)
    for i in range(20):
        assert together[i] == pytest.approx(float(journey_of(paths[i], expected, truth)), nan_ok=True)


def test_the_journey_of_customers() -> None:
    paths = np.array([[8.0, 7, 9], [8, 3, 6], [NONE, 7, NONE], [7, 7, 7], [9, 8, 5.4]])
    found = journey_from_paths(paths, [8, 8, 8], [False] * 3)
    assert found.n == 4, "one stage is no journey"
    assert found.paths
    assert found.low < found.value < found.high
    assert found.promise == pytest.approx(8.0)
    assert found.break_share is not None
    assert found.break_share.value == pytest.approx(0.5)
    assert found.weakest == 1
    assert found.mean > found.value, "the mean hides the low peak"


def test_nobody_with_two_stages_is_refused() -> None:
    with pytest.raises(ValueError, match="two stages"):
        journey_from_paths([[8, NONE], [NONE, 7]], [8, 8], [False, False])


def test_the_journey_of_stage_marks_says_that_it_has_no_paths() -> None:
    found = journey_from_stages([8.2, 8.0, 7.8, 8.1, 4.0], [0.01] * 5, [8, 8, 7.5, 8, 8], [False] * 4 + [True])
    assert found.value == pytest.approx(5.34, abs=0.005)
    assert not found.paths
    assert found.break_share is None
    assert (found.weakest, found.weakest_mark) == (4, 4.0)
    assert found.low < found.value < found.high
    assert found.high - found.low < 0.6


def test_its_interval_widens_with_the_stages_noise_and_is_the_same_each_time() -> None:
    def width(v: float) -> float:
        found = journey_from_stages([8, 7, 6], [v] * 3, [8, 8, 8], [False] * 3)
        return found.high - found.low

    assert width(0.25) > 2 * width(0.01)
    assert width(0.25) == width(0.25)


def test_a_stage_without_a_mark_is_left_out_and_one_alone_refused() -> None:
    found = journey_from_stages([8, NONE, 6], [0.1, NONE, 0.1], [8, 8, 8], [False] * 3)
    assert found.n == 2
    with pytest.raises(ValueError, match="at least 2"):
        journey_from_stages([8, NONE], [0.1, NONE], [8, 8], [False] * 2)


def test_the_promise_rests_on_the_stages_that_have_one() -> None:
    found = journey_from_stages([8, 7, 6], [0.1] * 3, [NONE, 8.5, NONE], [False] * 3)
    assert found.promise == pytest.approx(8.5)
    none = journey_from_stages([8, 7, 6], [0.1] * 3, [NONE] * 3, [False] * 3)
    assert math.isnan(none.promise)


def test_break_share_counts_customers_with_any_insufficient_stage() -> None:
    shown = break_share([[8, 5.4], [5.5, 5.5], [NONE, 3], [9, NONE]])
    assert shown.value == 0.5


def test_calibration_finds_what_customers_weigh() -> None:
    rng = np.random.default_rng(2)
    parts = rng.uniform(3, 10, (600, 3))
    found = calibrate_journey(parts, parts @ [0.2, 0.7, 0.1] + rng.normal(0, 0.3, 600))
    assert found.accepted
    assert found.weights == pytest.approx((0.2, 0.7, 0.1), abs=0.05)
    assert sum(found.weights) == pytest.approx(1)


def test_calibration_that_does_not_help_is_not_accepted() -> None:
    rng = np.random.default_rng(3)
    parts = rng.uniform(3, 10, (300, 3))
    assert not calibrate_journey(parts, parts @ [0.5, 0.25, 0.25]).accepted


def test_calibration_needs_two_hundred_customers() -> None:
    with pytest.raises(ValueError, match="200"):
        calibrate_journey(np.ones((199, 3)), np.ones(199))
