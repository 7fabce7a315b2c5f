"""Writing regular expressions out: what is written out matches exactly what the expression does, or nothing is."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.phrases import END, MOST, must_hold, written_out

letters = st.sampled_from(["a", "b", "ab", "é", "a b", "-"])


def rules():
    """Small regular expressions of letters, alternatives and optional parts."""
    grouped = st.lists(letters, min_size=1, max_size=3).map(lambda some: "(" + "|".join(some) + ")")
    piece = letters | grouped | grouped.map(lambda group: group + "?")
    return st.tuples(letters, st.lists(piece, max_size=3).map("".join)).map("".join)


@given(rules())
def test_phrases_are_what_the_expression_matches_whole(rule):
    phrases = written_out(rule)
    assert phrases is not None
    assert all(re.fullmatch(rule, phrase) for phrase in phrases)


@given(rules(), st.text(alphabet="abé -", max_size=6))
def test_whatever_the_expression_matches_whole_is_a_phrase(rule, text):
    phrases = written_out(rule) or []
    if re.fullmatch(rule, text):
        assert text in phrases
    else:
        assert text not in phrases


@given(rules())
def test_a_phrase_stands_once(rule):
    phrases = written_out(rule) or []
    assert len(phrases) == len(set(phrases))


def test_every_combination_is_there():
    assert sorted(written_out("(a|b)(c|d)?") or []) == sorted(x + y for x, y in product("ab", ["c", "d", ""]))


@pytest.mark.parametrize(
    "rule", [r"\d+", "a+", "a*", "[ab]", "a.b", "a{2}", "^a", "a$", r"\w", r"\s", "ab(?! c)", "ab (?!c|d)", "(?<!c )ab"]
)
def test_what_is_without_number_is_not_written_out(rule):
    assert written_out(rule) is None


@pytest.mark.parametrize(
    ("rule", "phrases"), [(r"a\.b", ["a.b"]), (r"c\+\+", ["c++"]), (r"a\?", ["a?"]), (r"mr\.?", ["mr.", "mr"])]
)
def test_marks_that_are_meant(rule, phrases):
    assert written_out(rule) == phrases


def test_a_words_end_is_marked():
    assert written_out(r"top\b") == ["top" + END]
    assert written_out(r"(top|flop)\b") == ["top" + END, "flop" + END]


def test_a_words_end_before_a_space_says_nothing():
    assert written_out(r"top\b dag") == ["top dag"]


def test_too_many_are_left_to_the_expression():
    tens = "(" + "|".join("abcdefghij") + ")"
    assert len(written_out(tens * 3) or []) == 1000 < MOST
    assert written_out(tens * 4) is None


def test_nothing_is_no_phrase():
    assert written_out("a?") is None and written_out("(a|)") is None


@given(rules(), st.text(alphabet="abé -", max_size=8))
def test_what_a_match_must_hold_it_holds(rule, text):
    if re.search(rule, text):
        assert must_hold(rule) in text
