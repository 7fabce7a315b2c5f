"""The rule engine: valence of words, turned by negation, coloured by boosters, summed per message.

One engine for every language. What differs is a word list (text/words.py) and how a scored word looks at its
neighbours: text/english.py does it exactly as VADER 3.3.2 (Hutto & Gilbert 2014), text/dutch.py as Dutch needs.
"""

from __future__ import annotations

import math
import string
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from text import dutch, english
from text.english import CAPITALS
from text.tokens import Fact
from text.words import Words, load_words

REMEMBERED = 100_000
ALPHA = 15.0


class Polarity(NamedTuple):
    """Shares of negative, neutral and positive valence (0..1) and the compound score (-1..1), rounded as VADER does."""

    neg: float
    neu: float
    pos: float
    compound: float


NOTHING = Polarity(0.0, 0.0, 0.0, 0.0)
NEUTRAL = Polarity(0.0, 1.0, 0.0, 0.0)


class _Facts(dict[str, Fact]):
    """The facts of each token seen so far; forgets everything when it holds REMEMBERED of them."""

    def __init__(self, fact: Callable[[str, Words], Fact], words: Words) -> None:
        super().__init__()
        self.fact, self.words = fact, words

    def __missing__(self, token: str) -> Fact:
        if len(self) >= REMEMBERED:
            self.clear()
        fact = self[token] = self.fact(_strip(token), self.words)
        fact.ends = token[-1] in ".!?,;:"
        return fact


class RuleEngine:
    """Scores texts with one language's words; the facts of a word are worked out once and remembered."""

    def __init__(self, words: Words) -> None:
        self.words = words
        language = dutch if words.code == "nl" else english
        self._valence: Callable[[list[Fact], int, bool, Words], float] = language.valence
        self._settle: Callable[[list[float], list[int], int], None] = language.settle
        self._facts = _Facts(language.fact, words)
        self._emoji = frozenset(words.emoji)

    def compound(self, text: str) -> float:
        """The compound score of `text`, -1 (worst) to 1 (best), 0 when nothing in it carries feeling."""
        return self.polarity(text).compound

    def polarity(self, text: str) -> Polarity:
        """The four scores of `text`; for English equal to vaderSentiment's polarity_scores."""
        text = self._spell_emoji(text)
        facts = list(map(self._facts.__getitem__, text.split()))
        marked = [i for i, fact in enumerate(facts) if fact.marked]
        if not marked:
            return NEUTRAL if facts else NOTHING
        felt, places, turn = self._felt(facts, marked)
        if not felt:
            return NEUTRAL
        if turn >= 0:
            self._settle(felt, places, turn)
        return _total(felt, len(facts), _emphasis(text))

    def _felt(self, facts: list[Fact], marked: list[int]) -> tuple[list[float], list[int], int]:
        """The valences that are not 0, where they stand, and where the first contrast word stands (or -1)."""
        shouting = 0 < len([1 for i in marked if facts[i].upper]) < len(facts)
        felt: list[float] = []
        places: list[int] = []
        turn = -1
        for i in marked:
            fact = facts[i]
            if fact.scored:
                value = self._value(facts, i, shouting)
                if value:
                    felt.append(value)
                    places.append(i)
            elif turn < 0 and fact.lower == self.words.contrast:
                turn = i
        return felt, places, turn

    def _value(self, facts: list[Fact], i: int, shouting: bool) -> float:
        """The valence of token `i`; most have no neighbour that matters, which is what makes this quick."""
        for near in facts[max(0, i - 3) : i + 3]:
            if near.touches:
                return self._valence(facts, i, shouting, self.words)
        here = facts[i]
        if here.upper and shouting:
            return here.valence + (CAPITALS if here.valence > 0 else -CAPITALS)
        return here.valence

    def _spell_emoji(self, text: str) -> str:
        """Emoji as words of their own: described in English (as VADER does), or set apart by spaces."""
        if text.isascii() or self._emoji.isdisjoint(text):
            return text
        parts, spaced = [], True
        for char in text:
            if char in self._emoji:
                word = self.words.emoji[char] if self.words.spells_emoji else f"{char} "
                parts.append(word if spaced else f" {word}")
                spaced = False
            else:
                parts.append(char)
                spaced = char == " "
        return "".join(parts)


@lru_cache(maxsize=4)
def load_engine(code: str) -> RuleEngine:
    """The engine of language 'nl' or 'en', built once per process; any other language gets the English one."""
    return RuleEngine(load_words("nl" if code == "nl" else "en"))


def _strip(token: str) -> str:
    stripped = token.strip(string.punctuation)
    return token if len(stripped) <= 2 else stripped


def _emphasis(text: str) -> float:
    questions = text.count("?")
    asked = 0 if questions < 2 else questions * 0.18 if questions <= 3 else 0.96
    return min(text.count("!"), 4) * 0.292 + asked


def _total(felt: list[float], tokens: int, emphasis: float) -> Polarity:
    """Sum, emphasise and normalise; the order of additions is VADER's, so that the roundings are too."""
    total = float(sum(felt))
    pos = neg = 0.0
    for value in felt:
        if value > 0:
            pos += value + 1
        else:
            neg += 1 - value
    if emphasis:
        total += emphasis if total > 0 else -emphasis if total < 0 else 0.0
        if pos > neg:
            pos += emphasis
        elif pos < neg:
            neg += emphasis
    compound = max(-1.0, min(1.0, total / math.sqrt(total * total + ALPHA)))
    neutral = tokens - len(felt)
    whole = pos + neg + neutral
    return Polarity(round(neg / whole, 3), round(neutral / whole, 3), round(pos / whole, 3), round(compound, 4))
