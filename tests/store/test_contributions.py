from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.contributions import NOTHING, Contribution, Value, alone, of_case, of_themes

MARKS = st.floats(1, 10)
SCALES = st.floats(0, 1_000)
VALUES = st.floats(-1e6, 1e6)
CASES = st.lists(
    st.builds(Value, st.integers(0, 3), st.integers(-1, 2), st.integers(), SCALES, SCALES, st.none() | MARKS, VALUES),
    min_size=1,
    max_size=6,
    unique_by=lambda value: value.id,
)


def test_one_contact_is_one_case_of_weight_one():
    assert alone(1.0, 1.0, None, 1.0) == Contribution(1, 1_000, 1_000_000, 0, 0, 1_000)


def test_an_aggregate_counts_all_its_cases():
    assert alone(40.0, 1.0, 8.0, 12.5) == Contribution(40, 40_000, 40_000_000, 320_000, 2_560_000_000, 500_000)


def test_a_weight_weighs_each_case():
    assert alone(2.0, 0.5, 8.0, 10.0) == Contribution(2, 1_000, 500_000, 8_000, 64_000_000, 10_000)


@given(MARKS, VALUES)
def test_the_short_way_for_weight_one_is_the_long_way(mark, value):
    assert alone(1.0, 1.0, mark, value) == alone(1, 1.0 + 2**-52, mark, value)


@given(SCALES, SCALES, MARKS, VALUES)
def test_sums_are_within_half_a_unit_of_the_truth(count, weight, mark, value):
    found = alone(count, weight, mark, value)
    weights, q = Fraction(found.w), Fraction(round(1000 * mark))
    assert abs(found.w - 1000 * Fraction(count) * Fraction(weight)) <= Fraction(1, 2) + found.w * Fraction(1, 2**50)
    assert abs(found.m1 - weights * q / 1000) <= Fraction(1, 2)
    assert abs(found.m2 - weights * q * q / 1000) <= Fraction(1, 2)


@given(MARKS, st.integers(1, 50))
def test_equal_marks_never_vary(mark, n):
    one = alone(1.0, 1.0, mark, 0.0)
    w, m1, m2 = n * one.w, n * one.m1, n * one.m2
    assert Fraction(m2, w * 1000) - Fraction(m1, w) ** 2 == 0


@given(CASES, st.randoms(use_true_random=False))
def test_a_case_adds_up_to_the_same_in_every_order(values, random):
    shuffled = random.sample(values, len(values))
    before, after = of_case(values), of_case(shuffled)
    assert {v.id: c for v, c in zip(values, before, strict=True)} == {v.id: c for v, c in zip(shuffled, after, strict=True)}


@given(CASES)
def test_one_observation_carries_a_case(values):
    found = of_case(values)
    first = min(values, key=lambda v: (v.happened_at, v.bin, v.id))
    assert [c for v, c in zip(values, found, strict=True) if v is not first] == [NOTHING] * (len(values) - 1)
    assert found[values.index(first)].n == round(math.fsum(v.count for v in values) / len(values))


def test_a_case_of_one_is_the_observation_alone():
    assert of_case([Value(5, 0, 1, 3.0, 0.5, 6.1, 2.2)]) == [alone(3.0, 0.5, 6.1, 2.2)]


def test_marks_are_averaged_over_those_that_have_one():
    values = [Value(1, 0, 1, 1.0, 1.0, None, 1.0), Value(2, 0, 2, 1.0, 1.0, 4.0, 1.0), Value(3, 0, 3, 1.0, 1.0, 7.0, 1.0)]
    assert of_case(values)[0].m1 == 5_500


def test_themes_count_contacts_without_a_mark_too():
    assert of_themes([]) == of_themes([None]) == (1, 0, 0)
    assert of_themes([4.0, None, 5.0]) == (1, 1, 4_500)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ((-1.0, 1.0, None, 0.0), "found count -1.0"),
        ((1.0, math.inf, None, 0.0), "weight inf"),
        ((math.nan, 1.0, None, 0.0), "found count nan"),
        ((1.0, 1.0, None, math.nan), "found value nan, expected a finite number"),
        ((1.0, 1.0, 10.5, 0.0), "found mark 10.5, expected 1 to 10"),
        ((1.0, 1.0, math.nan, 0.0), "found mark nan"),
        ((1.0, 1.0, None, 1e14), "expected a sum below 9e15"),
        ((1e6, 1.0, None, -1e9), "expected a sum below 9e15"),
    ],
)
def test_numbers_that_cannot_be_summed_are_refused(numbers, message):
    with pytest.raises(ValueError, match=message):
        alone(*numbers)
