"""Sentiment: one score, label and probability per message, in Dutch and English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from text.cleaning import clean
from text.engine import load_engine

ENGINE_VERSION = "rules-1"
CLEAR = 0.2


class Sentiment(NamedTuple):
    """`score` -1 (worst) to 1 (best), `label`, `probability` of that label, and `lexicon`, the rule engine's compound."""

    score: float
    label: str
    probability: float
    lexicon: float


def score_all(texts: Sequence[str], languages: Sequence[str], own_names: Sequence[str] = ()) -> list[Sentiment]:
    """A sentiment per text; `languages` are 'nl', 'en' or 'other' (scored as English).

    `own_names` (the company's own and its rivals' names and accounts) are taken out before anything is scored.
    """
    return [_by_rules(clean(text, own_names), code) for text, code in zip(texts, languages, strict=True)]


def _by_rules(text: str, language: str) -> Sentiment:
    compound = load_engine(language).compound(text)
    label = "positive" if compound > CLEAR else "negative" if compound < -CLEAR else "neutral"
    return Sentiment(compound, label, round(0.5 + abs(compound) / 2, 4), compound)
