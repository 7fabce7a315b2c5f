"""The baseline for alarms: each hour on its own."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.alarm_baseline import fit_alarm_baseline

DAY, HOUR, AGO = (axis.ravel() for axis in np.meshgrid(np.arange(7), np.arange(24), np.arange(8), indexing="ij"))


@pytest.mark.parametrize(
    ("kind", "draw"),
    [
        ("share", lambda rng, n: rng.binomial(n, 0.9) / n),
        ("mark", lambda rng, n: 7 + rng.normal(0, 1.5, n.shape) / np.sqrt(n)),
        ("count", lambda rng, n: rng.poisson(20, n.shape).astype(float)),
    ],
)
def test_ordinary_hours_are_ordinary(kind: str, draw) -> None:
    rng = np.random.default_rng(3)
    n = rng.integers(30, 60, DAY.size)
    cases = np.ones(DAY.size) if kind == "count" else n
    base = fit_alarm_baseline(DAY, HOUR, draw(rng, n), cases, AGO, kind, variance=2.25)
    fresh = base.z(DAY, HOUR, draw(rng, n), cases)
    assert base.phi == pytest.approx(1.0, abs=0.12)
    assert abs(fresh.mean()) < 0.1
    assert fresh.std() == pytest.approx(1.0, abs=0.12)


def test_over_dispersion_is_found_and_taken_off() -> None:
    rng = np.random.default_rng(4)
    n = np.full(DAY.size, 60)

    def share() -> np.ndarray:
        return rng.binomial(n, rng.beta(0.9 * 30, 0.1 * 30, n.size)) / n

    base = fit_alarm_baseline(DAY, HOUR, share(), n, AGO, "share")
    assert base.phi == pytest.approx(1 + 59 / 31, rel=0.15)
    assert base.z(DAY, HOUR, share(), n).std() == pytest.approx(1.0, abs=0.1)


def test_a_past_incident_does_not_hide_the_next() -> None:
    rng = np.random.default_rng(5)
    n = np.full(DAY.size, 50)
    share = rng.binomial(n, 0.9) / n
    share[:5] = 0.1
    assert fit_alarm_baseline(DAY, HOUR, share, n, AGO, "share").phi < 2


def test_hours_not_seen_three_weeks_give_no_alarm_yet() -> None:
    keep = (HOUR != 3) | (AGO < 2)
    base = fit_alarm_baseline(DAY[keep], HOUR[keep], np.full(keep.sum(), 0.9), np.full(keep.sum(), 40), AGO[keep], "share")
    assert np.isnan(base.z([0], [3], [0.2], [40]))[0]
    assert base.z([0], [4], [0.2], [40])[0] < -5
