"""The statistic that charts follow, and the replay that checks them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.alerts import Replay, count_z, dispersion, mark_z, merge_small, replay, share_z, urgency
from metrics.ewma import chart_for


@pytest.mark.parametrize("p", [0.5, 0.8, 0.95])
def test_a_share_on_its_baseline_is_ordinary(p: float) -> None:
    rng = np.random.default_rng(2)
    z = share_z(rng.binomial(200, p, 20_000), 200, p)
    assert abs(z.mean()) < 0.12
    assert z.std() == pytest.approx(1.0, abs=0.03)


def test_uncertainty_of_the_baseline_and_dispersion_tone_it_down() -> None:
    plain = abs(float(share_z(120, 200, 0.8)))
    assert abs(float(share_z(120, 200, 0.8, v_base=0.01))) < plain
    assert abs(float(share_z(120, 200, 0.8, phi=4.0))) == pytest.approx(plain / 2)


def test_marks_and_counts() -> None:
    assert float(mark_z(6.0, 25, 7.0, 4.0)) == pytest.approx(-2.5)
    assert float(mark_z(6.0, 25, 7.0, 4.0, v_base=0.09)) == pytest.approx(-2.0)
    assert float(count_z(36, 36)) == 0
    assert float(count_z(64, 36)) == pytest.approx(4, abs=0.1)
    assert float(count_z(64, 36, phi=4)) == pytest.approx(2, abs=0.05)


def test_dispersion_is_found_and_an_incident_drawn_in() -> None:
    rng = np.random.default_rng(3)
    z = rng.normal(0, 1.5, 5000)
    assert dispersion(z) == pytest.approx(2.25, rel=0.06)
    assert dispersion(np.r_[z, [40.0] * 10]) < 2.6
    assert dispersion(rng.normal(0, 0.5, 100)) == 1.0
    assert dispersion([]) == 1.0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=30))
def test_small_updates_wait_for_company(rows: list[tuple[int, int]]) -> None:
    x, n = np.array(rows).T
    merged_x, merged_n, at = merge_small(x, n)
    assert (merged_n >= 5).all()
    assert merged_n.sum() <= n.sum()
    if len(at):
        assert merged_x.sum() == x[: at[-1] + 1].sum()
        assert merged_n.sum() == n[: at[-1] + 1].sum()


def test_the_replay_measures_the_budget() -> None:
    rng = np.random.default_rng(4)
    weeks = [rng.normal(size=84) for _ in range(12)]
    found = replay(chart_for(500), weeks, budget=84 / 500, draws=60)
    assert found.weeks == 12
    assert found.budget == pytest.approx(0.168)
    assert 0 <= found.per_week < 0.6
    wild = replay(chart_for(500), [2 * week for week in weeks], budget=84 / 500, draws=60)
    assert wild.per_week > 5 * found.budget, "over-dispersion that was forgotten shows here"


def test_the_replay_is_seeded_and_needs_a_history() -> None:
    weeks = [np.random.default_rng(i).normal(size=30) for i in range(3)]
    assert replay(chart_for(100), weeks, 1.0, draws=20) == replay(chart_for(100), weeks, 1.0, draws=20)
    assert isinstance(replay(chart_for(100), weeks, 1.0, draws=1), Replay)
    with pytest.raises(ValueError, match="history"):
        replay(chart_for(100), [[], []], 1.0)


def test_what_touches_more_customers_comes_first() -> None:
    assert urgency(1.1, 400, -0.5) > urgency(3.0, 20, -0.5)
    assert urgency(2.0, 400, 0.5) == 0


@pytest.mark.parametrize("p", [0.6, 0.9])
def test_a_fall_is_negative_and_a_rise_positive(p: float) -> None:
    assert float(share_z(p * 100 - 20, 100, p)) < -3
    assert float(share_z(min(100, p * 100 + 10), 100, p)) > 1
