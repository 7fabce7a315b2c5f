"""Names of people: after a cue (a title, a greeting, a closing line), from lists, or by their shape.

Recall is worth more than precision here: a company name masked by mistake costs a word, a person's name left in costs
trust. What is a common word at the start of a sentence is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from text.cues import CAPITAL, company_names, cued, never_names, phrases_of, places
from text.vocabulary import first_names, frequent_words, last_names, ordinary_words

COMMON = 4000
UNKNOWN = 99_999
CUES = ("title", "closing", "greeting", "naming", "relation")
ONE_BETWEEN = ("closing", "title")
PARTICLE = r"(?:van|von|de|der|den|ten|ter|te|el|al|bin|da|di|du|la|le|dos|del|op|in|'t|’t|’s|'s|y|en)"
PARTICLES = frozenset(PARTICLE.removeprefix("(?:").removesuffix(")").split("|"))
LETTERS = re.compile(r"[^\W\d_]{2,}")
SHORTENED = re.compile(r"['’](?:ve|ll|re|m|d|s|t)\b", re.I)
PART = rf"(?:(?:Mc|Mac|O['’]|D['’]|d['’])?[{CAPITAL}][\w'’]*(?:-(?:{PARTICLE}-)?[{CAPITAL}a-z][\w'’]*)*)"
INITIALS = rf"(?:(?:[{CAPITAL}][a-z]?\.\s?)+)"
RUN = re.compile(rf"(?<![\w@#-]){INITIALS}?{PART}(?:[^\S\n](?:{PARTICLE}\s){{0,3}}(?:{INITIALS}\s?)?{PART}){{0,4}}")
PAIR = re.compile(rf"{INITIALS}\s?(?:en|and|&)\s{INITIALS}?(?:{PARTICLE}\s){{0,3}}{PART}")
INITIALLED = re.compile(rf"(?:^|(?<=[\s(/,.])){INITIALS}\s?(?:{PARTICLE}\s){{0,3}}{PART}(?:\s{PART})?")
LEADING = re.compile(rf"(?<![\w@#-])(?:{PARTICLE}\s){{1,3}}$")
FIRST_WORD = re.compile(rf"[^\s]+?\.?\s+(?=[{CAPITAL}a-z'’])")
LOWER = re.compile(r"(?<![\w@#.'’-])[a-zà-ÿıçğş]{4,}(?![\w@.'’-])")
FAMILY = re.compile(rf"\s(?:{PARTICLE}\s){{0,2}}([a-zà-ÿıçğş]{{3,}})(?!\w)")


def spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each stretch that is probably a person's name; they may overlap."""
    for pattern in (PAIR, INITIALLED) if "." in text else ():
        yield from (match.span() for match in pattern.finditer(text) if _is_plausible(match.group()))
    for match in RUN.finditer(text):
        yield from _in_run(text, *match.span())
    yield from _lower(text)


