"""The word lists of masking (config/languages/words_masking.toml), read once and joined into patterns."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache

from text.words import FOLDER


@lru_cache(maxsize=1)
def load_cues() -> dict[str, dict]:
    """The tables of words_masking.toml: cues, streets and companies."""
    return tomllib.loads((FOLDER / "words_masking.toml").read_text(encoding="utf8"))


def either(group: str, table: str = "cues") -> str:
    """A regular expression piece that matches any entry of a group, the longest first."""
    entries = sorted(load_cues()[table][group], key=len, reverse=True)
    return "(?:" + "|".join(entries) + ")"


@lru_cache(maxsize=4096)
def is_company(handle: str) -> bool:
    """Whether a handle (with or without '@') is that of a company or a public body rather than a person."""
    name = handle.lstrip("@").lower()
    companies = load_cues()["companies"]
    return name in _accounts() or name.startswith("gemeente") or bool(re.search(companies["endings"] + "$", name))


@lru_cache(maxsize=1)
def _accounts() -> frozenset[str]:
    return frozenset(load_cues()["companies"]["accounts"].split())
