"""The shipped lists of names and of frequent words, unpacked once per process."""

from __future__ import annotations

import gzip
import tomllib
from functools import lru_cache
from pathlib import Path

from text.words import FOLDER

MODELS = Path(__file__).with_name("models")


def _lines(name: str) -> list[str]:
    return gzip.decompress((MODELS / f"{name}.txt.gz").read_bytes()).decode("utf8").splitlines()


def _more_names() -> list[str]:
    raw = tomllib.loads((FOLDER / "words_masking.toml").read_text(encoding="utf8"))
    return raw["names"]["given"].split()


@lru_cache(maxsize=1)
def first_names() -> frozenset[str]:
    """Given names, lower case, of the peoples that live in the Netherlands, Belgium and Great Britain."""
    listed = (line.partition("\t")[0] for line in _lines("names") if line.endswith("\tfirst"))
    return frozenset(listed) | frozenset(_more_names())


@lru_cache(maxsize=1)
def last_names() -> frozenset[str]:
    """Family names, lower case, that are no given names."""
    return frozenset(line.partition("\t")[0] for line in _lines("names") if line.endswith("\tlast"))


@lru_cache(maxsize=4)
def frequent_words(language: str) -> dict[str, int]:
    """Frequent lower-case words of 'nl' or 'en' with their rank, 0 the most frequent."""
    return {word: rank for rank, word in enumerate(_lines(f"vocabulary_{language}"))}


@lru_cache(maxsize=1)
def ordinary_words() -> frozenset[str]:
    """Words of either language that customers type in lower case, a family name only when very many do."""
    return frozenset(word for code in ("nl", "en") for word in _lines(f"ordinary_{code}"))


@lru_cache(maxsize=2)
def ordinary_words_of(language: str) -> frozenset[str]:
    """Words of 'nl' or 'en' that customers type in lower case, a family name only when very many do."""
    return frozenset(_lines(f"ordinary_{language}"))
