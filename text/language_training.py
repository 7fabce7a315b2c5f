"""Trains the language model: Dutch and English from our own messages and film lines, other from words of other tongues."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

from text.corpora import DATA, messages, subtitles_text
from text.engine import NOTHING
from text.features import Seen, tokens_of
from text.learning import Example, Fitted, fit
from text.lists import package_folder

OTHERS = ("de", "fr", "es", "it", "pt")
SENTENCES = 1200
FREQUENT = 4000
LONGEST_SENTENCE = 12
SHORT = (1, 2, 3)


def train_language(seed: int = 0) -> Fitted:
    """'nl', 'en' or 'other' from words and their letters; made sentences are drawn with `seed`."""
    chance = random.Random(seed)
    examples = [*_known(chance), *_written_words(chance), *_dictionaries(chance)]
    return fit(examples, strength=5.0, pairs=False)


def _known(chance: random.Random) -> Iterator[Example]:
    """Our messages and film lines, each also cut short, since what people type is short."""
    texts = [(m.text, m.language) for m in messages()] + list(subtitles_text(6000))
    for text, language in texts:
        words = text.split()
        yield _example(text, language)
        start = chance.randrange(max(1, len(words) - 3))
        yield _example(" ".join(words[start : start + chance.choice(SHORT)]), language)


def _written_words(chance: random.Random) -> Iterator[Example]:
    for line in (DATA / "written" / "other_languages.tsv").read_text(encoding="utf8").splitlines():
        words = line.split("\t")[1].split()
        for _ in range(SENTENCES // 4):
            yield _sentence(words, None, chance)


def _dictionaries(chance: random.Random) -> Iterator[Example]:
    folder: Path = package_folder("spellchecker") / "resources"
    for code in OTHERS:
        counts = json.loads(gzip.decompress((folder / f"{code}.json.gz").read_bytes()))
        words = sorted(counts, key=lambda word: (-counts[word], word))[:FREQUENT]
        weights = [counts[word] for word in words]
        for _ in range(SENTENCES):
            yield _sentence(words, weights, chance)


def _sentence(words: list[str], weights: list[int] | None, chance: random.Random) -> Example:
    return _example(" ".join(chance.choices(words, weights, k=chance.randint(1, LONGEST_SENTENCE))), "other")


def _example(text: str, label: str) -> Example:
    return Example(Seen(tokens_of(text), {}, NOTHING), label)
