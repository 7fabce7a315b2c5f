"""Every usable vector of metrics.md 9, each with its source: what others printed must come out of our own code."""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from metrics import cusum, erlang, ewma
from metrics.heterogeneity import paule_mandel, pool_at, q_test
from metrics.importance import dominance, johnson, lmg
from metrics.intervals import difference, net_promoter, wilson
from metrics.journey import journey_of, weakest_link
from metrics.panel import did_2x2
from metrics.response_time import response_quantile
from metrics.service_level import TREATMENTS, Calls, apdex, service_level
from metrics.shrinkage import shrink
from metrics.words import log_odds

PUBLISHED = tomllib.loads(Path(__file__).with_name("published.toml").read_text(encoding="utf8"))
WILSON = [(case, table) for table in PUBLISHED["wilson"] for case in table["cases"]]


@pytest.mark.parametrize(("case", "table"), WILSON, ids=lambda one: str(one)[:30])
def test_01_to_03_wilson(case: list[float], table: dict) -> None:
    x, n, low, high = case
    shown = wilson(x, n, z=table["z"])
    assert shown.low == pytest.approx(low, abs=table["tolerance"])
    assert shown.high == pytest.approx(high, abs=table["tolerance"])


def test_04_difference_of_shares() -> None:
    """Newcombe 1998: 56/70 - 48/80."""
    shown = difference(wilson(56, 70), wilson(48, 80))
    assert shown.value == pytest.approx(0.2)
    assert (round(shown.low, 4), round(shown.high, 4)) == (0.0524, 0.3339)


def test_05_variance_of_an_nps() -> None:
    """Cross Validated: shares 1/2, 1/3, 1/6 give NPS 1/3 and variance 5/9; at n 324 a standard error of .0414."""
    n = 324
    shown = net_promoter(n / 2, n / 3, n / 6)
    assert shown.value == pytest.approx(1 / 3)
    assert math.sqrt(5 / 9 / n) == pytest.approx(0.0414, abs=5e-5)
    assert shown.half / 1.96 == pytest.approx(math.sqrt(5 / 9 / n), rel=0.02), "the added cases widen it by less than 2%"


def test_06_erlang_c() -> None:
    """R ErlangC manual and pyworkforce documentation: 100 calls in 30 minutes of 180 s."""
    queue = erlang.erlang_c(100, 1800, 180, 14, 20)
    assert queue.waiting == pytest.approx(0.1741319335950498, abs=1e-14)
    assert queue.service_level == pytest.approx(0.8883500191794669, abs=1e-14)
    assert queue.occupancy == pytest.approx(0.7142857, abs=1e-7)
    assert queue.mean_wait == pytest.approx(7.83593701177724, abs=1e-10)
    assert erlang.erlang_c(100, 1800, 180, 11, 20).waiting == pytest.approx(0.6821182, abs=5e-8)
    of_15 = erlang.erlang_c(100, 1800, 180, 15, 20)
    assert (round(of_15.service_level, 3), round(of_15.waiting, 3)) == (0.941, 0.102)


def test_07_erlang_a() -> None:
    """Pyworkforce documentation: the same with 5 minutes' patience and 13 people."""
    queue = erlang.erlang_a(100, 1800, 180, 13, 20, 300)
    found = (queue.service_level, queue.occupancy, queue.abandoned, queue.waiting, queue.mean_wait / 60)
    assert [round(one, 3) for one in found] == [0.858, 0.750, 0.025, 0.226, 0.125]


def test_08_erlang_b() -> None:
    """Tests of pyworkforce; the documentation's B(17; 10) is wrong: the recursion gives .01295."""
    assert erlang.erlang_b(1, 1) == pytest.approx(0.5)
    assert erlang.erlang_b(2, 1) == pytest.approx(0.2)
    assert erlang.erlang_b(17, 10) == pytest.approx(0.01295, abs=5e-6)


@pytest.mark.parametrize(("names", "key"), [("cyl disp hp gear", "with_gear"), ("cyl disp hp wt", "with_weight")])
def test_09_johnson_weights(names: str, key: str) -> None:
    cars = PUBLISHED["mtcars"]
    weights = johnson(np.column_stack([cars[name] for name in names.split()]), cars["mpg"])
    assert weights == pytest.approx(cars[key], abs=5e-8)
    if key == "with_gear":
        assert weights.sum() == pytest.approx(cars["with_gear_r2"], abs=5e-8)


