"""Fits the linear models; the only place that needs scikit-learn, and only when something is trained."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, diags_array

from text.features import Seen, letters_of
from text.linear import LinearModel, text_scale

PAIR, SIGN = 0.7, 0.5
LEAST_SEEN = 2
USUAL = 4.0


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


def fit(examples: Sequence[Example], strength: float = 3.0, pairs: bool = True, balanced: bool = False) -> Fitted:
    """A logistic regression over `examples` (L2, inverse strength `strength`); deterministic.

    Words, letters and pairs are scaled by how rare they are, so that the penalty does not hold back what few texts
    show; the scale is in the weights afterwards. `balanced` makes every class count alike.
    """
    from sklearn.linear_model import LogisticRegression

    counted = [features_of(example.seen, pairs) for example in examples]
    scales = _scales(counted)
    names = {name: place for place, name in enumerate(scales)}
    matrix = _matrix(counted, names) @ diags_array(list(scales.values()))
    model = LogisticRegression(C=strength, max_iter=400, class_weight="balanced" if balanced else None)
    model.fit(matrix, [e.label for e in examples], sample_weight=[e.weight for e in examples])
    columns = np.asarray(model.coef_) * np.array(list(scales.values()))
    columns *= np.array([{"b": PAIR, "s": SIGN}.get(name[0], 1.0) for name in names])
    weights = dict(zip(names, map(tuple, columns.T), strict=True))
    return Fitted([str(c) for c in model.classes_], [float(b) for b in np.asarray(model.intercept_)], weights)


def _scales(counted: list[dict[str, float]]) -> dict[str, float]:
    """The features that enough texts show, each with its scale: rarity (inverse document frequency), 1 for a sign."""
    seen = Counter(name for features in counted for name in features)
    kept = sorted(name for name, count in seen.items() if count >= LEAST_SEEN)
    return {name: 1.0 if name[0] == "s" else _rarity(seen[name], len(counted)) for name in kept}


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
