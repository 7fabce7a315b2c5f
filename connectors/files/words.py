"""The words by which files are understood (words.toml), turned round for looking up."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("words.toml")


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, list[str]]]:
    """The tables of words.toml: headers, channels, languages, months, answers."""
    return tomllib.loads(FILE.read_text(encoding="utf8"))


@lru_cache(maxsize=8)
def meanings(table: str) -> dict[str, str]:
    """Each word of one table with what it means.

    >>> meanings("channels")["whatsapp"], meanings("months")["okt"]
    ('chat', '10')
    """
    return {word: meaning for meaning, several in words()[table].items() for word in several}
