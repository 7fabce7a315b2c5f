"""How a Dutch scored word looks at its neighbours, and how inflected, compound and stretched words are recognised."""

from __future__ import annotations

import re

from text.english import CAPITALS, CLAUSE_AFTER, CLAUSE_BEFORE, FADING, TURNED
from text.english import idiom as english_idiom
from text.tokens import Fact
from text.words import Words

STRETCHED = re.compile(r"(\w)\1{2,}")
LONGEST_PHRASE = 7
SHORTEST_PART = 4


def fact(token: str, words: Words) -> Fact:
    """The facts of one stripped token under Dutch rules: exact form first, then stretched, inflected and compound."""
    lower = token.lower().lstrip("#").replace("’", "'")
    found = find(lower, words)
    boost = words.boosters.get(lower, words.boosters.get(STRETCHED.sub(r"\1", lower), 0.0))
    listed = found is not None
    starts = lower in words.openings
    negates = lower in words.negations
    touches = negates or starts or boost != 0.0 or lower in words.touching
    upper = token.isupper() and len(token) > 1
    return Fact(lower, upper, listed, found or 0.0, boost, negates, listed or starts, touches, lower == words.contrast)


def find(word: str, words: Words) -> float | None:
    """The valence of a lower-case Dutch word, through its inflections and parts; None when nothing is known of it."""
    for form in _forms(word):
        if form in words.valence:
            return words.valence[form]
    return _compound(word, words)


def _forms(word: str) -> list[str]:
    """The word, then the shorter forms it may be an inflection of ('gemene' -> 'gemeen', 'fijner' -> 'fijn')."""
    forms = [word]
    single = STRETCHED.sub(r"\1\1", word), STRETCHED.sub(r"\1", word)
    forms += [form for form in single if form != word]
    for ending in ("ste", "ere", "er", "st", "en", "e", "s", "tje", "je"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            forms += _stems(word[: -len(ending)])
    return forms


def _stems(stem: str) -> list[str]:
    """Dutch spelling: a doubled consonant falls ('suff' -> 'suf'), an open vowel doubles, z and v harden."""
    stems = [stem]
    if len(stem) > 2 and stem[-1] == stem[-2]:
        stems.append(stem[:-1])
    if len(stem) > 2 and stem[-2] in "aeou" and stem[-3] not in "aeiou":
        stems.append(stem[:-1] + stem[-2] + stem[-1])
    hard = {"z": "s", "v": "f"}.get(stem[-1])
    return stems + [form[:-1] + hard for form in stems if hard]


def _compound(word: str, words: Words) -> float | None:
    """'rotbedrijf' by its opener, 'internetstoring' by its head; openers are listed, since 'top' opens 'topje' too."""
    if len(word) < 2 * SHORTEST_PART:
        return None
    for opener, value in words.openers.items():
        if word.startswith(opener) and len(word) - len(opener) >= SHORTEST_PART:
            return value
    for head, value in words.heads.items():
        if word.endswith(head) and len(word) - len(head) >= 3:
            return value
    return None


def valence(facts: list[Fact], i: int, shouting: bool, words: Words) -> float:
    """The valence of scored token `i` after its neighbours have had their say; `shouting` when some are in capitals."""
    if _inside_phrase(facts, i, words):
        return 0.0
    _, value = _phrase(facts, i, words)
    if value is not None:
        return value
    here = facts[i]
    value = here.valence
    colours_next = here.boost and i + 1 < len(facts) and facts[i + 1].listed and not here.ends
    if not value or colours_next:
        return 0.0
    if here.upper and shouting:
        value += CAPITALS if value > 0 else -CAPITALS
    turned = False
    for back in range(min(3, i)):
        before = facts[i - back - 1]
        if before.ends:
            break
        if before.boost:
            value += (before.boost if value > 0 else -before.boost) * FADING[back]
        if before.negates and not turned:
            value, turned = value * TURNED, True
    if not turned and value > 0 and _negated_after(facts, i, words):
        value *= TURNED
    return english_idiom(facts, i, value, words) if i > 2 else value


def _negated_after(facts: list[Fact], i: int, words: Words) -> bool:
    """Dutch puts the negation after a verb: 'werkt niet', 'helpt mij ook niet'; a clause end stops the search."""
    if facts[i].ends:
        return False
    for later in facts[i + 1 : i + 3]:
        if later.lower in words.late_negations:
            return True
        if later.ends or later.listed:
            return False
    return False


def _phrase(facts: list[Fact], i: int, words: Words) -> tuple[int, float | None]:
    """How many tokens the longest set phrase that begins at token `i` has, and its valence; (0, None) without one."""
    here = words.openings.get(facts[i].lower)
    if not here:
        return 0, None
    following = tuple(fact.lower for fact in facts[i : i + LONGEST_PHRASE])
    return max(((len(parts), value) for parts, value in here if following[: len(parts)] == parts), default=(0, None))


def _inside_phrase(facts: list[Fact], i: int, words: Words) -> bool:
    """Whether a set phrase that began earlier holds token `i`: 'kan beter' says what 'beter' does not."""
    starts = range(max(0, i - LONGEST_PHRASE + 1), i)
    return any(facts[start].lower in words.openings and _phrase(facts, start, words)[0] > i - start for start in starts)


def settle(felt: list[float], places: list[int], turn: int) -> None:
    """Weigh the valences before and after the first 'maar', at token `turn`, in place."""
    for i, value in enumerate(felt):
        felt[i] = value * (CLAUSE_BEFORE if places[i] < turn else CLAUSE_AFTER)
