"""Words that rise: what people say now that they did not say before, however it is spelled in the taxonomy.

Log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, "Fightin' Words", equations 16, 20 and 22),
made safe against many comparisons by Benjamini-Hochberg. A word counts once per contact, must be used by at least five
contacts, and is never a person's name.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scipy.special import ndtr  # scipy.stats would add 45 MB and two fifths to every start

from text.cleaning import clean
from text.features import tokens_of
from text.vocabulary import first_names, frequent_words, last_names

LEAST_CONTACTS = 5
PRIOR = 1000.0
CLEAR = 1.96
FALSE_SHARE = 0.10
FUNCTION_WORDS = 150
SMALLEST_PRIOR = 0.01


class Rising(NamedTuple):
    """A word or pair of words, its `z` (clear when above 1.96), and in how many contacts it was now and before."""

    words: str
    z: float
    now: int
    before: int


def word_counts(texts: Sequence[str], languages: Sequence[str]) -> Counter[str]:
    """In how many of `texts` (masked) each word and pair of words occurs; no names, numbers or function words alone."""
    counts: Counter[str] = Counter()
    for text, language in zip(texts, languages, strict=True):
        counts.update(_sayings(text, "nl" if language == "nl" else "en"))
    return counts


def rising(
    now: Mapping[str, int],
    before: Mapping[str, int],
    background: Mapping[str, int] | None = None,
    least: int = LEAST_CONTACTS,
) -> list[Rising]:
    """The words that clearly rose from `before` to `now`, the clearest first.

    All three are contacts per word as `word_counts` gives them; `background` (say 26 weeks) is the prior and defaults
    to now and before together. Source: Monroe et al. 2008; metrics.md 6.3.
    """
    usual = background or (Counter(now) + Counter(before))
    total_now, total_before, total_usual = sum(now.values()), sum(before.values()), sum(usual.values())
    if not total_now or not total_before:
        return []
    prior = min(PRIOR, total_now)
    tested = []
    for words, count in now.items():
        alpha = max(prior * usual.get(words, 0) / total_usual, SMALLEST_PRIOR)
        z = _z(count, before.get(words, 0), total_now, total_before, alpha, prior)
        tested.append(Rising(words, round(z, 3), count, before.get(words, 0)))
    kept = [one for one in _discoveries(tested) if one.z > CLEAR and one.now >= least and not _is_name(one.words)]
    return sorted(kept, key=lambda one: (-one.z, one.words))


def _z(now: int, before: int, total_now: int, total_before: int, alpha: float, prior: float) -> float:
    def log_odds(count: int, total: int) -> float:
        return math.log((count + alpha) / max(total + prior - count - alpha, SMALLEST_PRIOR))

    spread = math.sqrt(1 / (now + alpha) + 1 / (before + alpha))
    return (log_odds(now, total_now) - log_odds(before, total_before)) / spread


def _discoveries(tested: list[Rising]) -> list[Rising]:
    """Those that stand when at most FALSE_SHARE of what is shown may be chance (Benjamini & Hochberg 1995)."""
    ranked = sorted(tested, key=lambda one: -one.z)
    last = 0
    for place, one in enumerate(ranked, 1):
        if ndtr(-one.z) <= FALSE_SHARE * place / len(ranked):
            last = place
    return ranked[:last]


def _sayings(text: str, language: str) -> set[str]:
    words = [token for token in tokens_of(clean(text)) if token[0].isalpha()]
    ranks = frequent_words(language)
    telling = [ranks.get(word, FUNCTION_WORDS) >= FUNCTION_WORDS and len(word) > 2 for word in words]
    found = {word for word, tells in zip(words, telling, strict=True) if tells}
    pairs = zip(words, words[1:], telling, telling[1:], strict=False)
    return found | {f"{a} {b}" for a, b, tells_a, tells_b in pairs if tells_a and tells_b}


def _is_name(words: str) -> bool:
    return any(_names_someone(word) for word in words.split())


def _names_someone(word: str) -> bool:
    if word not in first_names() and word not in last_names():
        return False
    return min(frequent_words(code).get(word, 99_999) for code in ("nl", "en")) > 1000
