"""Advice: every branch of metrics.md 3.5, with its reasons as data."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from metrics.advice import FLOOR, STEPS, Action, Advice, Case, advise, floor_of, step_above
from metrics.bins import is_edge
from metrics.capability import Capability, hard_capability, soft_capability
from metrics.intervals import Interval
from metrics.promise import Promise
from metrics.verdict import Verdict, hard_verdict, soft_verdict

CAN = Capability("feasible", 0.93, 0.91, 7, 52, 0)
CANNOT = Capability("infeasible", 0.85, 0.83, 7, 52, 0)
UNKNOWN = Capability("undecided", 0.91, 0.88, 7, 20, 6)
BROKEN, KEPT = hard_verdict(300, 400, 0.90), hard_verdict(395, 400, 0.90)
OVER = Verdict("over_delivered", Interval(0.99, 0.97, 1.0), 400, 0, 1.0, upper=1500.0)
PROMISE = Promise("p", "hard", 0, metric="first_response", threshold=3600.0, share=0.90, channel="social")
SOFT = Promise("s", "soft", 0, soft_mark=8.0)
CASE = Case(PROMISE, BROKEN, CANNOT, 0.90, upper=5000.0)


def codes(advice: Advice) -> list[str]:
    return [reason.code for reason in advice.reasons]


@pytest.mark.parametrize(("verdict", "reason"), [(KEPT, "kept"), (hard_verdict(9, 10, 0.90), "unproven")])
def test_what_is_kept_or_unproven_is_left(verdict: Verdict, reason: str) -> None:
    found = advise(replace(CASE, verdict=verdict))
    assert (found.kind, found.code, codes(found)) == ("leave", "keep", [reason])


def test_kept_but_unhappy_points_at_the_experience() -> None:
    assert "kept_but_unhappy" in codes(advise(replace(CASE, verdict=KEPT, unhappy=True)))


def test_what_was_surely_reached_before_is_raised() -> None:
    found = advise(replace(CASE, capability=CAN))
    assert (found.kind, found.code) == ("raise", "raise_delivery")
    assert found.reasons[1].values == {"best": 0.93, "low": 0.91, "week": 7, "target": 0.90}


def test_when_nobody_can_tell_it_says_how_many_weeks_it_takes() -> None:
    found = advise(replace(CASE, capability=UNKNOWN))
    assert (found.kind, found.code, found.weeks_needed) == ("unsure", "cannot_tell", 6)


def test_a_proven_action_that_bridges_the_gap_comes_before_lowering() -> None:
    found = advise(replace(CASE, actions=(Action("small", 0.01), Action("callback", 0.05))))
    assert (found.kind, found.code, found.action) == ("raise", "raise_delivery_via", "callback")
    short = advise(replace(CASE, actions=(Action("small", 0.01),)))
    assert short.code == "lower_bar", "half a bridge is none"


def test_otherwise_the_bar_goes_down_to_a_step_that_can_be_said() -> None:
    found = advise(CASE)
    assert (found.kind, found.code, found.bar, found.step) == ("lower", "lower_bar", 7200.0, "2h")
    assert codes(found) == ["broken", "never_reached", "new_bar"]


@pytest.mark.parametrize(
    ("more", "reason"),
    [({"promise": replace(PROMISE, moment_of_truth=True)}, "moment_of_truth"), ({"leading": True}, "leading_stage")],
)
def test_where_it_matters_the_bar_goes_down_only_for_the_time_being(more: dict, reason: str) -> None:
    found = advise(replace(CASE, **more))
    assert (found.kind, found.code, found.bar) == ("raise", "raise_lower_meanwhile", 7200.0)
    assert reason in codes(found)


def test_no_promise_below_the_floor() -> None:
    found = advise(replace(CASE, upper=2 * 86400.0))
    assert (found.kind, found.code, found.bar) == ("raise", "raise_cannot_lower", None)
    below = found.reasons[-1]
    assert below.code == "below_floor"
    assert float(below.values["mark"]) < float(below.values["floor"]) == FLOOR


def test_a_law_can_lift_the_floor() -> None:
    strict = replace(PROMISE, floor=8.0)
    assert floor_of(strict) == 8.0 and floor_of(PROMISE) == FLOOR
    assert advise(replace(CASE, promise=strict)).code == "raise_cannot_lower"


@pytest.mark.parametrize("upper", [None, 30 * 86400.0])
def test_without_a_step_that_can_be_said_it_cannot_be_lowered(upper: float | None) -> None:
    assert advise(replace(CASE, upper=upper)).code == "raise_cannot_lower"


def test_a_soft_bar_is_rounded_down_to_a_half() -> None:
    verdict = soft_verdict(Interval(-1.0, -1.4, -0.6))
    case = Case(SOFT, verdict, soft_capability([7.0], [0.1], [200], 8.0, 52), 8.0, soft_low=6.9)
    assert advise(case).bar == 6.5
    assert advise(replace(case, soft_low=5.4)).code == "raise_cannot_lower"
    assert advise(replace(case, soft_low=math.nan)).code == "raise_cannot_lower"


def test_a_share_bar_is_rounded_down_to_five_percent() -> None:
    on_time = replace(PROMISE, metric="on_time", threshold=None, share=0.95)
    case = Case(on_time, hard_verdict(350, 400, 0.95), hard_capability([44] * 40, [50] * 40, 0.95), 0.95, share_low=0.873)
    assert advise(case).bar == 0.85


def test_over_delivery_may_be_sharpened_where_the_stage_leads() -> None:
    over = Case(PROMISE, OVER, CAN, 0.90, upper=1500.0, leading=True)
    found = advise(over)
    assert (found.kind, found.code, found.bar, found.step) == ("leave", "may_sharpen", 1800.0, "30m")
    assert advise(replace(over, leading=False)).code == "keep"
    assert advise(replace(over, upper=3500.0)).code == "keep", "an hour is no sharper than an hour"
    assert advise(replace(over, promise=SOFT)).code == "keep"


def test_steps_rise_and_are_exact_in_the_rollups() -> None:
    lengths = [length for _, length in STEPS]
    assert lengths == sorted(set(lengths))
    assert all(is_edge(length) for length in lengths)
    assert step_above(3600) == ("1h", 3600.0)
    assert step_above(1) == ("10s", 10.0)
    assert step_above(15 * 86400) is None


def test_every_reason_is_data_and_never_prose() -> None:
    cases = [CASE, replace(CASE, capability=CAN), replace(CASE, capability=UNKNOWN), replace(CASE, verdict=KEPT, unhappy=True)]
    for case in cases:
        for reason in advise(case).reasons:
            assert " " not in reason.code
            assert all(isinstance(value, int | float) or " " not in value for value in reason.values.values())
