"""Effect of a change: the counterfactual, the panel, the interrupted series, and the verdict that rests on them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.counterfactual import counterfactual
from metrics.effect import DEPENDS, NOT_SHOWN, SHOWN, TOO_EARLY, effect, placebo_p
from metrics.interrupted import interrupted_series
from metrics.panel import did_2x2, difference_in_differences


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


def test_a_real_change_is_shown_with_its_three_ticks() -> None:
    y, controls = weekly(5, size=0.6)
    found = effect(y, 52, controls=controls)
    assert found.verdict == SHOWN
    assert found.ticks == {"trend": True, "placebo": True, "assumptions": True}
    assert found.placebo_p < 0.05 and found.placebos >= 19
    assert 0 < found.low90 < (found.free.effect.value if found.free else 0)
    assert found.panel is not None and found.panel.beta > 0.4


def test_a_change_for_the_worse_is_shown_too() -> None:
    y, controls = weekly(6, size=-0.6)
    found = effect(y, 52, controls=controls)
    assert found.verdict == SHOWN
    assert found.low90 < 0


def test_nothing_happened_and_nothing_is_shown() -> None:
    verdicts = [effect(*_split(seed)).verdict for seed in range(25)]
    assert verdicts.count(SHOWN) <= 2
    quiet = effect(*_split(1))
    assert quiet.smallest > 0
    assert np.isnan(quiet.low90) or quiet.verdict == SHOWN


def _split(seed: int) -> tuple[np.ndarray, int]:
    return weekly(seed)[0] - weekly(seed)[1].mean(1), 52


def test_weeks_of_the_ramp_are_left_out() -> None:
    y, controls = weekly(7, size=0.6, after=12)
    y[52:56] -= 3.0
    assert effect(y, 52, ramp=4, controls=controls).verdict == SHOWN
    assert effect(y, 52, controls=controls).low90 < 0, "counted in, a rough start would have looked like harm"


@pytest.mark.parametrize(("before", "after", "needed"), [(7, 8, 1), (20, 3, 1), (4, 2, 6)])
def test_too_early_says_how_many_weeks_it_takes(before: int, after: int, needed: int) -> None:
    y, _ = weekly(8, before=before, after=after)
    found = effect(y, before)
    assert (found.verdict, found.weeks_needed) == (TOO_EARLY, needed)


def test_a_jump_like_those_of_other_dates_is_not_shown() -> None:
    rng = np.random.default_rng(9)
    y = 7 + np.repeat(rng.normal(0, 0.5, 15), 4)
    y[52:] = y[48:52].mean() + 0.5
    assert effect(y + rng.normal(0, 0.02, 60), 52).verdict in (NOT_SHOWN, DEPENDS)


def test_placebo_dates_lie_before_the_change() -> None:
    y, _ = weekly(10)
    p, count = placebo_p(y[:52], 8, None, 10.0)
    assert count == 37
    assert p == pytest.approx(1 / 38)
    assert placebo_p(y[:10], 8, None, 10.0) == (1.0, 0)


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3))
def test_the_panel_of_two_by_two_is_the_double_difference(a: float, b: float, c: float, d: float) -> None:
    y = np.array([[a, c], [a, c], [b, d], [b, d]])
    assert difference_in_differences(y, [True, False], 2).beta == pytest.approx(did_2x2(a, b, c, d))


def test_the_panel_takes_off_what_changed_everywhere() -> None:
    rng = np.random.default_rng(11)
    cell, week = rng.normal(7, 1, 12), rng.normal(0, 1, (40, 1))
    y = cell + week + rng.normal(0, 0.1, (40, 12))
    touched = np.arange(12) < 4
    y[30:, touched] += 0.5
    found = difference_in_differences(y, touched, 30)
    assert found.how == "cluster"
    assert found.beta == pytest.approx(0.5, abs=0.1)
    assert found.interval.low > 0 and found.p < 0.01
    assert found.trend_p > 0.10


def test_an_earlier_trend_is_caught() -> None:
    rng = np.random.default_rng(12)
    y = 7 + rng.normal(0, 0.05, (40, 12))
    touched = np.arange(12) < 4
    y[:, touched] += np.linspace(0, 1, 40)[:, None]
    assert difference_in_differences(y, touched, 30).trend_p < 0.10


def test_few_cells_are_permuted() -> None:
    rng = np.random.default_rng(13)
    y = 7 + rng.normal(0, 0.1, (30, 6))
    y[20:, 0] += 2
    found = difference_in_differences(y, np.arange(6) == 0, 20)
    assert (found.how, found.p) == ("permutation", pytest.approx(1 / 6))


@pytest.mark.parametrize(("touched", "start"), [([True, True], 5), ([False, False], 5), ([True, False], 1), ([True, False], 9)])
def test_a_panel_without_both_sides_is_refused(touched: list[bool], start: int) -> None:
    with pytest.raises(ValueError, match="difference in differences"):
        difference_in_differences(np.ones((10, 2)), touched, start)


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
