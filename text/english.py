"""How an English scored word looks at its neighbours: exactly the rules of VADER 3.3.2, peculiarities included.

Source: C.J. Hutto & E.E. Gilbert, VADER, ICWSM-14; vaderSentiment 3.3.2 (MIT licence). tests/text/test_engine.py
holds the two side by side on more than 100,000 texts.
"""

from __future__ import annotations

from text.tokens import Fact
from text.words import Words

CAPITALS = 0.733
TURNED = -0.74
FADING = (1.0, 0.95, 0.9)
CLAUSE_BEFORE, CLAUSE_AFTER = 0.5, 1.5


def fact(token: str, words: Words) -> Fact:
    """The facts of one stripped token under English rules."""
    lower = token.lower()
    listed = lower in words.valence
    boost = words.boosters.get(lower, 0.0)
    negates = lower in words.negations or "n't" in lower
    touches = negates or boost != 0.0 or lower in words.touching
    upper = token.isupper()
    if listed:
        return Fact(lower, upper, True, words.valence[lower], 0.0, negates, not boost, touches, False)
    return Fact(lower, upper, False, 0.0, boost, negates, False, touches, lower == words.contrast)


def valence(facts: list[Fact], i: int, shouting: bool, words: Words) -> float:
    """The valence of scored token `i` after its neighbours have had their say; `shouting` when some are in capitals."""
    here = facts[i]
    if here.lower == "kind" and i < len(facts) - 1 and facts[i + 1].lower == "of":
        return 0
    value = _after_no(facts, i)
    if here.upper and shouting:
        value += CAPITALS if value > 0 else -CAPITALS
    for back in range(min(3, i)):
        before = facts[i - back - 1]
        if before.listed:
            continue
        if before.boost:
            value += _boosted(before, value, shouting) * FADING[back]
        value = _turned(facts, i, back, value)
        if back == 2:
            value = idiom(facts, i, value, words)
    if i > 0 and facts[i - 1].lower == "least" and not facts[i - 1].listed:
        at = i > 1 and facts[i - 2].lower in ("at", "very")
        value = value if at else value * TURNED
    return value


def _after_no(facts: list[Fact], i: int) -> float:
    value = facts[i].valence
    if facts[i].lower == "no" and i != len(facts) - 1 and facts[i + 1].listed:
        value = 0.0
    no = (
        (i > 0 and facts[i - 1].lower == "no")
        or (i > 1 and facts[i - 2].lower == "no")
        or (i > 2 and facts[i - 3].lower == "no" and facts[i - 1].lower in ("or", "nor"))
    )
    return facts[i].valence * TURNED if no else value


def _boosted(before: Fact, value: float, shouting: bool) -> float:
    boost = -before.boost if value < 0 else before.boost
    if before.upper and shouting:
        boost += CAPITALS if value > 0 else -CAPITALS
    return boost


def _turned(facts: list[Fact], i: int, back: int, value: float) -> float:
    before = facts[i - back - 1]
    if back == 0:
        return value * TURNED if before.negates else value
    last = facts[i - 1].lower
    near = (last,) if back == 1 else (facts[i - 2].lower, last)
    if back == 1:
        never = before.lower == "never" and last in ("so", "this")
    else:
        never = (before.lower == "never" and near[0] in ("so", "this")) or last in ("so", "this")
    if never:
        return value * 1.25
    if before.lower == "without" and "doubt" in near:
        return value
    return value * TURNED if before.negates else value


def idiom(facts: list[Fact], i: int, value: float, words: Words) -> float:
    """The valence of a special phrase around token `i` (at least three tokens before it), or `value`."""
    three, two, one, zero = (facts[i - back].lower for back in (3, 2, 1, 0))
    idioms = words.idioms
    last_two, last_three, first_two = f"{two} {one}", f"{three} {two} {one}", f"{three} {two}"
    for phrase in (f"{one} {zero}", f"{two} {one} {zero}", last_two, last_three, first_two):
        if phrase in idioms:
            value = idioms[phrase]
            break
    after = [later.lower for later in facts[i + 1 : i + 3]]
    for count in range(1, len(after) + 1):
        value = idioms.get(" ".join((zero, *after[:count])), value)
    for phrase in (last_three, first_two, last_two):
        value += words.boosters.get(phrase, 0.0)
    return value


def settle(felt: list[float], places: list[int], turn: int) -> None:
    """Weigh the valences before and after the first 'but', at token `turn`, in place.

    VADER looks each value up by equality, so that a value seen twice is changed at its first place: kept as it is.
    """
    for value in felt:
        first = felt.index(value)
        if places[first] < turn:
            felt[first] = value * CLAUSE_BEFORE
        elif places[first] > turn:
            felt[first] = value * CLAUSE_AFTER
