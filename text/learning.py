"""Fits the linear models; the only place that needs scikit-learn, and only when something is trained."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, diags_array, hstack

from text.features import Seen, letters_of
from text.linear import LinearModel, text_scale
from text.meanings import Meanings

PAIR, SIGN = 0.7, 0.5
LEAST_SEEN = 2
USUAL = 4.0
MEANING = 0.25


class Example(NamedTuple):
    """A text as a model sees it, its label, and how much it counts."""

    seen: Seen
    label: str
    weight: float = 1.0


class Fitted(NamedTuple):
    """A fitted model: classes, bias per output and weights per feature (one output for two classes)."""

    classes: list[str]
    bias: list[float]
    weights: dict[str, tuple[float, ...]]

    def model(self, **header: Any) -> LinearModel:
        """The same as a LinearModel, ready to use."""
        return LinearModel({"classes": self.classes, "bias": self.bias} | header, self.weights)


def features_of(seen: Seen, pairs: bool = True) -> dict[str, float]:
    """The features of one text with their values, as text/linear.py adds them up."""
    found: defaultdict[str, float] = defaultdict(float)
    scale = text_scale(len(seen.tokens))
    before = "^"
    for token in seen.tokens:
        found["w:" + token] += scale
        letters = letters_of(token)
        for piece in letters:
            found["l:" + piece] += scale / math.sqrt(len(letters))
        if pairs:
            found[f"b:{before} {token}"] += scale * PAIR
        before = token
    for name, value in seen.signs.items():
        found["s:" + name] = value * SIGN
    return found


def fit(
    examples: Sequence[Example],
    strength: float = 2.0,
    pairs: bool = True,
    balanced: bool = False,
    meanings: Meanings | None = None,
) -> Fitted:
    """A logistic regression over `examples` (L2, inverse strength `strength`); deterministic.

    Words, letters and pairs are scaled by how rare they are, so that the penalty does not hold back what few texts
    show; the scale is in the weights afterwards. `balanced` makes every class count alike. With `meanings` a text is
    also the sum of its words' vectors, and every word that has a vector gets a weight from it.
    """
    from sklearn.linear_model import LogisticRegression

    counted = [features_of(example.seen, pairs) for example in examples]
    seen = Counter(name for features in counted for name in features)
    scales = _scales(seen, len(counted))
    matrix = _matrix(counted, {name: place for place, name in enumerate(scales)}) @ diags_array(list(scales.values()))
    vectors = _vectors(meanings, seen, len(counted)) if meanings else None
    if meanings and vectors is not None:
        words = {"w:" + word: place for word, place in meanings.places.items()}
        matrix = hstack([matrix, csr_matrix(_matrix(counted, words) @ vectors)], format="csr")
    model = LogisticRegression(C=strength, max_iter=400, class_weight="balanced" if balanced else None)
    model.fit(matrix, [e.label for e in examples], sample_weight=[e.weight for e in examples])
    columns = np.asarray(model.coef_)
    weights = _weights(columns[:, : len(scales)], scales)
    if meanings and vectors is not None:
        _write_out(weights, meanings, vectors @ columns[:, len(scales) :].T)
    rows = {name: tuple(row.tolist()) for name, row in weights.items()}
    return Fitted([str(c) for c in model.classes_], [float(b) for b in np.asarray(model.intercept_)], rows)


def _weights(columns: np.ndarray, scales: dict[str, float]) -> dict[str, np.ndarray]:
    """What each feature's coefficients are on the feature as text/linear.py counts it."""
    kinds = {"b": PAIR, "s": SIGN}
    return {name: columns[:, place] * (scale * kinds.get(name[0], 1.0)) for place, (name, scale) in enumerate(scales.items())}


def _vectors(meanings: Meanings, seen: Counter[str], texts: int) -> np.ndarray:
    """The vectors of all words, each as long as the word is rare."""
    rarity = np.array([_rarity(seen["w:" + word], texts) for word in meanings.places])
    return meanings.vectors * (MEANING * rarity)[:, None]


def _write_out(weights: dict[str, np.ndarray], meanings: Meanings, rows: np.ndarray) -> None:
    for word, place in meanings.places.items():
        name = "w:" + word
        weights[name] = weights[name] + rows[place] if name in weights else rows[place]


def _scales(seen: Counter[str], texts: int) -> dict[str, float]:
    """The features that enough texts show, each with its scale: rarity (inverse document frequency), 1 for a sign."""
    kept = sorted(name for name, count in seen.items() if count >= LEAST_SEEN)
    return {name: 1.0 if name[0] == "s" else _rarity(seen[name], texts) for name in kept}


def _rarity(count: int, texts: int) -> float:
    """Smoothed inverse document frequency over USUAL, which is what a word of a few texts in a thousand has."""
    return (math.log((1 + texts) / (1 + count)) + 1) / USUAL


def _matrix(counted: list[dict[str, float]], names: dict[str, int]) -> csr_matrix:
    values, places, rows = [], [], [0]
    for features in counted:
        for name, value in features.items():
            place = names.get(name)
            if place is not None:
                values.append(value)
                places.append(place)
        rows.append(len(values))
    return csr_matrix((values, places, rows), shape=(len(counted), len(names)), dtype=np.float64)
