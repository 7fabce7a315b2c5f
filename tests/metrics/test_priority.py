"""Priority: a leading group with intervals, refused when there is too little to go by."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.intervals import Interval
from metrics.priority import TooFewCustomers, leading_group, leads, needed_customers, other_orders, quadrant, rank, week_to_week


def respondents(n: int = 800, seed: int = 1, rho: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = 7 + 1.5 * (np.sqrt(rho) * rng.normal(size=(n, 1)) + np.sqrt(1 - rho) * rng.normal(size=(n, 4)))
    return x, x @ [0.45, 0.15, 0.15, 0.0] + rng.normal(0, 1, n)


ROOM = [0.8, 0.8, 0.2, 0.8]


def test_the_largest_jump_comes_first() -> None:
    found = rank(*respondents(), ROOM, draws=300)
    assert found.order[0] == 0
    assert found.leading == (0,)
    assert found.gain == pytest.approx([0.36, 0.12, 0.03, 0.0], abs=0.06)
    assert leads(found, 0)
    assert not leads(found, 3)


def test_the_interval_holds_the_gain_and_the_same_seed_gives_the_same() -> None:
    one, two = (rank(*respondents(), ROOM, draws=200, seed=5) for _ in range(2))
    assert (one.low <= one.gain + 1e-9).all() and (one.gain <= one.high + 1e-9).all()
    assert one.low.tolist() == two.low.tolist()


def test_a_near_tie_is_a_group_and_not_a_winner() -> None:
    rng = np.random.default_rng(3)
    x = 7 + rng.normal(size=(200, 3))
    y = x @ [0.3, 0.3, 0.0] + rng.normal(0, 1, 200)
    assert set(rank(x, y, [1, 1, 1], draws=300).leading) >= {0, 1}


def test_a_stage_with_room_but_without_effect_does_not_lead() -> None:
    found = rank(*respondents(), [0.0, 0.0, 0.0, 2.0], draws=200)
    assert not leads(found, 3)


def test_importance_is_a_share_and_chance_is_told_apart() -> None:
    found = rank(*respondents(rho=0.0), ROOM, draws=400)
    assert found.importance.sum() == pytest.approx(1)
    assert found.counts[0]
    assert not found.counts[3]


@pytest.mark.parametrize(("n", "stages"), [(99, 4), (139, 7)])
def test_too_few_customers_are_refused_with_the_number_needed(n: int, stages: int) -> None:
    with pytest.raises(TooFewCustomers, match=str(needed_customers(stages))) as caught:
        rank(np.zeros((n, stages)), np.zeros(n), np.ones(stages))
    assert (caught.value.n, caught.value.needed) == (n, needed_customers(stages))


def test_stages_that_few_visit_bring_less() -> None:
    x, y = respondents(2000)
    gaps = x.copy()
    gaps[np.random.default_rng(1).random(2000) < 0.7, 0] = np.nan
    assert rank(gaps, y, ROOM, draws=50).gain[0] < 0.5 * rank(x, y, ROOM, draws=50).gain[0]


def test_the_leading_group_holds_those_not_surely_behind() -> None:
    rng = np.random.default_rng(2)
    drawn = np.column_stack([rng.normal(1.0, 0.1, 2000), rng.normal(0.9, 0.1, 2000), rng.normal(0.2, 0.1, 2000)])
    assert leading_group(drawn, 0) == (0, 1)


def test_other_rules_are_printed_beside() -> None:
    x, y = respondents()
    orders = other_orders(x, y, [8.0, 6.0, 7.0, 7.5], [0.1, -0.5, -0.2, -2.0], [10, 20, 500, 30])
    assert orders["lowest"][0] == 1
    assert orders["loudest"][0] == 2
    assert orders["correlation"][0] == 3, "halo makes an effectless stage look important"
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders.values())


@pytest.mark.parametrize(
    ("importance", "gap", "name", "hollow"),
    [
        (0.4, Interval(-0.5, -0.9, -0.1), "improve", False),
        (0.4, Interval(0.5, -0.1, 0.9), "keep", True),
        (0.1, Interval(-0.5, -0.9, 0.1), "lower_or_leave", True),
        (0.1, Interval(0.5, 0.1, 0.9), "too_much", False),
    ],
)
def test_the_quadrant(importance: float, gap: Interval, name: str, hollow: bool) -> None:
    assert quadrant(importance, 5, gap) == (name, hollow)


def test_the_best_stage_is_found_more_often_than_by_correlation() -> None:
    rng, wins = np.random.default_rng(4), np.zeros(2)
    for _ in range(60):
        slope, gap = rng.exponential(0.15, 6), rng.uniform(0.2, 1.5, 6)
        x = 7 + 1.5 * (np.sqrt(0.75) * rng.normal(size=(800, 1)) + 0.5 * rng.normal(size=(800, 6)))
        signal = x @ slope
        y = signal + rng.normal(0, signal.std(), 800)
        best = int((slope * gap).argmax())
        ours = rank(x, y, gap, draws=10).order[0]
        theirs = other_orders(x, y, 8 - gap, -gap, np.ones(6).tolist())["correlation"][0]
        wins += [ours == best, theirs == best]
    assert wins[0] / 60 >= 0.7
    assert wins[0] >= wins[1] + 6


def test_weeks_without_customers_are_compared_by_their_changes() -> None:
    t = np.arange(150.0)
    rng = np.random.default_rng(6)
    marks = np.column_stack([7 + 0.01 * t + rng.normal(0, 0.3, 150), 6 + 0.01 * t + rng.normal(0, 0.3, 150)])
    goal = 30 + 0.05 * t + 4 * marks[:, 0] + rng.normal(0, 0.5, 150)
    changes, jumps = week_to_week(marks, goal)
    assert changes.shape == (149, 2) and jumps.shape == (149,)
    found = rank(changes, jumps, [1.0, 1.0], draws=200)
    assert found.order[0] == 0
    assert not leads(found, 1), "a shared trend over the year is no connection"
