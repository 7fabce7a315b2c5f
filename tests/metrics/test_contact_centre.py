"""Contact-centre figures: service level, handling, response times, resolution, hops, effort."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.contacts import DAY, Contact, cases
from metrics.effort import effort_index
from metrics.handling import average_handling_time, average_speed_of_answer, mean_wait, occupancy
from metrics.marks import mark_of
from metrics.resolution import first_contact_resolution, net_resolution, repeat_share, transfer_share
from metrics.response_time import response_quantile, response_rate, survival
from metrics.service_level import TREATMENTS, Calls, abandonment, apdex, service_level
from metrics.unanswered import marks_so_far
from metrics.wall_to_wall import hops, wall_to_wall

PARTS = st.tuples(*[st.integers(0, 500)] * 5)


def calls_of(parts: tuple[int, ...]) -> Calls:
    in_time, late, short, abandoned_in_time, abandoned_late = parts
    return Calls(
        answered=in_time + late + 1,
        abandoned=short + abandoned_in_time + abandoned_late,
        answered_in_time=in_time,
        abandoned_in_time=short + abandoned_in_time,
        abandoned_short=short,
    )


@given(PARTS)
def test_every_treatment_is_a_share_and_ours_is_the_strictest_on_offered_calls(parts: tuple[int, ...]) -> None:
    calls = calls_of(parts)
    levels = {name: service_level(calls, name).value for name in TREATMENTS}
    assert all(0 <= level <= 1 + 1e-12 for level in levels.values())
    assert levels["offered"] == pytest.approx(min(levels.values()))
    assert service_level(calls).value == levels["offered"]


def test_an_unknown_treatment_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"rosy.*answered_only"):
        service_level(Calls(10, 1, 9), "rosy")


def test_intervals_are_summed_and_never_averaged() -> None:
    """Rule R1: 1 of 1 at night and 50 of 100 by day is 50.5%, not 75%."""
    night, day = Calls(1, 0, 1), Calls(100, 0, 50)
    both = Calls(night.answered + day.answered, 0, night.answered_in_time + day.answered_in_time)
    assert service_level(both).value == pytest.approx(51 / 101)


def test_abandonment_with_and_without_the_short_ones() -> None:
    calls = Calls(90, 10, 80, 5, 4)
    assert abandonment(calls).value == pytest.approx(0.10)
    assert abandonment(calls, without_short=True).value == pytest.approx(6 / 96)
    assert abandonment(calls).low < 0.10 < abandonment(calls).high


def test_apdex_zones_are_the_marks_of_a_wait() -> None:
    assert apdex(1, 0, 0) == 1 and apdex(0, 0, 1) == 0
    assert mark_of("wait", 30, channel="phone") == 8
    assert mark_of("wait", 120, channel="phone") == 5.5


def test_handling_is_made_of_sums() -> None:
    assert average_handling_time(3000, 200, 400, 20) == 180
    assert average_speed_of_answer(600, 30) == 20
    assert mean_wait(900, 40) == 22.5
    assert occupancy(600, 100, 100, 200) == 0.8


@pytest.mark.parametrize(
    "value", [average_handling_time(0, 0, 0, 0), average_speed_of_answer(0, 0), mean_wait(0, 0), occupancy(0, 0, 0, 0)]
)
def test_without_calls_there_is_no_figure(value: float) -> None:
    assert math.isnan(value)


RESPONSES = st.lists(st.tuples(st.integers(1, 500), st.booleans()), min_size=1, max_size=40)


@given(RESPONSES)
def test_kaplan_meier_is_that_of_statsmodels(rows: list[tuple[int, bool]]) -> None:
    from statsmodels.duration.survfunc import SurvfuncRight

    times, answered = zip(*rows, strict=True)
    at, still_open = survival(times, answered)
    if any(answered):
        theirs = SurvfuncRight(np.array(times), np.array(answered, int))
        found = dict(zip(theirs.surv_times, theirs.surv_prob, strict=True))
        assert [found[t] for t in at] == pytest.approx(still_open.tolist())


@given(RESPONSES)
def test_a_response_curve_falls_and_its_quantiles_rise(rows: list[tuple[int, bool]]) -> None:
    times, answered = zip(*rows, strict=True)
    _, still_open = survival(times, answered)
    assert (np.diff(still_open) <= 1e-12).all()
    quantiles = [response_quantile(times, answered, q) for q in (0.25, 0.5, 0.9)]
    assert quantiles == sorted(quantiles)


def test_leaving_out_the_unanswered_would_flatter() -> None:
    times, answered = [5, 10, 15, 300, 300, 300], [True, True, True, False, False, False]
    assert response_quantile(times[:3], answered[:3], 0.6) == 10
    assert math.isinf(response_quantile(times, answered, 0.6))


def test_young_open_questions_do_not_count_yet() -> None:
    assert response_rate([10, 20, 30], [True, False, False], 60).value == 1.0
    assert response_rate([10, 70, 80], [True, False, True], 60).value == pytest.approx(1 / 3)


def test_an_open_question_is_worth_at_most_its_wait_so_far() -> None:
    marks = marks_so_far("first_response", [0, 3600, 86400, 30 * 86400], channel="social")
    assert marks.tolist() == pytest.approx([10, 8, 5.5, 1])
    assert marks_so_far("wait", [60], channel="phone", norms={"T": 60})[0] == 8


def contact(customer: str = "a", days: float = 0.0, **more: object) -> Contact:
    return Contact(**{"customer": customer, "topic": "bag", "at": days * DAY} | more)  # pyright: ignore


def test_a_case_is_one_customer_and_topic_within_seven_days_whatever_the_channel() -> None:
    log = [
        contact(days=0, channel="phone"),
        contact(days=6, channel="chat"),
        contact(days=14),
        contact("b", 1),
        contact(days=2, topic="bill"),
    ]
    joined = cases(log, now=40 * DAY)
    assert sorted(len(case) for case in joined) == [1, 1, 1, 2]


def test_cases_count_when_they_can_no_longer_come_back() -> None:
    log = [contact("old", 0), contact("young", 5)]
    assert [case[0].customer for case in cases(log, now=8 * DAY)] == ["old"]
    assert cases(log, now=6 * DAY) == []


def test_resolution_and_repeats_are_two_sides_of_one() -> None:
    made = [(contact(),), (contact("b"),), (contact("c"), contact("c", 3)), (contact("d", resolvable=False), contact("d", 1))]
    assert first_contact_resolution(made).value == 0.5
    assert repeat_share(made).value == 0.5
    assert net_resolution(made).value == pytest.approx(2 / 3)
    passed_on = [(contact(departments=("service", "billing")),), (contact(departments=("service",)),)]
    assert transfer_share(passed_on).value == 0.5


@pytest.mark.parametrize(
    ("case", "count"),
    [
        ((contact(),), 0),
        ((contact(departments=("a", "b", "c")),), 2),
        ((contact(), contact(days=1), contact(days=2)), 2),
        ((contact(bot_failed=True, departments=("a", "b")),), 2),
    ],
)
def test_hops(case: tuple[Contact, ...], count: int) -> None:
    assert hops(case) == count


def test_from_pillar_to_post() -> None:
    around = (contact(departments=("service", "billing")), contact(days=1, departments=("billing", "service", "depot")))
    straight = (contact("b", departments=("service",)),)
    found = wall_to_wall([around, straight])
    assert found.index.value == 0.5
    assert found.mean_hops == 2
    assert found.loops.value == 0.5
    assert found.longest == ("service", "billing", "service", "depot")
    assert found.moves == {("service", "billing"): 1, ("billing", "service"): 1, ("service", "depot"): 1}


def test_without_cases_there_is_no_index() -> None:
    with pytest.raises(ValueError, match="seven days"):
        wall_to_wall([])


@pytest.mark.parametrize(
    ("case", "effort"),
    [
        ((contact(),), 0),
        ((contact(), contact(days=1)), 1),
        ((contact(channel="chat"), contact(days=1, channel="phone")), 2.5),
        ((contact(departments=("a", "b"), explained_again=True),), 1.5),
        ((contact(wait=120, norm=30),), 0.5),
        ((contact(wait=9999, norm=30),), 0.5),
        ((contact(wait=15, norm=30),), 0.0625),
    ],
)
def test_effort(case: tuple[Contact, ...], effort: float) -> None:
    assert effort_index(case) == pytest.approx(effort)
    mark = mark_of("effort_index", effort_index(case))
    assert mark is not None and 1 <= mark <= 10
