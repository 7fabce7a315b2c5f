"""Unanswered questions in a mean."""

from __future__ import annotations

import pytest

from metrics.unanswered import marks_so_far


def test_an_open_question_is_worth_at_most_its_wait_so_far() -> None:
    marks = marks_so_far("first_response", [0, 3600, 86400, 30 * 86400], channel="social")
    assert marks.tolist() == pytest.approx([10, 8, 5.5, 1])
    assert marks_so_far("wait", [60], channel="phone", norms={"T": 60})[0] == 8
