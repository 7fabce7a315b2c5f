"""Sentiment: one score, label and probability per message, in Dutch and English.

The rule engine's compound is kept as a visible figure; what decides is a linear model over words, letters and signs
(text/features.py). Where no model is installed the rules decide, and the probability is only a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from text.cleaning import clean
from text.features import Seen, see
from text.linear import LinearModel, load, logistic

LABELS = ("negative", "neutral", "positive")
CLEAR = 0.2


class Sentiment(NamedTuple):
    """`score` -1 (worst) to 1 (best), `label`, `probability` of that label, and `lexicon`, the rule engine's compound."""

    score: float
    label: str
    probability: float
    lexicon: float


ENGINE_VERSION = "sentiment-2"


def score_all(
    texts: Sequence[str],
    languages: Sequence[str],
    own_names: Sequence[str] = (),
    model: LinearModel | None = None,
) -> list[Sentiment]:
    """A sentiment per text; `languages` are 'nl', 'en' or 'other' (scored as English).

    `own_names` (the company's own and its rivals' names and accounts) are taken out before anything is scored. `model`
    is the company's own when it has trained one, else the shipped one.
    """
    names = tuple(own_names)
    seen = [see(clean(text, names), language) for text, language in zip(texts, languages, strict=True)]
    deciding = model or load("sentiment")
    if deciding is None or not seen:
        return [_by_rules(one) for one in seen]
    return _by_model(seen, deciding)


def probabilities(seen: Sequence[Seen], model: LinearModel) -> np.ndarray:
    """P(negative), P(neutral), P(positive) per text, shape (texts, 3): felt or not, and if so which way."""
    outputs = logistic(model.outputs(seen))
    felt, positive = outputs[:, 0], outputs[:, 1]
    return np.stack([felt * (1 - positive), 1 - felt, felt * positive], axis=1)


def _by_model(seen: list[Seen], model: LinearModel) -> list[Sentiment]:
    chances = probabilities(seen, model)
    best = chances.argmax(axis=1)
    scores = chances[:, 2] - chances[:, 0]
    return [
        Sentiment(round(float(score), 4), LABELS[place], round(float(row[place]), 4), one.polarity.compound)
        for one, row, place, score in zip(seen, chances, best.tolist(), scores, strict=True)
    ]


def _by_rules(one: Seen) -> Sentiment:
    compound = one.polarity.compound
    label = "positive" if compound > CLEAR else "negative" if compound < -CLEAR else "neutral"
    return Sentiment(compound, label, round(0.5 + abs(compound) / 2, 4), compound)
