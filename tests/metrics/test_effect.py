"""The verdict on a change, and what it rests on."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.effect import DEPENDS, NOT_SHOWN, SHOWN, TOO_EARLY, effect, placebo_p


def weekly(seed: int, size: float = 0.0, before: int = 52, after: int = 8, noise: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Weekly marks of a touched cell and three untouched ones that share season and trend."""
    rng = np.random.default_rng(seed)
    t = np.arange(before + after)
    shared = 0.3 * np.sin(2 * np.pi * t / 52) + 0.2 * t / len(t) + rng.normal(0, 0.05, len(t))
    controls = 7 + shared[:, None] * rng.uniform(0.8, 1.2, 3) + rng.normal(0, noise, (len(t), 3))
    return 7.2 + shared + rng.normal(0, noise, len(t)) + size * (t >= before), controls


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


def test_what_came_long_after_the_change_is_not_its_effect() -> None:
    y, controls = weekly(5, size=0.6, after=30)
    y[52 + 14 :] -= 2.0
    found = effect(y, 52, controls=controls)
    assert found.verdict == SHOWN and found.free is not None
    assert len(found.free.expected) == 12
    assert found.placebos == 52 - 8 - 12 + 1, "with thirty weeks after it, the year before would hold 15 dates: never enough"


def test_a_jump_with_too_short_a_history_says_so() -> None:
    y, controls = weekly(5, size=0.8, before=20)
    found = effect(y, 20, controls=controls)
    assert (found.verdict, found.doubt) == (NOT_SHOWN, "history")
    assert found.ticks["assumptions"]


def test_a_jump_seen_on_other_dates_says_so_and_a_shown_one_has_no_doubt() -> None:
    y, controls = weekly(5, size=0.6)
    assert effect(y, 52, controls=controls).doubt == ""
    y[20:28] += 0.9
    found = effect(y, 52, controls=controls)
    assert (found.verdict, found.doubt) == (NOT_SHOWN, "placebo")
