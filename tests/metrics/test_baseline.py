"""The baseline for arrows: day and hour effects shared."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.alarm_baseline import fit_alarm_baseline
from metrics.baseline import Baseline, fit_baseline

DAY, HOUR, AGO = (axis.ravel() for axis in np.meshgrid(np.arange(7), np.arange(24), np.arange(8), indexing="ij"))


def test_a_morning_is_compared_with_mornings() -> None:
    value = 7.0 + 0.5 * (HOUR < 12) - 0.3 * (DAY == 0)
    base = fit_baseline(DAY, HOUR, value, np.full(DAY.size, 20), AGO)
    assert base.at(0, 9)[0] == pytest.approx(7.2, abs=1e-3)
    assert base.at(3, 15)[0] == pytest.approx(7.0, abs=1e-3)
    assert base.over([0, 3], [9, 15], [3, 1]) == pytest.approx((3 * 7.2 + 7.0) / 4, abs=1e-3)
    assert np.isnan(base.over([0], [9], [0]))


def test_noise_is_smoothed_and_a_real_exception_kept() -> None:
    rng = np.random.default_rng(1)
    odd = (DAY == 4) & (HOUR == 17)
    value = 7.0 - 2.0 * odd + rng.normal(0, 0.3, DAY.size)
    base = fit_baseline(DAY, HOUR, value, np.full(DAY.size, 10), AGO)
    assert base.at(4, 17)[0] == pytest.approx(5.0, abs=0.7)
    others = base.table[:, 8:16].ravel()
    raw = np.array([value[(d == DAY) & (h == HOUR)].mean() for d in range(7) for h in range(8, 16)])
    assert np.sqrt(((others - 7) ** 2).mean()) < np.sqrt(((raw - 7) ** 2).mean())


def test_shares_and_counts_stay_what_they_are() -> None:
    share = np.where(HOUR < 12, 0.95, 0.80)
    base = fit_baseline(DAY, HOUR, share, np.full(DAY.size, 200), AGO, kind="share")
    assert base.at(2, 9)[0] == pytest.approx(0.95, abs=0.01)
    rng = np.random.default_rng(2)
    busy = np.where((HOUR >= 9) & (HOUR < 17), 30.0, 3.0)
    count = fit_baseline(DAY, HOUR, rng.poisson(busy).astype(float), np.ones(DAY.size), AGO, kind="count")
    assert count.at(1, 11)[0] == pytest.approx(30, rel=0.15)
    assert count.at(1, 3)[0] == pytest.approx(3, rel=0.4)


def test_recent_weeks_count_double_those_of_a_month_earlier() -> None:
    value = np.where(AGO < 4, 8.0, 6.0)
    base = fit_baseline(DAY, HOUR, value, np.full(DAY.size, 20), AGO)
    assert base.at(0, 0)[0] == pytest.approx(6 + 2 * 2 / 3, abs=0.01)


def test_older_weeks_are_left_out() -> None:
    both = np.r_[AGO, AGO + 8]
    value = np.r_[np.full(AGO.size, 7.0), np.full(AGO.size, 1.0)]
    base = fit_baseline(np.tile(DAY, 2), np.tile(HOUR, 2), value, np.full(both.size, 20), both)
    assert base.at(3, 3)[0] == pytest.approx(7.0, abs=1e-6)


def test_an_hour_hardly_seen_has_no_exception_of_its_own() -> None:
    odd = (DAY == 6) & (HOUR == 4)
    keep = ~odd | (AGO < 2)
    value = np.where(odd, 2.0, 7.0)
    base = fit_baseline(DAY[keep], HOUR[keep], value[keep], np.full(keep.sum(), 20), AGO[keep])
    assert base.at(6, 4)[0] > 5.5, "two weeks are not a habit"


@pytest.mark.parametrize("kind", ["median", ""])
def test_an_unknown_kind_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="kind"):
        fit_baseline(DAY, HOUR, DAY, np.ones(DAY.size), AGO, kind=kind)
    with pytest.raises(ValueError, match="kind"):
        fit_alarm_baseline(DAY, HOUR, DAY, np.ones(DAY.size), AGO, kind)


def test_no_hours_are_refused() -> None:
    with pytest.raises(ValueError, match="8 weeks"):
        fit_baseline([0], [9], [7.0], [10], [30])


def test_a_baseline_is_a_table_of_a_week() -> None:
    base = Baseline("mark", np.full((7, 24), 7.0), np.full((7, 24), 0.01))
    assert base.at(6, 23) == (7.0, 0.01)
