"""Words beyond chance."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.words import log_odds, telling_words


def test_words_used_more_come_first_and_chance_is_left_out() -> None:
    now = Counter({"vertraging": 60, "koffer": 30, "bedankt": 10, "vlucht": 200})
    before = Counter({"vertraging": 10, "koffer": 30, "bedankt": 40, "vlucht": 220})
    found = log_odds(now, before, usual=before + now)
    assert [found[0].word, found[-1].word] == ["vertraging", "bedankt"]
    assert [one.word for one in telling_words(found)] == ["vertraging"]


def test_a_rare_word_is_not_telling_however_new() -> None:
    found = log_odds({"drone": 4, "the": 1000}, {"the": 1000}, prior=0.01)
    assert found[0].word == "drone"
    assert telling_words(found) == []


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 50), min_size=1),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 50), min_size=1),
)
def test_turning_the_periods_turns_the_sign(now: dict[str, int], before: dict[str, int]) -> None:
    there = {one.word: one.z for one in log_odds(now, before, prior=0.5)}
    back = {one.word: one.z for one in log_odds(before, now, prior=0.5)}
    assert there.keys() == back.keys()
    assert all(there[word] == pytest.approx(-back[word]) for word in there)


def test_the_prior_holds_rare_words_back() -> None:
    now, before = {"new": 3, "old": 500}, {"new": 1, "old": 500}
    usual = {"new": 100, "old": 5000}
    loose = next(one for one in log_odds(now, before, prior=0.01) if one.word == "new")
    held = next(one for one in log_odds(now, before, usual=usual) if one.word == "new")
    assert abs(held.log_odds) < abs(loose.log_odds)
