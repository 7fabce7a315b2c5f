"""Response times with the unanswered still waiting."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.response_time import response_quantile, response_rate, survival

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