def test_10_dominance_by_level() -> None:
    table = PUBLISHED["dominance"]
    levels = dominance(table["r_x"], table["r_y"])
    assert levels == pytest.approx(np.array(table["levels"]), abs=7e-4)
    averages = lmg(table["r_x"], table["r_y"])
    assert averages == pytest.approx(table["averages"], abs=5e-5)
    assert averages.sum() == pytest.approx(table["r2"], abs=5e-5)


def test_11_lmg_of_the_attitude_data() -> None:
    table = PUBLISHED["attitude"]
    names = ["complaints", "privileges", "learning", "raises", "critical", "advance"]
    r = np.corrcoef([*(table[name] for name in names), table["rating"]])
    assert lmg(r[:-1, :-1], r[:-1, -1]) == pytest.approx(table["lmg"], abs=5e-4)


@pytest.mark.parametrize("table", PUBLISHED["ewma"], ids=lambda t: f"{t['smoothing']}-{t['limit']}")
def test_12_and_13_ewma_run_lengths(table: dict) -> None:
    for shift, length in zip(table["shifts"], table["lengths"], strict=True):
        assert ewma.run_length(table["smoothing"], table["limit"], shift) == pytest.approx(length, rel=2e-3, abs=5e-3)


def test_13_crowder_to_nine_decimals() -> None:
    assert ewma.run_length(0.25, 3.0, 1.0) == pytest.approx(11.154267016, abs=5e-10)


def test_14_cusum_two_sided() -> None:
    table = PUBLISHED["cusum"]
    for shift, length in zip(table["shifts"], table["lengths"], strict=True):
        assert cusum.run_length(table["slack"], table["bound"], shift) == pytest.approx(length, rel=3e-3)


@pytest.mark.parametrize(
    ("slack", "bound", "shift", "length", "tolerance"),
    [
        (0.5, 3, 0, 117.59, 0.01),
        (0.5, 3, 1.5, 3.75, 0.005),
        (0.5, 3, -0.5, 1963, 0.5),
        (0.5, 3, 0.5, 17.35, 0.005),
        (0, 10, 0, 124.66, 0.005),
        (0, 10, 0.25, 36.71, 0.005),
        (0.25, 8, 2.5, 4.15008, 5e-6),
    ],
)
def test_15_cusum_one_sided(slack: float, bound: float, shift: float, length: float, tolerance: float) -> None:
    """Brook & Evans 1972, Vance 1986 and SAS via the manual of R spc; Waldmann's 117.4 does not reproduce."""
    assert cusum.one_sided_run(slack, bound, shift) == pytest.approx(length, abs=tolerance)


def test_16_poisson_cusum() -> None:
    """Lucas 1985 via the manual of R spc: k .25, h 10 at mean .25."""
    assert cusum.poisson_run(0.25, 10, 0.25) == pytest.approx(438.1, abs=0.05)
    assert cusum.poisson_run(0.25, 10, 0.25, start=5) == pytest.approx(333.1, abs=0.05)
    assert cusum.poisson_run(0.25, 10, 0.25, upward=False) == pytest.approx(436.8, abs=0.05)


def test_17_ewma_chart_of_nist() -> None:
    table = PUBLISHED["nist_ewma"]
    chart = ewma.Chart(table["smoothing"], table["limit"])
    z = [(x - table["target"]) / table["sd"] for x in table["data"]]
    path = ewma.follow(chart, z)
    smoothed = [table["target"] + table["sd"] * state for state, _ in path]
    assert smoothed == pytest.approx(table["smoothed"], abs=0.0051)
    assert not any(alarm for _, alarm in path)
    assert table["target"] + table["sd"] * chart.bound == pytest.approx(table["upper"], abs=5e-4)
    assert table["target"] - table["sd"] * chart.bound == pytest.approx(table["lower"], abs=5e-4)


