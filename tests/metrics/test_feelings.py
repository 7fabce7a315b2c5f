"""Frustration and delight apart: what two companies with the same mean can hide."""

from __future__ import annotations

import math

import pytest

from metrics.feelings import DELIGHTED, FRUSTRATED, feelings
from metrics.intervals import wilson
from metrics.marks import mark_of


def test_the_bounds_lie_halfway_to_either_end_and_are_where_a_feeling_outweighs_all_else():
    assert (FRUSTRATED, DELIGHTED) == (3.25, 7.75)
    assert mark_of("sentiment", -0.5) == FRUSTRATED and mark_of("sentiment", 0.5) == DELIGHTED


def test_the_same_mean_may_hide_two_camps_or_nobody():
    camps, calm = feelings(200, 5.8, 60, 60), feelings(200, 5.8, 4, 4)
    assert camps.kind == "divided" and calm.kind == "even"
    assert camps.frustrated == wilson(60, 200) and calm.delighted == wilson(4, 200)


@pytest.mark.parametrize(
    "n, mean, frustrated, delighted, kind",
    [
        (100, 3.9, 45, 5, "frustrated"),
        (100, 7.6, 5, 45, "delighted"),
        (20, 5.5, 5, 4, "even"),  # a quarter, but so few that it may be less than one in ten
        (200, 4.2, 96, 40, "frustrated"),  # two camps, of which the larger is the news
        (200, 6.8, 38, 100, "delighted"),
        (30, 4.8, 9, 5, "even"),
        (50, 5.5, 0, 0, "even"),
    ],
)
def test_what_is_said_of_the_two_shares(n, mean, frustrated, delighted, kind):
    assert feelings(n, mean, frustrated, delighted).kind == kind


def test_the_balance_is_among_the_clear_ones_only():
    assert feelings(1000, 5.5, 30, 10).balance == wilson(30, 40)
    assert math.isnan(feelings(50, 5.5, 0, 0).balance.value)


def test_too_few_and_nobody_are_no_evidence():
    nobody = feelings(0, 0.0, 0, 0)
    assert not nobody.enough and nobody.kind == "even" and math.isnan(nobody.frustrated.value)
    assert not feelings(9, 5.0, 9, 0).enough and feelings(10, 5.0, 9, 0).enough
