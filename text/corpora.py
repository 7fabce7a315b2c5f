"""The labelled texts that models may be trained on: shipped with the project, with licences in docs/models.md."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from text.features import see
from text.learning import Example
from text.masking import mask
from text.words import load_words

DATA = Path(__file__).with_name("data")
LANGUAGES = ("nl", "en")
FELT = 1.0


class Message(NamedTuple):
    """A labelled customer message: text (masked), language, sentiment and stages per journey ('' when unknown)."""

    text: str
    language: str
    sentiment: str
    stage: str
    airline_stage: str
    group: str


def messages(pattern: str = "messages_*.jsonl.gz") -> list[Message]:
    """The written customer messages, masked as they would be at ingest; `group` is the file they come from."""
    found = []
    for path in sorted(DATA.glob(pattern)):
        with gzip.open(path, "rt", encoding="utf8") as lines:
            rows = [json.loads(line) for line in lines]
        for row in rows:
            text = mask(row["text"], row["lang"]).text
            stages = row.get("stage", ""), row.get("airline_stage", "")
            found.append(Message(text, row["lang"], row.get("sentiment", ""), *stages, path.name.split(".")[0]))
    return found


def written(name: str) -> list[Message]:
    """Sentences written for this project in the style of another kind of text: data/written/NAME_LANGUAGE.tsv."""
    path = next((DATA / "written").glob(f"{name}_*.tsv"))
    language = path.stem[-2:]
    rows = [line.split("\t", 1) for line in path.read_text(encoding="utf8").splitlines()]
    return [Message(text, language, label, "", "", path.stem) for label, text in rows]


def customers() -> list[Message]:
    """Short customer messages written for this project: data/written/customers_xx.tsv."""
    lines = (DATA / "written" / "customers_xx.tsv").read_text(encoding="utf8").splitlines()
    rows = [line.split("\t", 4) for line in lines]
    return [
        Message(mask(text, code).text, code, label, stage, airline, "customers") for code, label, stage, airline, text in rows
    ]


def subtitles() -> Iterator[Example]:
    """Film lines with a clear feeling (XED): 'positive' or 'negative'."""
    for language in LANGUAGES:
        for row in _film_lines(language):
            if row["sentiment"] in ("positive", "negative"):
                yield Example(see(row["text"], language), row["sentiment"])


def subtitles_text(most: int) -> Iterator[tuple[str, str]]:
    """At most `most` film lines per language, with the language."""
    for language in LANGUAGES:
        yield from ((row["text"], language) for row in _film_lines(language)[:most])


def _film_lines(language: str) -> list[dict[str, str]]:
    with gzip.open(DATA / f"xed_{language}.csv.gz", "rt", encoding="utf8", newline="") as lines:
        return list(csv.DictReader(lines))


def lexicon(weight: float) -> Iterator[Example]:
    """Each word of the rule engine as a text of one word; clear words count for more, at most `weight`."""
    for language in LANGUAGES:
        for word, valence in load_words(language).valence.items():
            if abs(valence) >= FELT and word.isalpha() and len(word) > 2:
                label = "positive" if valence > 0 else "negative"
                yield Example(see(word, language), label, weight * min(abs(valence), 3.0) / 3.0)
