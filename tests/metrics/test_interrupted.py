"""The interrupted series."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.interrupted import interrupted_series


@settings(max_examples=10)
@given(st.floats(-0.8, 0.8))
def test_the_interrupted_series_finds_the_step(size: float) -> None:
    rng = np.random.default_rng(14)
    t = np.arange(120)
    y = 7 + 0.3 * t / 120 + 0.2 * np.sin(2 * np.pi * t / 52) + rng.normal(0, 0.05, 120) + size * (t >= 80)
    found = interrupted_series(y, 80)
    assert found.step.value == pytest.approx(size, abs=0.08)
    assert found.step.low < size + 0.05 and found.step.high > size - 0.05


def test_counts_give_a_rate_ratio_and_their_dispersion() -> None:
    rng = np.random.default_rng(15)
    t = np.arange(120)
    mu = 200 * np.exp(0.1 * np.sin(2 * np.pi * t / 52)) * np.where(t >= 80, 0.8, 1.0)
    y = rng.negative_binomial(mu / 2, 1 / 3)
    found = interrupted_series(y, 80, kind="count")
    assert found.step.value == pytest.approx(0.8, abs=0.06)
    assert found.step.high < 1 and found.p < 0.001
    assert found.dispersion == pytest.approx(3, rel=0.4)


def test_exposure_is_taken_off() -> None:
    rng = np.random.default_rng(16)
    exposure = np.where(np.arange(100) >= 60, 2000.0, 1000.0)
    y = rng.poisson(exposure * 0.1)
    assert interrupted_series(y, 60, kind="count", exposure=exposure).step.value == pytest.approx(1.0, abs=0.06)


def test_an_extra_slope_stays_only_when_it_is_there() -> None:
    rng = np.random.default_rng(17)
    t = np.arange(100)
    y = 7 + rng.normal(0, 0.05, 100)
    sloped = y + 0.03 * np.maximum(0, t - 60)
    assert interrupted_series(sloped, 60, pairs=0).slope == pytest.approx(0.03, abs=0.005)


def test_too_few_periods_are_refused() -> None:
    with pytest.raises(ValueError, match="Too early"):
        interrupted_series(np.ones(20), 17)