def test_18_designs_of_montgomery() -> None:
    """Montgomery, Introduction to Statistical Quality Control: k .5, h 5, and EWMA designs with 500 between false alarms."""
    assert cusum.siegmund(0.5, 5.0) == pytest.approx(938.2, abs=0.05)
    assert cusum.siegmund(0.5, 5.0, 1.0) == pytest.approx(10.34, abs=0.005)
    assert cusum.one_sided_run(0.5, 5.0) == pytest.approx(930.9, abs=0.05)
    assert cusum.one_sided_run(0.5, 5.0, 1.0) == pytest.approx(10.38, abs=0.005)
    for smoothing, limit in ((0.10, 2.814), (0.20, 2.962), (0.25, 2.998), (0.40, 3.054), (0.05, 2.615)):
        assert ewma.chart_for(500, smoothing).limit == pytest.approx(limit, abs=6e-4)


def _risk_ratios() -> tuple[np.ndarray, np.ndarray]:
    bcg = {name: np.array(PUBLISHED["bcg"][name], float) for name in ("tpos", "tneg", "cpos", "cneg")}
    treated, control = bcg["tpos"] + bcg["tneg"], bcg["cpos"] + bcg["cneg"]
    y = np.log((bcg["tpos"] / treated) / (bcg["cpos"] / control))
    return y, 1 / bcg["tpos"] - 1 / treated + 1 / bcg["cpos"] - 1 / control


def test_19_random_effects_and_empirical_bayes() -> None:
    table = PUBLISHED["bcg"]
    y, v = _risk_ratios()
    pool = pool_at(y, v, table["reml_tau2"])
    assert float(pool.q) == pytest.approx(table["q"], abs=5e-4)
    assert float(pool.mean) == pytest.approx(table["reml_mean"], abs=5e-5)
    assert math.sqrt(pool.variance) == pytest.approx(table["reml_se"], abs=1e-4)
    assert float(pool_at(y, v, table["dl_tau2"]).mean) == pytest.approx(table["dl_mean"], abs=5e-5)
    noise = v / (v + table["reml_tau2"])
    assert np.exp(noise * pool.mean + (1 - noise) * y) == pytest.approx(table["exp_blup"], abs=1e-4)
    drawn = shrink(y, v)
    assert np.exp(drawn.value) == pytest.approx(table["exp_blup"], abs=0.01), "Paule-Mandel is near REML here"


def test_20_paule_mandel() -> None:
    table = {name: np.array(PUBLISHED["clasp"][name], float) for name in ("n1", "n2", "e1", "e2")}
    y = np.log(table["e1"] / (table["n1"] - table["e1"])) - np.log(table["e2"] / (table["n2"] - table["e2"]))
    v = 1 / table["e1"] + 1 / (table["n1"] - table["e1"]) + 1 / table["e2"] + 1 / (table["n2"] - table["e2"])
    pool = paule_mandel(y, v)
    assert math.sqrt(pool.tau2) == pytest.approx(PUBLISHED["clasp"]["pm_tau"], abs=5e-5)
    assert float(pool.mean) == pytest.approx(PUBLISHED["clasp"]["pm_mean"], abs=5e-5)
    assert math.sqrt(pool.variance) == pytest.approx(PUBLISHED["clasp"]["pm_se"], abs=5e-5)


def test_21_empirical_bayes_means() -> None:
    table = PUBLISHED["raudenbush"]
    y, v = np.array(table["y"]), np.array(table["v"])
    pool = pool_at(y, v, table["tau2"])
    assert float(pool.mean) == pytest.approx(table["mean"], abs=5e-4)
    noise = v / (v + table["tau2"])
    drawn = noise * pool.mean + (1 - noise) * y
    assert drawn[:4] == pytest.approx(table["drawn"], abs=6e-4)


def test_22_james_stein() -> None:
    """The mean, the shrinking constant c of Efron & Morris and Clemente's .294; empirical Bayes goes the same way."""
    table = PUBLISHED["baseball"]
    y = np.array(table["hits"]) / table["at_bats"]
    assert y.mean() == pytest.approx(table["mean"], abs=5e-4)
    v = y.mean() * (1 - y.mean()) / table["at_bats"]
    c = 1 - (len(y) - 3) * v / ((y - y.mean()) ** 2).sum()
    assert c == pytest.approx(table["shrink"], abs=0.002)
    assert y.mean() + c * (y[0] - y.mean()) == pytest.approx(table["clemente"], abs=0.001)
    drawn = shrink(y, np.full(len(y), v)).value
    assert np.ptp(drawn) < np.ptp(y) / 2
    assert np.argsort(-drawn, kind="stable").tolist() == np.argsort(-y, kind="stable").tolist()