def _in_run(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The name in a run of capitalised words: the cues that lead it are left out, particles before it taken in."""
    start, led = _after_leading_cues(text, start, end)
    if start >= end:
        return
    leading = LEADING.search(text[max(0, start - 20) : start])
    wide = start - len(leading.group()) if leading else start
    if _is_nobody(text[start:end]) and not cued(text, wide, phrases_of("title")):
        return
    for begin in (wide, start) if leading else (start,):
        cued_or_apart = led or _is_cued(text, begin) or _stands_apart(text, begin, end)
        if (cued_or_apart and _is_plausible(text[begin:end])) or _is_honoured(text, begin, start):
            yield begin, end
            return
    yield from _listed(text, start, end)


def _after_leading_cues(text: str, start: int, end: int) -> tuple[int, bool]:
    """Where the run goes on after the cue words at its start ('Beste Hans', 'Klant Bas van Loon'), and if there are."""
    led = False
    while True:
        match = FIRST_WORD.match(text, start, end)
        word = match.group().strip(" .,\n").lower() if match else ""
        if not match or not (word in _leaders() or word in never_names()):
            return start, led
        start, led = match.end(), led or word in _leaders()


@lru_cache(maxsize=1)
def _leaders() -> frozenset[str]:
    return frozenset(phrase for group in CUES for phrase in phrases_of(group) if " " not in phrase)


def _is_cued(text: str, start: int) -> bool:
    if start == 0 or text[start - 1] not in " \n/,:(\"'":
        return False
    near, far = _cue_sets()
    return cued(text, start, near) or cued(text, start, far, 1)


def _is_honoured(text: str, begin: int, start: int) -> bool:
    """Whether 'mevrouw ' or 'Mr ' stands right before: then even a usual word (Bloem, Bakker) is a name."""
    word = text[start : start + 2]
    if len(word) < 2 or not word[1].islower() or begin == 0 or text[begin - 1] != " ":
        return False
    return cued(text, begin, phrases_of("honorific")) and text[begin - 2] not in ",;:!?"


@lru_cache(maxsize=1)
def _cue_sets() -> tuple[frozenset[str], frozenset[str]]:
    """The cues that must stand right before a name, and those that may stand one word away."""
    near = frozenset(phrase for group in CUES for phrase in phrases_of(group))
    return near, frozenset(phrase for group in ONE_BETWEEN for phrase in phrases_of(group))


def _stands_apart(text: str, start: int, end: int) -> bool:
    """Whether the run fills a line, or closes the text after a full stop, as a signature does."""
    before, after = text[:start].rstrip(" "), text[end:].lstrip(" ")
    opens_line, closes = not before or before[-1] == "\n", not after.strip()
    several = " " in text[start:end].strip()
    if opens_line and (not after or after[0] in "\n,("):
        return bool(before) or several or (closes and _rank(text[start:end].lower().strip(".!?")) >= COMMON)
    if several and _opens(text, start) and all(_is_new(word) for word in text[start:end].split()[:2]):
        return True
    return closes and several and before[-1:] in (".", "!", "?", "/")


def _listed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """From the first known given name in a run to the end of the run."""
    words = list(re.finditer(r"\S+", text[start:end]))
    for i, word in enumerate(words):
        place = start + word.start()
        following = words[i + 1].group() if i + 1 < len(words) else ""
        if _is_given(word.group(), following, _opens(text, place)):
            yield place, end
            return


def _is_given(word: str, following: str, opens: bool) -> bool:
    """Whether a capitalised word is a given name; a common word (Mark, Will) only with a family name behind it."""
    lower = re.sub(r"['’]s$", "", word.lower()).rstrip(".'’")
    if lower not in first_names() or len(lower) < 3 or word.isupper() or word[0].islower() or lower in never_names():
        return False
    if _rank(lower) >= COMMON:
        return True
    return bool(following) and (not opens or _is_rare(following.lower().strip(".,'’")))


def _lower(text: str) -> Iterator[tuple[int, int]]:
    """Given names typed without a capital, with what may be the family name behind them."""
    for match in LOWER.finditer(text):
        if match.group() in _only_names():
            family = FAMILY.match(text, match.end())
            yield match.start(), family.end() if family and _is_rare(family[1]) else match.end()


@lru_cache(maxsize=1)
def _only_names() -> frozenset[str]:
    """Given names that are no frequent word of either language."""
    return first_names() - frequent_words("nl").keys() - frequent_words("en").keys() - never_names()


def _opens(text: str, start: int) -> bool:
    before = text[:start].rstrip(" ")
    return not before or before[-1] in ".!?\n:;\"'(/"


def _is_plausible(found: str) -> bool:
    """Whether a stretch after a cue can be a name: not made of frequent words alone, and without numbers."""
    if any(map(str.isdigit, found)):
        return False
    return any(_is_rare(word.lower()) for word in LETTERS.findall(SHORTENED.sub("", found)))


def _is_nobody(run: str) -> bool:
    """Whether a run names places or companies, or shouts words that no list of names holds ('NS', 'NEE IS NEE')."""
    words = [word for word in LETTERS.findall(SHORTENED.sub("", run).lower()) if word not in PARTICLES]
    if all(word in places() or (word in company_names() and not _is_listed(word)) for word in words):
        return True
    return run.isupper() and not any(_is_listed(word) and _rank(word) >= COMMON for word in words)


def _is_listed(lower: str) -> bool:
    return lower in first_names() or lower in last_names()


def _is_rare(lower: str) -> bool:
    if lower in PARTICLES or lower in never_names():
        return False
    rank = _rank(lower)
    return rank >= COMMON or (rank > 300 and _is_listed(lower))


def _is_new(word: str) -> bool:
    """Whether neither vocabulary knows the word, which two words in a row at a sentence's start seldom are but in names."""
    lower = word.strip(".,'’").lower()
    return word[1:].islower() and _rank(lower) == UNKNOWN and lower not in never_names()


def _rank(lower: str) -> int:
    """How frequent a word is, 0 the most; an ordinary word of customers is never rare."""
    rank = min(frequent_words("nl").get(lower, UNKNOWN), frequent_words("en").get(lower, UNKNOWN))
    return min(rank, COMMON - 1) if lower in ordinary_words() else rank
