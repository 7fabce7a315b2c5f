"""The language model: our messages and film lines against made sentences of other tongues, drawn by a seed."""

import gzip
import json
import random
from collections import Counter

import pytest

from text import language_training
from text.corpora import Message
from text.language_training import _dictionaries, _known, _sentence, _written_words, train_language

DUTCH = ["waar blijft mijn bestelling nou", "ik wacht al drie weken", "dat is niet goed gegaan"]
ENGLISH = ["where is my order now", "i have waited three weeks", "that did not go well"]


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Six messages, no film lines, one written line of German, and dictionaries of three words each."""
    texts = [(text, "nl") for text in DUTCH] + [(text, "en") for text in ENGLISH]
    monkeypatch.setattr(language_training, "messages", lambda: [Message(t, c, "", "", "", "a") for t, c in texts] * 5)
    monkeypatch.setattr(language_training, "subtitles_text", lambda most: [])
    (tmp_path / "written").mkdir()
    (tmp_path / "written" / "other_languages.tsv").write_text("de\tich du nicht bestellung wo ist\n", encoding="utf8")
    monkeypatch.setattr(language_training, "DATA", tmp_path)
    (tmp_path / "resources").mkdir()
    for code in language_training.OTHERS:
        words = json.dumps({f"{code}que": 9, f"{code}los": 5, f"{code}per": 1})
        (tmp_path / "resources" / f"{code}.json.gz").write_bytes(gzip.compress(words.encode()))
    monkeypatch.setattr(language_training, "package_folder", lambda name: tmp_path)
    monkeypatch.setattr(language_training, "SENTENCES", 20)


def test_it_tells_the_three_apart(small):
    model = train_language().model()
    assert model.classes == ["en", "nl", "other"]
    asked = [language_training._example(text, "").seen for text in ("mijn bestelling", "my order", "ich nicht frque")]
    assert [model.classes[place] for place in model.outputs(asked).argmax(axis=1)] == ["nl", "en", "other"]


def test_the_same_seed_gives_the_same_model(small):
    assert train_language(3) == train_language(3)


def test_another_seed_gives_other_sentences(small):
    assert train_language(3).weights != train_language(4).weights


def test_our_texts_come_whole_and_cut_short(small):
    examples = list(_known(random.Random(0)))
    assert len(examples) == 2 * 30 and Counter(one.label for one in examples) == {"nl": 30, "en": 30}
    assert all(len(short.seen.tokens) <= max(language_training.SHORT) for short in examples[1::2])
    assert all(
        set(short.seen.tokens) <= set(whole.seen.tokens) for whole, short in zip(examples[::2], examples[1::2], strict=True)
    )


def test_sentences_of_other_tongues_are_as_many_as_asked(small):
    chance = random.Random(0)
    assert len(list(_written_words(chance))) == 5
    found = list(_dictionaries(chance))
    assert len(found) == 20 * len(language_training.OTHERS) and {one.label for one in found} == {"other"}


def test_frequent_words_are_drawn_more_often(small):
    words = Counter(word for one in _dictionaries(random.Random(0)) for word in one.seen.tokens)
    assert words["deque"] > words["delos"] > words["deper"] > 0


def test_a_made_sentence_has_one_to_twelve_words():
    chance = random.Random(1)
    lengths = {len(_sentence(["aa", "bb"], None, chance).seen.tokens) for _ in range(300)}
    assert lengths == set(range(1, language_training.LONGEST_SENTENCE + 1))


def test_only_words_and_letters_are_seen():
    example = language_training._example("Heel goed!", "nl")
    assert example.seen.signs == {} and example.seen.tokens == ["heel", "goed", "!"]
