"""Promise and expectation: what was said, how loudly, how long ago, and what customers say they expected."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.promise import DAY_MS, HARD_SD, SOFT_SD, Promise, Survey, expectation, loudness, promised_mark


def hard(**more: object) -> Promise:
    return Promise(
        **{"id": "h", "kind": "hard", "valid_from": 0, "metric": "first_response", "threshold": 3600.0, "channel": "social"}
        | more
    )  # pyright: ignore


def soft(mark: float = 8.0, **more: object) -> Promise:
    return Promise(**{"id": "s", "kind": "soft", "valid_from": 0, "soft_mark": mark} | more)  # pyright: ignore


@pytest.mark.parametrize(("threshold", "mark"), [(3600, 8.0), (86400, 5.5), (3 * 86400, 3.0)])
def test_a_hard_promise_is_worth_what_customers_find_of_it(threshold: float, mark: float) -> None:
    assert promised_mark(hard(threshold=threshold)) == (pytest.approx(mark), HARD_SD)


def test_promising_two_weeks_earns_no_eight() -> None:
    assert promised_mark(hard(threshold=14 * 86400, channel="email"))[0] == 1


def test_a_share_is_promised_without_a_threshold() -> None:
    assert promised_mark(hard(metric="on_time", threshold=None, share=0.95))[0] == pytest.approx(8.0)


def test_a_soft_promise_has_the_mark_that_marketing_chose_and_is_less_sure() -> None:
    assert promised_mark(soft(6.5)) == (6.5, SOFT_SD)


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: soft(0.0), "mark"),
        (lambda: soft(11.0), "mark"),
        (lambda: soft(None), "mark"),  # pyright: ignore
        (lambda: hard(share=1.0), "share"),
        (lambda: hard(share=0.0), "share"),
        (lambda: hard(reach=1.5), "reach"),
        (lambda: hard(threshold=None), "threshold"),
        (lambda: Promise("x", "vague", 0), "kind"),
    ],
)
def test_a_promise_nobody_could_measure_is_refused(make, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        make()


def test_a_metric_that_customers_do_not_notice_cannot_be_promised() -> None:
    with pytest.raises(ValueError, match="contacts"):
        promised_mark(hard(metric="contacts", threshold=10.0))


def test_a_promise_lingers_for_weeks_after_it_ends() -> None:
    said = soft(reach=0.5, emphasis=2, valid_from=10 * DAY_MS, valid_to=20 * DAY_MS)
    assert loudness(said, 9 * DAY_MS) == 0
    assert loudness(said, 15 * DAY_MS) == 1.0
    assert loudness(said, 20 * DAY_MS) == 1.0
    assert loudness(said, 48 * DAY_MS) == pytest.approx(0.5)
    assert loudness(said, 76 * DAY_MS) == pytest.approx(0.25)


def test_several_promises_are_heard_by_reach_and_emphasis() -> None:
    loud, quiet = soft(9.0, id="loud", reach=0.9, emphasis=3), soft(6.5, id="quiet", reach=0.3, emphasis=1)
    found = expectation([loud, quiet], DAY_MS)
    assert found is not None
    assert found.value == pytest.approx((2.7 * 9 + 0.3 * 6.5) / 3.0)
    assert (found.loudest, found.loudest_mark) == ("loud", 9.0)
    assert found.variance == pytest.approx((0.9**2 + 0.1**2) * SOFT_SD**2)


def test_what_hardly_anybody_heard_is_not_quoted() -> None:
    found = expectation([soft(9.0, id="whisper", reach=0.1), soft(7.0, id="poster", reach=0.6)], DAY_MS)
    assert found is not None
    assert found.loudest == "poster"
    alone = expectation([soft(9.0, reach=0.1)], DAY_MS)
    assert alone is not None and alone.loudest == "" and math.isnan(alone.loudest_mark)


def test_claims_count_until_measured() -> None:
    found = expectation([soft(8.0)], DAY_MS, Survey(6.0, 2.0, 50))
    assert found is not None
    assert found.survey_weight == pytest.approx(0.88, abs=0.006)
    assert found.value == pytest.approx(0.875 * 6 + 0.125 * 8, abs=0.01)


def test_nine_answers_are_not_a_survey() -> None:
    found = expectation([soft(8.0)], DAY_MS, Survey(2.0, 1.0, 9))
    assert found is not None
    assert (found.value, found.survey_weight) == (8.0, 0.0)


def test_a_survey_alone_is_an_expectation_too() -> None:
    found = expectation([], DAY_MS, Survey(7.0, 2.0, 100))
    assert found is not None
    assert (found.value, found.survey_weight) == (7.0, 1.0)
    assert found.interval.half == pytest.approx(1.96 * 0.2, abs=0.001)


@pytest.mark.parametrize("promises", [[], [soft(valid_from=5 * DAY_MS)]])
def test_without_a_promise_or_a_survey_there_is_no_expectation(promises: list[Promise]) -> None:
    assert expectation(promises, DAY_MS) is None
    assert expectation(promises, DAY_MS, Survey(7, 2, 5)) is None


@given(st.floats(1, 10), st.floats(1, 10), st.floats(0.2, 1), st.integers(10, 500))
def test_an_expectation_lies_between_what_was_said_and_what_was_measured(
    said: float, measured: float, reach: float, n: int
) -> None:
    found = expectation([soft(said, reach=reach)], DAY_MS, Survey(measured, 2.0, n))
    assert found is not None
    assert min(said, measured) - 1e-9 <= found.value <= max(said, measured) + 1e-9
    assert 1 <= found.interval.low <= found.interval.high <= 10
