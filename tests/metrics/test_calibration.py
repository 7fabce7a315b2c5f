"""Calibration: knots from customers who were measured and gave a mark."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.calibration import calibrate, link_sentiment
from metrics.knots import Knots, default_knots

WAIT = default_knots().of("wait", "phone")


def pairs(n: int = 1500, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Customers twice as patient as the knots assume."""
    rng = np.random.default_rng(seed)
    wait = rng.uniform(0, 900, n)
    patient = Knots("wait", (0, 60, 240, 480, 720), (10, 8, 5.5, 3, 1))
    return wait, np.clip(patient.mark(wait) + rng.normal(0, 0.8, n), 1, 10)


def test_new_knots_lie_where_customers_put_them() -> None:
    found = calibrate(*pairs(), WAIT)
    assert found.accepted
    assert found.error_after < found.error_before
    assert found.knots.inverse(5.5) == pytest.approx(240, rel=0.15)
    assert found.knots.inverse(3) == pytest.approx(480, rel=0.15)
    assert (found.knots.basis, found.knots.version) == ("calibrated", WAIT.version + 1)


def test_knots_that_are_right_already_stay() -> None:
    rng = np.random.default_rng(2)
    wait = rng.uniform(0, 400, 800)
    found = calibrate(wait, np.clip(WAIT.mark(wait) + rng.normal(0, 1, 800), 1, 10), WAIT)
    assert not found.accepted
    assert found.knots is WAIT


def test_without_a_crossing_of_eight_and_pass_the_knots_stay_and_say_which() -> None:
    rng = np.random.default_rng(3)
    wait = rng.uniform(0, 100, 400)
    happy = np.clip(8.5 - wait / 100 + rng.normal(0, 0.3, 400), 1, 10)
    found = calibrate(wait, happy, WAIT)
    assert not found.accepted and found.missing == (5.5,)


def test_a_mean_of_three_is_not_needed_and_ends_that_customers_reached_take_their_mark() -> None:
    rng = np.random.default_rng(5)
    tone = rng.uniform(-1, 1, 3000)
    mark = np.clip(6.8 + 2.0 * tone + rng.normal(0, 0.8, 3000), 1, 10)
    line = default_knots().of("sentiment")
    found = calibrate(tone, mark, line)
    assert found.accepted and found.missing == () and 3.0 not in found.knots.y
    assert found.error_after < 1.0 < 1.4 < found.error_before
    assert found.knots.mark(-1.0) == pytest.approx(4.8, abs=0.3) and found.knots.mark(1.0) == pytest.approx(8.8, abs=0.3)
    assert found.knots.inverse(5.5) == pytest.approx(-0.65, abs=0.1) and found.knots.inverse(8) == pytest.approx(0.6, abs=0.1)


def test_an_end_beyond_what_was_measured_stays() -> None:
    wait, mark = pairs()
    inside = wait < 800
    found = calibrate(wait[inside], mark[inside], Knots("wait", (0, 30, 120, 240, 2000), (10, 8, 5.5, 3, 1)))
    assert found.accepted and (found.knots.x[-1], found.knots.y[-1]) == (2000, 1)


def test_rising_lines_are_calibrated_too() -> None:
    rng = np.random.default_rng(4)
    effortless = rng.uniform(1, 7, 1200)
    mark = np.clip(1 + 9 * ((effortless - 1) / 6) ** 2 + rng.normal(0, 0.5, 1200), 1, 10)
    found = calibrate(effortless, mark, default_knots().of("ces"))
    assert found.accepted
    assert found.knots.rising
    assert found.knots.inverse(5.5) == pytest.approx(1 + 6 * 0.5**0.5, abs=0.25)


@pytest.mark.parametrize(("n", "m"), [(199, 199), (300, 299)])
def test_two_hundred_pairs_are_needed(n: int, m: int) -> None:
    with pytest.raises(ValueError, match="200"):
        calibrate(np.ones(n), np.ones(m), WAIT)


def test_sentiment_is_linked_by_mean_and_spread_alone() -> None:
    rng = np.random.default_rng(5)
    c, csat = rng.uniform(-1, 1, 500), rng.normal(7, 1.5, 500)
    a, b = link_sentiment(c, csat)
    linked = a + b * c
    assert linked.mean() == pytest.approx(csat.mean())
    assert linked.std() == pytest.approx(csat.std())


@pytest.mark.parametrize("compound", [[], [0.2], [0.3, 0.3, 0.3]])
def test_sentiment_without_spread_cannot_be_linked(compound: list[float]) -> None:
    with pytest.raises(ValueError, match="without spread"):
        link_sentiment(compound, [7.0] * max(1, len(compound)))
