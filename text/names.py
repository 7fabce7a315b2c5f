"""Names of people: after a cue (a title, a greeting, a closing line), from lists, or by their shape.

Recall is worth more than precision here: a company name masked by mistake costs a word, a person's name left in costs
trust. What is a common word at the start of a sentence is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from text.cues import either
from text.patterns import CAPITAL
from text.vocabulary import first_names, frequent_words, last_names

COMMON = 4000
PARTICLE = r"(?:van|von|de|der|den|ten|ter|te|el|al|bin|da|di|du|la|le|dos|del|op|in|'t|’t|’s|'s|y|en)"
PART = rf"(?:(?:Mc|Mac|O['’]|D['’]|d['’])?[{CAPITAL}][\w'’]*(?:-(?:{PARTICLE}-)?[{CAPITAL}a-z][\w'’]*)*)"
INITIALS = rf"(?:(?:[{CAPITAL}][a-z]?\.\s?)+)"
SURNAME = rf"(?:(?:{PARTICLE}\s){{0,3}}{PART})"
FULL = rf"(?:{INITIALS}?{SURNAME}(?:\s(?:{INITIALS}\s?)?{SURNAME}){{0,3}})"


@lru_cache(maxsize=1)
def _cued() -> list[tuple[re.Pattern[str], bool]]:
    """Patterns whose group `id` is a name, and whether a lower-case given name counts too."""

    def cued(group: str, between: str, after: str = "") -> str:
        return rf"(?i:(?<!\w){either(group)}){between}(?P<id>{FULL}){after}"

    title = rf"(?i:(?<!\w){either('title')})"
    pair = rf"(?P<id>{INITIALS}\s?(?:en|and|&)\s{INITIALS}?{FULL})"
    return [
        (re.compile(cued("title", r"\.?\s")), False),
        (re.compile(rf"{title}\.?\s(?:{title}\.?\s)?(?P<id>{FULL})"), False),
        (re.compile(cued("closing", r"[\s,.!:\n/]{1,4}(?:\w{1,9}[,:]?\s)?", r"(?=\W|$)")), False),
        (re.compile(cued("greeting", r"[\s,]{1,2}", r"(?=\s?[,!.:\n-]|\s(?:en|and|van|from|ik|I)\b|$)")), False),
        (re.compile(cued("naming", r"\W{1,3}")), False),
        (re.compile(cued("relation", r"[,:]?\s")), False),
        (re.compile(rf"(?:^|(?<=\W)){pair}"), False),
        (re.compile(rf"(?:^|(?<=[\s(/,.])){INITIALS}\s?{SURNAME}(?:\s{SURNAME}){{0,1}}"), False),
        (
            re.compile(
                rf"(?i:\b(?:{either('relation')}|{either('closing')}|{either('naming')}|{either('greeting')}))\W{{1,3}}(?P<id>[^\W\d_]{{3,}})"
            ),
            True,
        ),
        (re.compile(rf"(?:\n|^)\s*(?P<id>{FULL})\s*(?=$|\n|,|\()"), False),
        (re.compile(rf"(?<=[.!?]\s)(?P<id>{FULL})\s*$"), False),
    ]


RUN = re.compile(rf"(?<![\w@#-]){FULL}")


def spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each stretch that is probably a person's name; they may overlap."""
    for pattern, lower in _cued():
        for match in pattern.finditer(text):
            start, end = match.span("id") if "id" in pattern.groupindex else match.span()
            if lower:
                if _is_lower_name(text[start:end]):
                    yield start, end
            elif _is_plausible(text[start:end]):
                yield start, end
    yield from _listed(text)


def _listed(text: str) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words that begin with a known given name."""
    for match in RUN.finditer(text):
        words = list(re.finditer(r"[^\s]+", match.group()))
        for i, word in enumerate(words):
            if _is_given(word.group(), alone=len(words) == i + 1, opens=_opens(text, match.start() + word.start())):
                yield match.start() + word.start(), match.end()
                break


def _is_given(word: str, alone: bool, opens: bool) -> bool:
    lower = word.lower().rstrip(".'’s") if word.lower().endswith(("'s", "’s")) else word.lower()
    if lower not in first_names() or len(lower) < 3 or word.isupper():
        return False
    rank = min(frequent_words(code).get(lower, 99_999) for code in ("nl", "en"))
    return rank >= COMMON or (not alone and not opens)


def _opens(text: str, start: int) -> bool:
    before = text[:start].rstrip(" ")
    return not before or before[-1] in ".!?\n:;\"'(/"


def _is_plausible(found: str) -> bool:
    """Whether a stretch after a cue can be a name: not made of frequent words alone."""
    words = [word for word in re.findall(r"[^\W\d_]+", found) if len(word) > 1]
    return any(_is_rare(word.lower()) for word in words) if words else False


def _is_rare(lower: str) -> bool:
    if re.fullmatch(PARTICLE, lower):
        return False
    rank = min(frequent_words(code).get(lower, 99_999) for code in ("nl", "en"))
    return rank >= COMMON or (rank > 300 and (lower in first_names() or lower in last_names()))


def _is_lower_name(found: str) -> bool:
    lower = found.lower()
    known = min(frequent_words(code).get(lower, 99_999) for code in ("nl", "en"))
    return lower in first_names() and known >= COMMON
