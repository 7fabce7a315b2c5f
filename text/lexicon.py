"""Merges three public Dutch lexicons into config/languages/words_nl.tsv; run by `python -m text models`.

Sources and licences: docs/models.md. Words of config/languages/words_nl.toml come on top of what is merged here.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from pathlib import Path

from text.words import FOLDER

SOURCES = Path(__file__).with_name("data") / "lexicons"
REMARK = "# Dutch valences merged by `python -m text models` from pattern (PDDL), LUPJE (MIT) and DutchSentimentAnalysis (MIT)\n"
PATTERN_SCALE, LUPJE_SCALE, DUTCH_SCALE = 3.6, 0.7, 1.0
ALONE = 0.6
LEAST = 0.25
NARROW = ("lupje_nl", "dutchsentimentanalysis_nl")


def merge() -> dict[str, float]:
    """Word to valence (-4..4): the mean over the lexicons that hold it; a word that only one holds weighs less."""
    found: dict[str, list[float]] = defaultdict(list)
    for word, value in (*_pattern().items(), *_plain(NARROW[0], LUPJE_SCALE), *_plain(NARROW[1], DUTCH_SCALE)):
        found[word].append(value)
    merged = {}
    for word, values in found.items():
        mean = sum(values) / len(values)
        mean *= ALONE if len(values) == 1 else 1.0
        if abs(mean) >= LEAST and len(word) > 1:
            merged[word] = round(mean, 2)
    return dict(sorted(merged.items()))


def write() -> int:
    """Write the merged table; returns how many words it holds."""
    merged = merge()
    rows = "".join(f"{word}\t{value}\n" for word, value in merged.items())
    (FOLDER / "words_nl.tsv").write_text(REMARK + rows, encoding="utf8")
    return len(merged)


def _pattern() -> dict[str, float]:
    senses: dict[str, list[float]] = defaultdict(list)
    for row in _rows("pattern_nl"):
        senses[row["form"].lower()].append(float(row["polarity"]))
    return {word: PATTERN_SCALE * sum(values) / len(values) for word, values in senses.items() if " " not in word}


def _plain(name: str, scale: float) -> list[tuple[str, float]]:
    with gzip.open(SOURCES / f"{name}.tsv.gz", "rt", encoding="utf8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    return [(row[0].lower(), scale * float(row[1])) for row in rows if row[1] != "score" and " " not in row[0]]


def _rows(name: str) -> list[dict[str, str]]:
    with gzip.open(SOURCES / f"{name}.tsv.gz", "rt", encoding="utf8") as lines:
        header = next(lines).rstrip("\n").split("\t")
        return [dict(zip(header, line.rstrip("\n").split("\t"), strict=False)) for line in lines]
