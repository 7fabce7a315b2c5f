"""Words: which words customers use more now than before, beyond chance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from metrics.verdict import benjamini_hochberg

PRIOR = 1000.0
Z_SHOWN, AT_LEAST = 1.96, 5


@dataclass(frozen=True, slots=True)
class Word:
    """A word (or pair of words): log-odds of now against before, its standard score, and how often it was used now and before."""

    word: str
    log_odds: float
    z: float
    now: float
    before: float


def log_odds(
    now: Mapping[str, float], before: Mapping[str, float], usual: Mapping[str, float] | None = None, prior: float | None = None
) -> list[Word]:
    """Every word's log-odds with an informative Dirichlet prior, most over-used first (Monroe, Colaresi & Quinn 2008).

    Counts per word; `usual` counts of the last 26 weeks shape the prior, whose size is `prior` (min(1000, words now) when None).
    Without `usual` every word gets `prior` itself.

    >>> found = log_odds({"late": 8, "bag": 2}, {"late": 2, "bag": 8}, prior=0.05)
    >>> found[0].word, round(found[0].log_odds, 2)
    ('late', 2.74)
    """
    n_now, n_before = sum(now.values()), sum(before.values())
    alpha, total = _prior(now, before, usual, min(PRIOR, n_now) if prior is None else prior)
    if len(alpha) < 2:
        return [Word(word, 0.0, 0.0, now.get(word, 0.0), before.get(word, 0.0)) for word in alpha]
    found = []
    for word, a in alpha.items():
        i, j = now.get(word, 0.0) + a, before.get(word, 0.0) + a
        delta = math.log(i / (n_now + total - i)) - math.log(j / (n_before + total - j))
        found.append(Word(word, delta, delta / math.sqrt(1 / i + 1 / j), now.get(word, 0.0), before.get(word, 0.0)))
    return sorted(found, key=lambda one: -one.z)


def telling_words(found: list[Word], rate: float = 0.10) -> list[Word]:
    """The words to show: used at least 5 times now, z above 1.96, and kept by Benjamini-Hochberg at `rate`."""
    p = [math.erfc(abs(one.z) / math.sqrt(2)) for one in found]
    sure = benjamini_hochberg(p, rate)
    return [one for one, keep in zip(found, sure, strict=True) if keep and one.z > Z_SHOWN and one.now >= AT_LEAST]


def _prior(
    now: Mapping[str, float], before: Mapping[str, float], usual: Mapping[str, float] | None, size: float
) -> tuple[dict[str, float], float]:
    words = sorted({*now, *before})
    if usual is None:
        return dict.fromkeys(words, size), size * len(words)
    floor = 0.5
    counts = {word: usual.get(word, 0.0) + floor for word in words}
    total = sum(usual.values()) + floor * len(words)
    return {word: size * count / total for word, count in counts.items()}, size
