"""Clocks: fading, hysteresis, and periods of whole days."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.clocks import DAY, HALF_LIVES, HOUR, advance, choose_half_life, effective_window, fade, four_weeks, month
from metrics.intervals import bounded_mean, kish
from metrics.summaries import Sums


def buckets(ages: list[float], marks: list[list[float]]) -> Sums:
    """One metric, one time bucket per list of marks."""
    x = [np.array(own, float) for own in marks]
    column = {
        "n": [len(own) for own in x],
        "w": [len(own) for own in x],
        "w2": [len(own) for own in x],
        "m1": [own.sum() for own in x],
        "m2": [(own**2).sum() for own in x],
        "v": [own.sum() for own in x],
    }
    assert len(ages) == len(marks)
    return Sums(("csat10",), **{name: np.array(values, float)[:, None] for name, values in column.items()})


def test_fading_is_weighting_every_case() -> None:
    ages = [0.0, HOUR, 3 * HOUR]
    faded = fade(buckets(ages, [[8, 9], [7], [2, 3]]), ages, HOUR)
    w = np.array([1, 1, 0.5, 0.125, 0.125])
    x = np.array([8, 9, 7, 2, 3.0])
    assert faded.w[0] == pytest.approx(w.sum())
    assert faded.w2[0] == pytest.approx((w**2).sum())
    assert faded.m1[0] == pytest.approx((w * x).sum())
    assert faded.m2[0] == pytest.approx((w * x * x).sum())
    assert kish(faded.w, faded.w2)[0] == pytest.approx(w.sum() ** 2 / (w**2).sum())


def test_an_old_bad_hour_fades_without_a_jump() -> None:
    marks = [[2.0] * 20, [8.0] * 20]
    means = []
    for later in range(12):
        faded = fade(buckets([0, 0], marks), [(2 + later) * HOUR, later * HOUR], 4 * HOUR)
        means.append(bounded_mean(faded.w[0], faded.w2[0], faded.m1[0], faded.m2[0]).value)
    assert np.ptp(means) < 1e-9, "both fade alike: nothing falls out of a window"


def test_cases_of_long_ago_are_not_counted() -> None:
    faded = fade(buckets([0, 11 * HOUR], [[8], [7]]), [0, 11 * HOUR], HOUR)
    assert faded.n[0] == 1


def test_one_step_per_tick_equals_fading_anew() -> None:
    first, second = buckets([0], [[8, 7]]), buckets([0], [[3]])
    state = fade(first, [0], HOUR)
    fresh = Sums(second.names, *(getattr(second, name)[0] for name in ("n", "w", "w2", "m1", "m2", "v")))
    stepped = advance(state, fresh, 2 * HOUR, HOUR)
    whole = fade(buckets([2 * HOUR, 0], [[8, 7], [3]]), [2 * HOUR, 0], HOUR)
    for name in ("w", "w2", "m1", "m2", "v"):
        assert getattr(stepped, name) == pytest.approx(getattr(whole, name))


@pytest.mark.parametrize(
    ("n_eff", "current", "hours"),
    [
        ([31, 90, 300, 900], None, 1),
        ([29, 90, 300, 900], None, 4),
        ([1, 2, 3, 4], None, 168),
        ([29, 90, 300, 900], 1, 1),
        ([23, 90, 300, 900], 1, 4),
        ([33, 90, 300, 900], 4, 4),
        ([36, 90, 300, 900], 4, 1),
        ([2, 5, 20, 50], 1, 168),
        ([40, 90, 300, 900], 168, 1),
    ],
)
def test_the_half_life_changes_late(n_eff: list[float], current: float | None, hours: float) -> None:
    now = None if current is None else current * HOUR
    assert choose_half_life(n_eff, now) == hours * HOUR


@given(st.lists(st.floats(0, 200), min_size=4, max_size=4).map(sorted), st.sampled_from(HALF_LIVES))
def test_it_settles_at_once(n_eff: list[float], current: float) -> None:
    chosen = choose_half_life(n_eff, current)
    assert choose_half_life(n_eff, chosen) == chosen


def test_the_window_printed_has_the_same_mean_age() -> None:
    h = 24 * HOUR
    ages = np.arange(0, 40 * DAY, 600.0)
    w = 2 ** (-ages / h)
    assert (w * ages).sum() / w.sum() == pytest.approx(effective_window(h) / 2, rel=0.01)
    assert (w * ages).sum() / w.sum() / HOUR == pytest.approx(34.6, abs=0.2)
    assert effective_window(h) / HOUR == pytest.approx(69.2, abs=0.1)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_four_weeks_hold_every_weekday_four_times(today: date) -> None:
    first, last = four_weeks(today)
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    assert last == today - timedelta(days=1)
    assert [sum(day.weekday() == w for day in days) for w in range(7)] == [4] * 7


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_the_month_is_whole_and_over(today: date) -> None:
    first, last = month(today)
    assert first.day == 1 and (last + timedelta(days=1)).day == 1
    assert (first.year, first.month) == (last.year, last.month)
    assert last < today and (today.replace(day=1) - last).days == 1
