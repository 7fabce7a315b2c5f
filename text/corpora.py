"""The labelled texts that models may be trained on: shipped with the project, with licences in docs/models.md."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from config.errors import ConfigError
from config.journey import load_journey
from text.features import see
from text.learning import Example
from text.masking import mask
from text.sentiment import LABELS
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
    for group, row in _rows(pattern):
        text = mask(row["text"], row["lang"]).text
        stages = row.get("stage", ""), row.get("airline_stage", "")
        found.append(Message(text, row["lang"], row.get("sentiment", ""), *stages, group))
    return found


def unmasked(leave_out: str = "") -> Iterator[tuple[str, str]]:
    """Text and language of what was written for this project, the marked identifiers taken out, nothing masked.

    Files whose name matches the pattern `leave_out` are left out.
    """
    for group, row in _rows("messages_*.jsonl.gz"):
        text = row["text"]
        for item in row["pii"]:
            text = text.replace(item["value"], "")
        if not fnmatch(group, leave_out):
            yield text, row["lang"]
    for path in sorted((DATA / "written").glob("*_*.tsv")):
        for line in path.read_text(encoding="utf8").splitlines() if path.stem != "other_languages" else ():
            cells = line.split("\t")
            yield cells[-1], cells[0] if path.stem.endswith("_xx") else path.stem[-2:]


def _rows(pattern: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(DATA.glob(pattern)):
        with gzip.open(path, "rt", encoding="utf8") as lines:
            yield from ((path.name.split(".")[0], json.loads(line)) for line in lines)


def written(name: str) -> list[Message]:
    """Sentences written for this project in the style of another kind of text: data/written/NAME*_LANGUAGE.tsv.

    Lines are `sentiment<TAB>text`. Raises ConfigError naming the file and line that is not so.
    """
    found = []
    for path in sorted((DATA / "written").glob(f"{name}*_*.tsv")):
        language = path.stem[-2:]
        for line, (label, text) in _table(path, 2):
            _check(path, line, language, label, text)
            found.append(Message(text, language, label, "", "", path.stem))
    return found


def customers() -> list[Message]:
    """Customer messages written for this project, masked: every data/written/customers*_xx.tsv.

    Lines are `language<TAB>sentiment<TAB>stage<TAB>airline stage or nothing<TAB>text`. Raises ConfigError naming the
    file and line that is not so.
    """
    found = []
    for path in sorted((DATA / "written").glob("customers*_xx.tsv")):
        for line, (language, label, stage, airline, text) in _table(path, 5):
            _check(path, line, language, label, text)
            for journey, name in (("seven-stages", stage), ("airline", airline)):
                if name and name not in _stages(journey):
                    raise _malformed(path, line, name, f"a stage of {journey}: {', '.join(_stages(journey))}")
            found.append(Message(mask(text, language).text, language, label, stage, airline, path.stem))
    return found


def _table(path: Path, width: int) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each line; the last cell may hold tabs."""
    for number, line in enumerate(path.read_text(encoding="utf8").splitlines(), 1):
        cells = [cell.strip() for cell in line.split("\t", width - 1)]
        if len(cells) != width:
            raise _malformed(path, number, line[:60], f"{width} cells between tabs")
        yield number, cells


def _check(path: Path, line: int, language: str, label: str, text: str) -> None:
    if language not in LANGUAGES:
        raise _malformed(path, line, language, "a language: " + " or ".join(LANGUAGES))
    if label not in LABELS:
        raise _malformed(path, line, label, f"a sentiment: {', '.join(LABELS)}")
    if not text:
        raise _malformed(path, line, text, "a text after the last tab")


def _malformed(path: Path, line: int, value: str, expected: str) -> ConfigError:
    return ConfigError(f"text/data/written/{path.name} line {line}", value, expected, "Correct the line.")


@lru_cache(maxsize=4)
def _stages(journey: str) -> tuple[str, ...]:
    return tuple(stage.id for stage in load_journey(journey).stages)


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
