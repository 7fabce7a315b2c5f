"""Evidence: what may be shown, as what, and what it still takes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.evidence import INDICATIVE, SOLID, TOO_FEW, n_min, needed_n, rounded, status
from metrics.intervals import Z99, bounded_mean_of, wilson


@pytest.mark.parametrize(
    ("n", "half", "own", "expected"),
    [
        (30, 0.75, 30, SOLID),
        (29.9, 0.75, 30, INDICATIVE),
        (30, 0.76, 30, INDICATIVE),
        (5000, 0.1, 0, INDICATIVE),
        (5000, 0.1, 29, INDICATIVE),
        (10, 1.5, 0, INDICATIVE),
        (9.9, 0.2, 9, TOO_FEW),
        (500, 1.51, 500, TOO_FEW),
        (0, math.inf, 0, TOO_FEW),
    ],
)
def test_status(n: float, half: float, own: float, expected: str) -> None:
    assert status(n, half, own) == expected


def test_status_of_arrays_is_that_of_each() -> None:
    found = status(np.array([40, 12, 3]), np.array([0.5, 1.2, 0.1]), np.array([40, 12, 3]))
    assert found.tolist() == [SOLID, INDICATIVE, TOO_FEW]


def test_a_number_is_shown_as_finely_as_its_evidence() -> None:
    assert rounded(7.249, SOLID) == 7.2
    assert rounded(7.25, INDICATIVE) == 7.5
    assert rounded(7.24, INDICATIVE) == 7.0
    assert rounded(7.24, TOO_FEW) is None


@given(st.floats(1, 10), st.floats(0, 4.5))
def test_the_number_needed_is_just_enough(mean: float, sd: float) -> None:
    n = needed_n(mean, sd)
    assert n >= 10
    assert bounded_mean_of(mean, sd**2, n).half <= 1.5
    assert n == 10 or bounded_mean_of(mean, sd**2, n - 1).half > 1.5


def test_an_unknown_spread_is_taken_for_wide() -> None:
    assert needed_n(math.nan, math.nan) == needed_n(5.5, 2.5)


@pytest.mark.parametrize(
    ("pi", "month", "day"), [(0.80, 16, 27), (0.90, 35, 60), (0.95, 73, 127), (0.98, 189, 326), (0.99, 381, 657)]
)
def test_how_many_cases_a_promise_needs(pi: float, month: int, day: int) -> None:
    assert n_min(pi) == month
    assert n_min(pi, Z99) == day


@given(st.floats(0.5, 0.995))
def test_with_that_many_a_perfect_score_is_proof_and_with_fewer_it_is_not(pi: float) -> None:
    n = n_min(pi)
    assert wilson(n, n).low >= pi - 1e-9
    assert n == 1 or wilson(n - 1, n - 1).low < pi


@pytest.mark.parametrize("pi", [0, 1, 1.2, -0.1])
def test_a_promise_of_everything_or_nothing_is_refused(pi: float) -> None:
    with pytest.raises(ValueError, match="pi"):
        n_min(pi)
