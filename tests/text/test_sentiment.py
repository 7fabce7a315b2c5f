"""Sentiment: both languages, own names stripped, figures in range, and rules where there is no model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text import sentiment
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
