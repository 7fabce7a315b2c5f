"""Fitting: what is learned is what is read, rare words count, classes can count alike, and vectors reach unseen words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.engine import NOTHING
from text.features import Seen
from text.learning import LEAST_SEEN, Example, features_of, fit
from text.linear import text_scale
from text.meanings import Meanings


def seen(text, **signs):
    return Seen(text.split(), signs, NOTHING)


def examples(*texts, times=4):
    """Examples from 'label: words', each a few times so that its words are kept."""
    pairs = [text.split(": ") for text in texts] * times
    return [Example(seen(words), label) for label, words in pairs]


TWO = examples("bad: slecht geregeld", "good: goed geregeld")
MEANINGS = Meanings(
    {"goed": 0, "prima": 1, "slecht": 2, "beroerd": 3, "geregeld": 4},
    np.array([[1.0, 0.1], [0.9, 0.0], [-1.0, 0.1], [-0.9, 0.0], [0.0, 1.0]], dtype=np.float32),
)


def called(fitted, text):
    """The class that the one output of a two-class model points to."""
    return fitted.classes[int(fitted.model().outputs([seen(text)])[0, 0] > 0)]


class TestFeatures:
    def test_words_letters_pairs_and_signs(self):
        found = features_of(seen("heel goed", **{"e:+": 1.0}))
        assert {"w:heel", "w:goed", "b:^ heel", "b:heel goed", "l:_goe", "s:e:+"} <= found.keys()

    def test_without_pairs(self):
        assert not any(name.startswith("b:") for name in features_of(seen("heel goed"), pairs=False))

    def test_a_word_twice_counts_twice(self):
        once, twice = features_of(seen("goed zo")), features_of(seen("goed goed"))
        assert twice["w:goed"] == pytest.approx(2 * once["w:goed"])

    @given(st.lists(st.sampled_from(["goed", "slecht", "0", "!!", "zo"]), max_size=30))
    def test_longer_texts_count_less_per_word(self, tokens):
        found = features_of(Seen(tokens, {}, NOTHING))
        words = sum(value for name, value in found.items() if name.startswith("w:"))
        assert words == pytest.approx(len(tokens) * text_scale(len(tokens)))

    @given(st.text(alphabet="abc", min_size=1, max_size=12))
    def test_a_words_letters_are_shared_out(self, word):
        found = features_of(seen(word), pairs=False)
        squares = sum(value**2 for name, value in found.items() if name.startswith("l:"))
        assert squares >= text_scale(1) ** 2 * 0.999


class TestFit:
    def test_it_learns_what_tells_the_classes_apart(self):
        fitted = fit(TWO)
        assert called(fitted, "goed") == "good" and called(fitted, "slecht") == "bad"

    def test_the_same_examples_give_the_same_model(self):
        assert fit(TWO) == fit(TWO)

    def test_a_word_seen_once_is_left_out(self):
        fitted = fit([*TWO, Example(seen("eenmalig"), "good")])
        assert LEAST_SEEN == 2
        assert "w:goed" in fitted.weights and "w:eenmalig" not in fitted.weights

    def test_a_stronger_penalty_gives_smaller_weights(self):
        weak, strong = fit(TWO, strength=10.0), fit(TWO, strength=0.01)
        assert abs(weak.weights["w:goed"][0]) > 10 * abs(strong.weights["w:goed"][0])

    def test_a_rare_word_gets_more_weight_than_a_common_one_that_tells_as_much(self):
        """Rarity scales what the penalty sees; without it both words would weigh the same."""
        filler = examples("bad: aaa", "good: bbb", times=40)
        rare = examples("good: zelden", times=3)
        often = examples("good: vaak", times=30)
        weights = fit([*filler, *rare, *often], strength=0.001).weights
        per_text = {word: weights[f"w:{word}"][0] / count for word, count in (("zelden", 3), ("vaak", 30))}
        assert per_text["zelden"] > 2 * per_text["vaak"] > 0

    def test_balanced_counts_classes_alike(self):
        uneven = [*examples("bad: x y", times=60), *examples("good: x y", times=6)]
        assert called(fit(uneven), "x y") == "bad"
        plain, even = (fit(uneven, balanced=some).model().outputs([seen("x y")])[0, 0] for some in (False, True))
        assert plain < -1 and even == pytest.approx(0, abs=0.2)

    def test_weights_of_examples_count(self):
        torn = [Example(seen("zus"), "bad", 0.1), Example(seen("zus"), "good", 3.0)] * 5
        assert called(fit(torn), "zus") == "good"

    def test_three_classes_have_an_output_each(self):
        fitted = fit(examples("a: een", "b: twee", "c: drie"))
        assert fitted.classes == ["a", "b", "c"] and len(fitted.bias) == 3
        assert fitted.model().outputs([seen("twee")]).argmax() == 1

    def test_a_header_goes_with_the_model(self):
        assert fit(TWO).model(task="demo").header["task"] == "demo"


class TestMeanings:
    def test_a_word_that_no_example_used_gets_the_weight_of_its_meaning(self):
        fitted = fit(TWO, meanings=MEANINGS)
        assert fitted.weights["w:prima"][0] > 0.01 and fitted.weights["w:beroerd"][0] < -0.01
        assert called(fitted, "prima") == "good" and called(fitted, "beroerd") == "bad"
        assert "w:prima" not in fit(TWO).weights

    def test_a_word_of_another_direction_stays_indifferent(self):
        weights = fit(TWO, meanings=MEANINGS).weights
        assert abs(weights["w:geregeld"][0]) < abs(weights["w:prima"][0])

    def test_written_out_they_give_what_was_fitted(self):
        """The examples are told apart at least as well as without vectors, so both halves of a weight were added up."""
        with_them, without = fit(TWO, meanings=MEANINGS), fit(TWO)
        for text, sign in (("goed geregeld", 1), ("slecht geregeld", -1)):
            margins = [sign * one.model().outputs([seen(text)])[0, 0] for one in (with_them, without)]
            assert margins[0] > margins[1] > 0

    def test_several_classes(self):
        fitted = fit(examples("a: goed", "b: slecht", "c: geregeld"), meanings=MEANINGS)
        assert len(fitted.weights["w:prima"]) == 3
        assert fitted.model().outputs([seen("beroerd")]).argmax() == fitted.classes.index("b")
