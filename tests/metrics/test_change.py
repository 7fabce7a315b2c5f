"""What changed: an exact split, and since when."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.change import kitagawa, since_when, with_intervals

GROUP = st.tuples(st.integers(1, 500), st.floats(1, 10), st.integers(1, 500), st.floats(1, 10))


@given(st.lists(GROUP, min_size=1, max_size=8))
def test_the_parts_add_up_to_the_change_exactly(rows: list[tuple[int, float, int, float]]) -> None:
    n0, m0, n1, m1 = (np.array(column, float) for column in zip(*rows, strict=True))
    split = kitagawa([str(i) for i in range(len(rows))], n0, m0, n1, m1)
    change = (n1 * m1).sum() / n1.sum() - (n0 * m0).sum() / n0.sum()
    assert split.change == pytest.approx(change, abs=1e-9)
    assert sum(part.total for part in split.parts) == pytest.approx(change, abs=1e-9)
    assert split.mix + split.performance == pytest.approx(change, abs=1e-9)


@given(st.lists(GROUP, min_size=1, max_size=6))
def test_the_split_turns_with_the_periods(rows: list[tuple[int, float, int, float]]) -> None:
    n0, m0, n1, m1 = zip(*rows, strict=True)
    names = [str(i) for i in range(len(rows))]
    there, back = kitagawa(names, n0, m0, n1, m1), kitagawa(names, n1, m1, n0, m0)
    assert there.mix == pytest.approx(-back.mix, abs=1e-9)
    assert there.performance == pytest.approx(-back.performance, abs=1e-9)


def test_other_questions_are_not_a_worse_service() -> None:
    split = kitagawa(["easy", "hard"], [90, 10], [8.0, 5.0], [60, 40], [8.0, 5.0])
    assert split.performance == pytest.approx(0)
    assert split.mix == pytest.approx(-0.9)
    assert split.mostly_mix


def test_a_worse_service_is_not_other_questions() -> None:
    split = kitagawa(["phone", "chat"], [50, 50], [8.0, 7.0], [50, 50], [7.0, 7.0])
    assert split.mix == pytest.approx(0)
    assert split.performance == pytest.approx(-0.5)
    assert not split.mostly_mix
    assert split.top(1)[0].group == "phone"


def test_a_new_channel_is_mix_and_not_a_change_of_its_mark() -> None:
    split = kitagawa(["phone", "app"], [100, 0], [7.0, float("nan")], [50, 50], [7.0, 9.0])
    assert split.change == pytest.approx(1.0)
    assert split.performance == pytest.approx(0)


def test_nothing_moved_is_not_mostly_mix() -> None:
    assert not kitagawa(["a"], [10], [7.0], [20], [7.0]).mostly_mix


def test_intervals_tell_a_real_part_from_noise() -> None:
    n0, m0, n1, m1 = [400, 400], [8.0, 7.0], [400, 400], [7.0, 7.02]
    split = with_intervals(kitagawa(["phone", "chat"], n0, m0, n1, m1), n0, m0, [4, 4], n1, m1, [4, 4])
    phone, chat = split.parts
    assert phone.high < 0
    assert chat.low < 0 < chat.high
    again = with_intervals(kitagawa(["phone", "chat"], n0, m0, n1, m1), n0, m0, [4, 4], n1, m1, [4, 4])
    assert again.parts == split.parts


@pytest.mark.parametrize("at", [30, 60, 90])
def test_the_moment_of_a_change_is_found(at: int) -> None:
    rng = np.random.default_rng(at)
    series = np.r_[rng.normal(8, 0.3, at), rng.normal(7, 0.3, 120 - at)]
    found = since_when(series)
    assert len(found) == 1
    assert abs(found[0] - at) <= 2


def test_where_nothing_changed_nothing_is_found() -> None:
    rng = np.random.default_rng(5)
    found = [since_when(rng.normal(7, 0.3, 100)) for _ in range(30)]
    assert sum(bool(one) for one in found) <= 10, "it is asked after an alarm; alone it is too eager"
    assert since_when([7.0] * 6) == ()