def test_23_log_odds_with_a_prior() -> None:
    table = PUBLISHED["words"]
    found = {
        one.word: one.z for one in log_odds(Counter(table["now"].split()), Counter(table["before"].split()), prior=table["prior"])
    }
    for word in table["up"]:
        assert found.pop(word) == pytest.approx(table["z"], abs=1e-14)
    for word in table["down"]:
        assert found.pop(word) == pytest.approx(-table["z"], abs=1e-14)
    assert all(z == pytest.approx(0.0, abs=1e-14) for z in found.values())


def test_26_difference_in_differences() -> None:
    """Card & Krueger 1994: full-time equivalents in New Jersey and Pennsylvania."""
    assert did_2x2(20.44, 21.03, 23.33, 21.17) == pytest.approx(2.75, abs=1e-9)


def test_28_acsi_formula() -> None:
    """The index of the American Customer Satisfaction Index; weights from Verint's blog."""

    def acsi(*marks: float) -> float:
        return sum((x - 1) * w for x, w in zip(marks, (0.3885, 0.3190, 0.2925), strict=True)) / 9 * 100

    assert acsi(8, 7, 6) == pytest.approx(67.73, abs=0.005)
    assert acsi(8, 8, 8) == pytest.approx(77.78, abs=0.005)


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_29_service_level(treatment: str) -> None:
    table = PUBLISHED["service_level"]
    fields = ("answered", "abandoned", "answered_in_time", "abandoned_in_time", "abandoned_short")
    calls = Calls(*(table[name] for name in fields))
    assert service_level(calls, treatment).value == pytest.approx(table[treatment], abs=5e-5)


def test_30_apdex() -> None:
    """Tencent Cloud: 60 satisfied, 30 tolerating, 10 frustrated."""
    assert apdex(60, 30, 10) == pytest.approx(0.75)


def test_kaplan_meier_of_section_7() -> None:
    times = [5, 12, 20, 30, 45, 60, 90, 180, 240, 240]
    answered = [True] * 8 + [False] * 2
    assert response_quantile(times, answered, 0.5) == 60
    assert math.isinf(response_quantile(times, answered, 0.9))


def test_journey_of_section_2_7() -> None:
    marks, expected = [8.2, 8.0, 7.8, 8.1, 4.0], [8, 8, 7.5, 8, 8]
    truth = [False] * 4 + [True]
    assert float(journey_of(marks, expected, truth)) == pytest.approx(5.34, abs=0.005)
    first = [4.0, 8.2, 8.0, 7.8, 8.1]
    assert float(journey_of(first, [8, 8, 8, 7.5, 8], [True] + [False] * 4)) == pytest.approx(6.37, abs=0.005)
    assert weakest_link([0.9] * 5) == pytest.approx(0.41, abs=0.005)
    assert weakest_link([0.9] * 7) == pytest.approx(0.52, abs=0.005)


def test_consistency_of_section_8() -> None:
    """A fifth of a mark between channels that are really alike is noise; at twelve times the data it is not."""
    y = np.array([8.1, 7.6, 6.0, 7.9])
    v = np.array([0.04, 0.06, 0.09, 0.05])
    much, little = paule_mandel(y, v), paule_mandel(y, v * 12)
    assert math.sqrt(much.tau2) == pytest.approx(0.915, abs=0.02)
    assert q_test(much) < 1e-7
    assert math.sqrt(little.tau2) < 0.5
    assert q_test(little) > 0.05


def test_smallest_detectable_effect_of_section_5() -> None:
    """Weekly standard error .3, 26 weeks before and 8 after, difference in differences: .48 mark."""
    se = 0.3 * math.sqrt(2) * math.sqrt(1 / 26 + 1 / 8)
    assert 2.8 * se == pytest.approx(0.48, abs=0.005)
