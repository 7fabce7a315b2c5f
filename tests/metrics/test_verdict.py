"""Verdicts: their words, their error rates, and what keeps them steady."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from metrics.bins import BINS, OPEN, bin_of
from metrics.intervals import Interval, wilson
from metrics.verdict import (
    BROKEN,
    KEPT,
    OVER,
    UNPROVEN,
    Z_DAY,
    Z_MONTH,
    benjamini_hochberg,
    binomial_tail,
    hard_verdict,
    in_one_list,
    kept_but_unhappy,
    quantile_limit,
    quantile_rank,
    soft_verdict,
    standing,
)


@pytest.mark.parametrize(
    ("kept", "n", "pi", "word"),
    [
        (380, 400, 0.90, KEPT),
        (330, 400, 0.90, BROKEN),
        (362, 400, 0.90, UNPROVEN),
        (34, 34, 0.90, UNPROVEN),
        (35, 35, 0.90, KEPT),
        (0, 20, 0.90, UNPROVEN),
        (0, 0, 0.90, UNPROVEN),
    ],
)
def test_words_of_a_hard_promise(kept: int, n: int, pi: float, word: str) -> None:
    assert hard_verdict(kept, n, pi).verdict == word


def test_it_says_how_many_more_are_needed() -> None:
    assert hard_verdict(12, 12, 0.90).needed == 23
    assert hard_verdict(12, 12, 0.90, z=Z_DAY).needed == 48
    assert hard_verdict(390, 400, 0.90).needed == 0


def test_the_share_shown_is_wilsons() -> None:
    assert hard_verdict(330, 400, 0.90).shown == wilson(330, 400)


@pytest.mark.parametrize("pi", [0.80, 0.90, 0.95, 0.98])
@pytest.mark.parametrize(("z", "level"), [(Z_MONTH, 0.025), (Z_DAY, 0.005)])
def test_a_kept_promise_is_called_broken_no_oftener_than_said(pi: float, z: float, level: float) -> None:
    """Exactly, not by simulation: the chance of all outcomes that would be called broken."""
    for n in (40, 73, 190, 330):
        broken = [k for k in range(n + 1) if hard_verdict(k, n, pi, z=z).verdict == BROKEN]
        assert binom.pmf(broken, n, pi).sum() <= level


def test_error_rates_of_the_specification() -> None:
    """metrics.md 3.3, n 400 and pi .90: true .85 is called broken in .85 or more, true .95 kept in .96 or more."""
    words = {k: hard_verdict(k, 400, 0.90).verdict for k in range(401)}

    def chance(truth: float, word: str) -> float:
        return float(binom.pmf([k for k, found in words.items() if found == word], 400, truth).sum())

    assert chance(0.90, KEPT) <= 0.03
    assert chance(0.85, BROKEN) >= 0.85
    assert chance(0.95, KEPT) >= 0.96
    assert chance(0.95, BROKEN) < 1e-6


@given(st.integers(1, 300), st.data(), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_words_exclude_each_other(n: int, data: st.DataObject, pi: float) -> None:
    kept = data.draw(st.integers(0, n))
    found = hard_verdict(kept, n, pi)
    if found.verdict == KEPT:
        assert found.shown.low >= pi
    if found.verdict == BROKEN:
        assert found.shown.high < pi
    if found.needed:
        assert found.verdict == UNPROVEN


@given(st.integers(1, 400), st.data(), st.floats(0.5, 0.99))
def test_the_binomial_tail_is_scipys(n: int, data: st.DataObject, pi: float) -> None:
    kept = data.draw(st.integers(0, n))
    assert binomial_tail(kept, n, pi) == pytest.approx(binom.cdf(kept, n, pi), abs=1e-10)


def test_more_than_promised_needs_the_time_too() -> None:
    fast, slow = {bin_of(600): 400}, {bin_of(3000): 400}
    assert hard_verdict(400, 400, 0.90, threshold=3600, counts=fast).verdict == OVER
    assert hard_verdict(400, 400, 0.90, threshold=3600, counts=slow).verdict == KEPT
    assert hard_verdict(400, 400, 0.90, threshold=3600, counts=fast).upper == 600
    assert hard_verdict(330, 400, 0.90, threshold=3600, counts=fast).verdict == BROKEN


@pytest.mark.parametrize(("pi", "least"), [(0.90, 29), (0.95, 59), (0.80, 14)])
def test_a_limit_needs_enough_cases(pi: float, least: int) -> None:
    assert quantile_rank(least - 1, pi) is None
    assert quantile_rank(least, pi) == least


@pytest.mark.parametrize(("n", "pi"), [(50, 0.9), (400, 0.9), (1000, 0.95), (77, 0.8)])
def test_the_rank_is_the_least_that_covers(n: int, pi: float) -> None:
    rank = quantile_rank(n, pi)
    assert rank is not None
    assert binom.cdf(rank - 1, n, pi) >= 0.95
    assert binom.cdf(rank - 2, n, pi) < 0.95


def test_the_limit_covers_the_true_quantile() -> None:
    rng = np.random.default_rng(1)
    truth = -600 * np.log(0.1)
    covered = 0
    for _ in range(300):
        counts: dict[int, float] = {}
        for t in rng.exponential(600, 120):
            counts[bin_of(float(t))] = counts.get(bin_of(float(t)), 0) + 1
        limit = quantile_limit(counts, 0.90)
        covered += limit is not None and limit >= truth
    assert covered / 300 >= 0.94


def test_open_questions_count_as_the_longest() -> None:
    assert quantile_limit({bin_of(60): 30, OPEN: 30}, 0.80) is None
    assert quantile_limit({bin_of(60): 60}, 0.80) == 60
    listed = [0.0] * BINS
    listed[bin_of(60)] = 60
    assert quantile_limit(listed, 0.80) == 60


@pytest.mark.parametrize(
    ("gap", "word"),
    [
        (Interval(0.0, -0.29, 0.3), KEPT),
        (Interval(0.8, 0.5, 1.1), OVER),
        (Interval(-0.9, -1.5, -0.4), BROKEN),
        (Interval(-0.2, -0.25, -0.1), KEPT),
        (Interval(-0.25, -0.35, -0.1), UNPROVEN),
        (Interval(-0.9, -2.0, 0.1), UNPROVEN),
        (Interval(0.2, -0.8, 1.2), UNPROVEN),
    ],
)
def test_words_of_a_soft_promise(gap: Interval, word: str) -> None:
    assert soft_verdict(gap).verdict == word


@given(st.floats(-3, 3), st.floats(0.01, 2), st.floats(0.01, 2))
def test_a_kept_soft_promise_is_never_broken_too(value: float, down: float, up: float) -> None:
    gap = Interval(value, value - down, value + up)
    if soft_verdict(gap).verdict in (KEPT, OVER):
        assert value > -0.3
        assert not (gap.high < 0 and value <= -0.3)


def test_p_tells_how_sure_a_broken_promise_is() -> None:
    assert soft_verdict(Interval(-1.0, -1.5, -0.5)).p < 0.001
    assert soft_verdict(Interval(1.0, 0.5, 1.5)).p > 0.99
    assert soft_verdict(Interval(-1.0, -1.0, -1.0)).p == 0.0
    assert hard_verdict(300, 400, 0.90).p < 1e-10


def test_kept_but_unhappy_stops_gaming_by_promising_little() -> None:
    kept = hard_verdict(398, 400, 0.90)
    assert kept_but_unhappy(kept, 5.4)
    assert not kept_but_unhappy(kept, 5.6)
    assert not kept_but_unhappy(hard_verdict(300, 400, 0.90), 5.4)


@pytest.mark.parametrize(
    ("looks", "stands"),
    [
        ([], UNPROVEN),
        ([KEPT, KEPT], UNPROVEN),
        ([KEPT, KEPT, KEPT], KEPT),
        ([KEPT, KEPT, KEPT, BROKEN, BROKEN, KEPT], KEPT),
        ([KEPT, KEPT, KEPT, BROKEN, BROKEN, BROKEN], BROKEN),
        ([BROKEN, UNPROVEN, BROKEN, UNPROVEN, BROKEN], UNPROVEN),
    ],
)
def test_a_day_look_stands_after_three_days(looks: list[str], stands: str) -> None:
    assert standing(looks) == stands


def test_daily_looking_cries_wolf_less_with_three_days_and_a_stricter_level() -> None:
    """metrics.md 3.3: a promise kept exactly is called broken within a year far less often than by a plain daily 95% look."""
    rng, days, companies = np.random.default_rng(8), 300, 40
    plain = strict = 0
    for _ in range(companies):
        kept, n = rng.binomial(15, 0.9, days), np.full(days, 15)
        sums = [(kept[max(0, d - 28) : d].sum(), n[max(0, d - 28) : d].sum()) for d in range(28, days)]
        plain += any(wilson(k, m).high < 0.9 for k, m in sums)
        strict += BROKEN in {
            standing([hard_verdict(k, m, 0.9, z=Z_DAY).verdict for k, m in sums[i : i + 3]]) for i in range(len(sums) - 2)
        }
    assert plain / companies > 0.5
    assert strict < plain / 2


def test_benjamini_hochberg_agrees_with_statsmodels() -> None:
    from statsmodels.stats.multitest import multipletests

    rng = np.random.default_rng(2)
    for _ in range(20):
        p = rng.uniform(0, 1, 15) ** 3
        assert benjamini_hochberg(p, 0.1).tolist() == multipletests(p, 0.1, method="fdr_bh")[0].tolist()
    assert benjamini_hochberg([], 0.1).tolist() == []


def test_in_a_list_of_many_a_lone_broken_promise_needs_more_proof() -> None:
    doubtful = hard_verdict(349, 400, 0.90)
    barely = next(v for v in (hard_verdict(k, 400, 0.90) for k in range(360, 300, -1)) if v.verdict == BROKEN)
    fine = hard_verdict(361, 400, 0.90)
    assert doubtful.verdict in (BROKEN, UNPROVEN)
    assert in_one_list([barely])[0].verdict == BROKEN
    among = in_one_list([barely, *[fine] * 30])
    assert among[0].verdict == UNPROVEN
    assert all(v.verdict == fine.verdict for v in among[1:])
