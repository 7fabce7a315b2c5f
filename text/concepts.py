"""Concepts: ideas that Dutch and English share (waiting, no reply, praise), found by config/languages/words_concepts.toml."""

from __future__ import annotations

import tomllib
from functools import lru_cache

from text.rules import RuleSet
from text.words import FOLDER

LANGUAGES = ("nl", "en")


def concepts_of(text: str, language: str) -> dict[str, int]:
    """Each concept in `text` with the number of its phrases found; `language` is 'nl', else English is assumed."""
    return _load()["nl" if language == "nl" else "en"].hits(text)


@lru_cache(maxsize=1)
def _load() -> dict[str, RuleSet]:
    raw = tomllib.loads((FOLDER / "words_concepts.toml").read_text(encoding="utf8"))
    return {code: RuleSet({name: rules[code] for name, rules in raw.items()}, f"words_concepts {code}") for code in LANGUAGES}
