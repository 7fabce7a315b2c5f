"""The rule engine on English is vaderSentiment, to the last digit; and each rule has an example."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from text.corpora import DATA, subtitles_text
from text.engine import NEUTRAL, NOTHING, RuleEngine, load_engine
from text.evaluate import read_rows
from text.words import load_words

TEXTS = 100_000
GLUE = [
    "but",
    "BUT",
    "no",
    "No",
    "least",
    "at",
    "very",
    "never",
    "so",
    "this",
    "without",
    "doubt",
    "kind",
    "of",
    "sort",
    "or",
    "nor",
    "the",
    "bomb",
    "shit",
    "bad",
    "ass",
    "bus",
    "stop",
    "yeah",
    "right",
    "to",
    "die",
    "for",
    "just",
    "enough",
    "GOOD",
    "KIND",
    "hand",
    "beating",
    "heart",
    "!!!",
    "??",
    "?",
    "...",
    '"great,"',
    "(good)",
    "x😀good",
    "😀",
    "😀😁",
    "❤️",
    ":)",
    ":(",
    "don't",
    "isn't",
    "ain't",
]


@pytest.fixture(scope="module")
def vader():
    return SentimentIntensityAnalyzer()


def ours(text):
    return dict(zip(("neg", "neu", "pos", "compound"), load_engine("en").polarity(text), strict=True))


def real_texts():
    """Film lines and customer messages, in both languages: 18,000 texts that people wrote."""
    yield from (text for text, _ in subtitles_text(100_000))
    for path in sorted(DATA.glob("messages_*.jsonl.gz")):
        yield from (row["text"] for row in read_rows(path))


def made_texts(count, seed):
    """Rows of words that meet every rule of VADER far more often than people's texts do."""
    chance = random.Random(seed)
    words = load_words("en")
    pool = list(words.valence) + [*words.boosters, *words.negations, *GLUE] * 30 + ["foo", "bar", "baz"] * 300
    for _ in range(count):
        some = chance.choices(pool, k=chance.randint(1, 14))
        yield " ".join(word.upper() if chance.random() < 0.1 else word for word in some)


def test_equals_vader_on_a_hundred_thousand_texts(vader):
    texts = list(real_texts())
    texts += made_texts(max(0, TEXTS - len(texts)) + 5_000, seed=7)
    assert len(texts) >= TEXTS
    different = [text for text in texts if vader.polarity_scores(text) != ours(text)]
    assert different == []


@given(st.text(max_size=120))
def test_equals_vader_on_any_characters(text):
    assert SHARED.polarity_scores(text) == ours(text)


@given(st.lists(st.sampled_from([*GLUE, "good", "GREAT", "awful", "kind", "no", "hope"]), max_size=12))
def test_equals_vader_where_rules_meet(words):
    text = " ".join(words)
    assert SHARED.polarity_scores(text) == ours(text)


SHARED = SentimentIntensityAnalyzer()


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("goed", "niet goed"),
        ("niet slecht", "slecht"),
        ("heel goed", "goed"),
        ("goed", "beetje goed"),
        ("werkt", "werkt niet"),
        ("het helpt", "het helpt mij niet"),
        ("Eerst was het slecht maar nu is het goed", "Eerst was het goed maar nu is het slecht"),
        ("geen gedoe", "wat een gedoe"),
        ("niets dan lof", "niets"),
        ("droombedrijf", "rotbedrijf"),
        ("gewoon een route", "weer een internetstoring"),
        ("fijne avond", "gemene streek"),
        ("nooit problemen", "nooit meer"),
        ("dank 😍", "dank 😡"),
        ("suuuuper", "slechtt"),
        ("goed, niet duur", "duur"),
        ("GOED geholpen hoor", "goed geholpen hoor"),
        ("prima!!!", "prima"),
        ("allesbehalve slecht", "allesbehalve goed"),
        ("nauwelijks klachten", "nauwelijks goed"),
        ("vreselijk lekker", "vreselijk"),
    ],
)
def test_each_dutch_rule(better, worse):
    engine = load_engine("nl")
    assert engine.compound(better) > engine.compound(worse)


@pytest.mark.parametrize("text", ["Waardeloos, drie weken wachten op antwoord", "van het kastje naar de muur", "0 sterren"])
def test_dutch_that_a_word_list_alone_misses(text):
    assert load_engine("nl").compound(text) < -0.3


def test_dutch_goed_and_not_goed_have_opposite_signs():
    engine = load_engine("nl")
    assert engine.compound("niet goed") < 0 < engine.compound("goed")


def test_a_clause_end_stops_a_dutch_negation():
    engine = load_engine("nl")
    assert engine.compound("dat kan niet. goed gedaan") > 0


def test_nothing_and_neutral():
    assert load_engine("nl").polarity("") == NOTHING
    assert load_engine("nl").polarity("tafel stoel") == NEUTRAL
    assert load_engine("en").polarity("   ") == NOTHING


def test_any_other_language_gets_the_english_rules():
    assert load_engine("other").polarity("great") == load_engine("en").polarity("great")


def test_the_memory_of_words_is_bounded(monkeypatch):
    monkeypatch.setattr("text.engine.REMEMBERED", 10)
    engine = RuleEngine(load_words("en"))
    for number in range(50):
        engine.compound(f"word{number} good")
    assert len(engine._facts) <= 10


def test_vader_itself_is_never_changed(vader):
    before = dict(vader.lexicon)
    load_engine("nl").compound("heel goed")
    assert vader.lexicon == before
