"""The word lists of masking (config/languages/words_masking.toml), read once and joined into patterns."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache

from text.phrases import written_out
from text.vocabulary import first_names
from text.words import FOLDER

WINDOW = 60
_SENTENCE_END = re.compile(r"[!?;]")
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
COUNTRY = re.compile(r"_?(?:nl|be|uk|gb|ie|eu|belgium|ireland|nederland)$")
CAPITAL = "A-ZÀ-ÖØ-ÞŁŚŞŠŻŽČĆĐĞİ"


@lru_cache(maxsize=1)
def load_cues() -> dict[str, dict]:
    """The tables of words_masking.toml: cues, streets and companies."""
    return tomllib.loads((FOLDER / "words_masking.toml").read_text(encoding="utf8"))


def either(group: str, table: str = "cues") -> str:
    """A regular expression piece that matches any entry of a group, the longest first."""
    entries = sorted(load_cues()[table][group], key=len, reverse=True)
    return "(?:" + "|".join(entries) + ")"


@lru_cache(maxsize=16)
def phrases_of(group: str) -> frozenset[str]:
    """The cues of a group written out as phrases, lower case and without points."""
    found = (phrase for entry in load_cues()["cues"][group] for phrase in written_out(entry) or ())
    return frozenset(phrase.replace(".", "").strip() for phrase in found)


def cued(text: str, start: int, cues: frozenset[str], reach: int = 0) -> bool:
    """Whether one of `cues` stands before position `start`, with at most `reach` words between, in one sentence."""
    before = text[max(0, start - WINDOW) : start].lower()
    if "!" in before or "?" in before or ";" in before:
        before = _SENTENCE_END.split(before)[-1]
    words = _WORDS.findall(before.replace(".", ""))
    for last in range(len(words), max(0, len(words) - reach - 1), -1):
        phrase = words[last - 1]
        if phrase in cues:
            return True
        for first in (last - 2, last - 3, last - 4):
            if first >= 0:
                phrase = f"{words[first]} {phrase}"
                if phrase in cues:
                    return True
    return False


@lru_cache(maxsize=4096)
def is_company(handle: str) -> bool:
    """Whether a handle (with or without '@') is that of a company or a public body rather than a person."""
    name = handle.lstrip("@").lower()
    companies = load_cues()["companies"]
    bare = COUNTRY.sub("", name)
    if name in company_names() or bare.replace("_", "") in company_names():
        return True
    if bare in first_names():
        return False
    return name.startswith("gemeente") or bool(re.search(companies["endings"] + "$", name))


@lru_cache(maxsize=1)
def company_names() -> frozenset[str]:
    """Accounts of companies and public bodies, lower case, without '@'."""
    return frozenset(load_cues()["companies"]["accounts"].split())


@lru_cache(maxsize=1)
def places() -> frozenset[str]:
    """Towns, regions, countries and airports, lower case."""
    return frozenset(load_cues()["places"]["names"].split())


@lru_cache(maxsize=1)
def flight_codes() -> frozenset[str]:
    """The first two signs of flight numbers."""
    return frozenset(load_cues()["flights"]["codes"].split())


@lru_cache(maxsize=1)
def never_names() -> frozenset[str]:
    """Words that are never a name though they stand where one could: months, greetings, teams."""
    return frozenset(load_cues()["never"]["names"].split())


@lru_cache(maxsize=1)
def usual_in_lower_case() -> frozenset[str]:
    """Words that are somebody's name too, but hardly ever where they stand in lower case."""
    return frozenset(load_cues()["never"]["in_lower_case"].split())
