"""Sentiment: both languages, own names stripped, figures in range, and rules where there is no model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from text import sentiment
from text.features import see
from text.linear import LinearModel
from text.sentiment import LABELS, score_all

CLEAR = [
    ("nl", "Waardeloos, drie weken wachten op antwoord", "negative"),
    ("nl", "Nog steeds geen reactie, belachelijk dit", "negative"),
    ("nl", "Top geholpen door een vriendelijke medewerker, dank!", "positive"),
    ("nl", "Hoe laat gaan jullie morgen open?", "neutral"),
    ("en", "Been on hold for an hour and nobody answers. Terrible.", "negative"),
    ("en", "Amazing crew, thank you so much!", "positive"),
    ("en", "What time does check-in close for my flight?", "neutral"),
    ("nl", "Prachtig boek, in één ruk uitgelezen", "positive"),
    ("nl", "Het eten was koud en de bediening traag", "negative"),
]


@pytest.mark.parametrize(("language", "text", "label"), CLEAR)
def test_clear_texts(language, text, label):
    assert score_all([text], [language])[0].label == label


def test_own_names_carry_no_feeling():
    """VADER's lexicon holds 'united' at +1.8."""
    with_name, without = score_all(["united delayed my flight", "delayed my flight"], ["en", "en"], ("united",))
    assert with_name.lexicon == without.lexicon
    assert with_name.score == pytest.approx(without.score, abs=1e-9)
    assert score_all(["united delayed my flight"], ["en"])[0].lexicon > with_name.lexicon


def test_accounts_and_mask_tokens_carry_no_feeling():
    one, other = score_all(["@great_airline [NAAM] te laat", "te laat"], ["nl", "nl"])
    assert one.lexicon == other.lexicon


@given(st.lists(st.text(max_size=60), max_size=4))
def test_figures_are_in_range(texts):
    for one in score_all(texts, ["nl"] * len(texts)):
        assert -1 <= one.score <= 1 and one.label in LABELS and 1 / 3 <= one.probability <= 1 and -1 <= one.lexicon <= 1


def test_the_same_text_scores_the_same_alone_and_in_a_batch():
    texts = [text for _, text, _ in CLEAR]
    languages = [language for language, _, _ in CLEAR]
    together = score_all(texts, languages)
    assert together == [score_all([text], [code])[0] for text, code in zip(texts, languages, strict=True)]


def test_a_companys_own_model_decides():
    gloomy = LinearModel({"classes": ["felt", "positive"], "bias": [9.0, -9.0]}, {})
    assert score_all(["geweldig"], ["nl"], model=gloomy)[0].label == "negative"


def test_without_a_model_the_rules_decide(monkeypatch):
    monkeypatch.setattr(sentiment, "load", lambda name: None)
    found = score_all(["heel goed geholpen", "tafel", "waardeloos"], ["nl"] * 3)
    assert [one.label for one in found] == ["positive", "neutral", "negative"]
    assert found[0].score == found[0].lexicon


def test_nothing_gives_nothing():
    assert score_all([], []) == []


def felt(weights, bias=(0.0, 0.0)):
    return LinearModel({"classes": ["felt", "positive"], "bias": list(bias)}, weights)


def one(text, model, language="nl"):
    return score_all([text], [language], model=model)[0]


class TestTwoQuestions:
    """P(neutral) = 1 - felt; the rest is shared out by which way; the score is what is positive less what is negative."""

    @given(st.floats(-6, 6), st.floats(-6, 6))
    def test_the_three_chances_follow_from_the_two_answers(self, how_much, which_way):
        model = felt({}, (how_much, which_way))
        chances = sentiment.probabilities([see("x", "nl")], model)[0]
        is_felt, positive = 1 / (1 + np.exp(-how_much)), 1 / (1 + np.exp(-which_way))
        assert chances == pytest.approx([is_felt * (1 - positive), 1 - is_felt, is_felt * positive])
        assert chances.sum() == pytest.approx(1)

    @given(st.floats(-6, 6), st.floats(-6, 6))
    def test_score_label_and_probability_agree(self, how_much, which_way):
        model = felt({}, (how_much, which_way))
        found, chances = one("x", model), sentiment.probabilities([see("x", "nl")], model)[0]
        assert found.score == pytest.approx(chances[2] - chances[0], abs=1e-4)
        assert found.probability == pytest.approx(chances.max(), abs=1e-4)
        assert chances[LABELS.index(found.label)] == pytest.approx(chances.max())

    def test_no_feeling_is_neutral_whatever_its_way(self):
        assert one("x", felt({}, (-9.0, 9.0))).label == "neutral" and one("x", felt({}, (-9.0, -9.0))).label == "neutral"

    def test_turning_the_way_turns_the_score(self):
        up, down = one("x", felt({}, (2.0, 1.5))), one("x", felt({}, (2.0, -1.5)))
        assert up.score == pytest.approx(-down.score) and up.probability == down.probability

    def test_a_word_moves_the_score_as_its_weight_says(self):
        model = felt({"w:joepie": (3.0, 3.0), "w:bah": (3.0, -3.0)})
        assert one("bah", model).score < one("tja", model).score < one("joepie", model).score


class TestShippedModel:
    """What a model that learned feeling must get right, whatever it was trained on."""

    @pytest.mark.parametrize(
        ("language", "good", "bad"),
        [
            ("nl", "snel geholpen", "niet geholpen"),
            ("nl", "de bus kwam op tijd, fijn", "de bus kwam weer niet, bah"),
            ("nl", "heerlijk gegeten", "vies gegeten"),
            ("nl", "boeiend boek", "saai boek"),
            ("en", "thanks for the quick refund", "no refund, no answer"),
            ("en", "crew was lovely", "crew was rude"),
            ("en", "finally fixed, great work", "still not fixed"),
        ],
    )
    def test_the_better_scores_higher(self, language, good, bad):
        better, worse = score_all([good, bad], [language] * 2)
        assert better.score > worse.score

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_nothing_said_is_no_praise(self, language):
        assert score_all(["."], [language])[0].label != "positive"

    def test_a_town_carries_no_feeling(self):
        """'rot' opens a bad compound (rotbedrijf), and Rotterdam is none."""
        in_town, nowhere = score_all(["trein naar rotterdam", "trein naar utrecht"], ["nl"] * 2)
        assert in_town.lexicon == nowhere.lexicon == 0.0

    def test_other_languages_are_scored_as_english(self):
        assert score_all(["thank you, great"], ["other"]) == score_all(["thank you, great"], ["en"])

    def test_as_many_languages_as_texts(self):
        with pytest.raises(ValueError, match="shorter"):
            score_all(["a", "b"], ["nl"])
