"""The counterfactual: exact, covering, and narrower with controls."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.counterfactual import counterfactual


def weekly(seed: int, size: float = 0.0, before: int = 52, after: int = 8, noise: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Weekly marks of a touched cell and three untouched ones that share season and trend."""
    rng = np.random.default_rng(seed)
    t = np.arange(before + after)
    shared = 0.3 * np.sin(2 * np.pi * t / 52) + 0.2 * t / len(t) + rng.normal(0, 0.05, len(t))
    controls = 7 + shared[:, None] * rng.uniform(0.8, 1.2, 3) + rng.normal(0, noise, (len(t), 3))
    return 7.2 + shared + rng.normal(0, noise, len(t)) + size * (t >= before), controls


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_free_run_is_that_of_statsmodels(seed: int) -> None:
    """The exact closed form and UnobservedComponents with its smoother give the same path, band and drift."""
    import statsmodels.api as sm

    rng = np.random.default_rng(seed)
    control = np.cumsum(rng.normal(0, 0.1, 60)) + 7
    y = 1 + 0.8 * control + np.cumsum(rng.normal(0, 0.08, 60)) + rng.normal(0, 0.2, 60)
    ours = counterfactual(y[:52], y[52:], control)
    hidden = y.copy()
    hidden[52:] = np.nan
    scaled = ((control - control[:52].mean()) / control[:52].std())[:, None]
    fit = sm.tsa.UnobservedComponents(hidden, "local level", exog=scaled, mle_regression=False).fit(disp=0)
    path = fit.get_prediction(start=52, end=59, information_set="smoothed")
    assert ours.expected == pytest.approx(path.predicted_mean, abs=2e-3)
    assert ours.expected_low == pytest.approx(path.conf_int()[:, 0], abs=5e-3)
    assert ours.level_sd == pytest.approx(fit.params[1] ** 0.5, abs=3e-3)


def test_the_stiff_run_drifts_by_a_hundredth_of_the_spread() -> None:
    y, _ = weekly(1)
    assert counterfactual(y[:52], y[52:], stiff=True).level_sd == pytest.approx(0.01 * y[:52].std(ddof=1))


def test_a_planted_effect_comes_back_with_its_band() -> None:
    y, controls = weekly(2, size=0.5)
    run = counterfactual(y[:52], y[52:], controls)
    assert run.effect.value == pytest.approx(0.5, abs=0.15)
    assert run.effect.low > 0
    assert len(run.expected) == 8
    assert (run.expected_low < run.expected).all() and (run.expected < run.expected_high).all()


def test_controls_narrow_the_interval() -> None:
    y, controls = weekly(3)
    assert counterfactual(y[:52], y[52:], controls).se < counterfactual(y[:52], y[52:]).se


def test_intervals_cover_what_did_not_happen_but_one_run_alone_not_enough_for_a_verdict() -> None:
    """Untouched cells are noisy stand-ins, so one run covers less than it says: hence two, and placebo dates."""
    covered = []
    for seed in range(120):
        y, controls = weekly(seed)
        run = counterfactual(y[:52], y[52:], controls)
        covered.append(run.effect.low <= 0 <= run.effect.high)
    assert 0.8 <= np.mean(covered) <= 0.99


def test_few_weeks_get_one_column_of_controls() -> None:
    y, controls = weekly(4, before=12)
    run = counterfactual(y[:12], y[12:], controls)
    assert np.isfinite(run.se)


def test_a_flat_series_expects_itself() -> None:
    run = counterfactual(np.full(30, 7.0), np.full(6, 7.5))
    assert run.effect.value == pytest.approx(0.5)
    assert run.expected == pytest.approx([7.0] * 6)


def test_the_stiff_run_is_never_less_sure_than_a_free_one_that_drifts() -> None:
    rng = np.random.default_rng(21)
    y = 7 + np.cumsum(rng.normal(0, 0.15, 60))
    assert counterfactual(y[:52], y[52:], stiff=True).se < counterfactual(y[:52], y[52:]).se


@pytest.mark.parametrize("scale", [0.1, 10.0, 1000.0])
def test_the_effect_is_in_the_series_own_unit(scale: float) -> None:
    y, controls = weekly(22, size=0.4)
    plain, scaled = counterfactual(y[:52], y[52:], controls), counterfactual(scale * y[:52], scale * y[52:], controls)
    assert scaled.effect.value == pytest.approx(scale * plain.effect.value, rel=0.02)
    assert scaled.se == pytest.approx(scale * plain.se, rel=0.05)
