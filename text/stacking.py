"""A model that starts from what another already knows: the other's log-odds are signs, written out again afterwards.

Since both are linear, so is the whole: what ships, and what a company learns, is one plain linear model.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from text.features import Seen
from text.learning import Example, Fitted
from text.linear import LinearModel

SCALE = 4.0
SIGN = "base:"


def with_base(examples: Sequence[Example], base: LinearModel) -> list[Example]:
    """The examples with the outputs of `base` (log-odds / SCALE) as signs named base:0, base:1, ..."""
    outputs = base.outputs([example.seen for example in examples]) / SCALE
    return [
        example._replace(seen=Seen(example.seen.tokens, example.seen.signs | _signs(row), example.seen.polarity))
        for example, row in zip(examples, outputs, strict=True)
    ]


def written_out(head: Fitted, base: LinearModel) -> Fitted:
    """`head`, fitted on examples of `with_base`, with its use of `base` written out over the features of `base`."""
    width = len(head.bias)
    nothing = (0.0,) * width
    shares = np.array([head.weights.get(f"s:{SIGN}{j}", nothing) for j in range(len(base.bias))]) / SCALE
    merged = {name: np.array(row) for name, row in head.weights.items() if not name.startswith("s:" + SIGN)}
    for name, row in base.weights.items():
        merged[name] = merged.get(name, 0.0) + np.asarray(row) @ shares
    bias = np.asarray(head.bias) + np.asarray(base.bias) @ shares
    return Fitted(head.classes, bias.tolist(), {name: tuple(row.tolist()) for name, row in merged.items()})


def side_by_side(heads: Sequence[Fitted], names: list[str]) -> Fitted:
    """Models of one output each as one model with an output per name."""
    merged: dict[str, list[float]] = {}
    for place, head in enumerate(heads):
        for name, row in head.weights.items():
            merged.setdefault(name, [0.0] * len(heads))[place] = row[0]
    return Fitted(names, [head.bias[0] for head in heads], {name: tuple(row) for name, row in merged.items()})


def oriented(fitted: Fitted, positive: str) -> Fitted:
    """The same two-class model with `positive` as the class that its one output stands for."""
    if fitted.classes[1] == positive:
        return fitted
    turned = {name: (-row[0],) for name, row in fitted.weights.items()}
    return Fitted(fitted.classes[::-1], [-fitted.bias[0]], turned)


def complete(fitted: Fitted, base: LinearModel) -> Fitted:
    """`fitted` with an output for every class, those of `base` included that its examples never showed."""
    if len(fitted.classes) == 2 and len(fitted.bias) == 1:
        mirrored = {name: (-row[0], row[0]) for name, row in fitted.weights.items()}
        fitted = Fitted(fitted.classes, [-fitted.bias[0], fitted.bias[0]], mirrored)
    unseen = [place for place, name in enumerate(base.classes) if name not in fitted.classes]
    nothing, untold = (0.0,) * len(fitted.bias), (0.0,) * len(base.bias)
    weights = {
        name: (*fitted.weights.get(name, nothing), *(base.weights.get(name, untold)[place] for place in unseen))
        for name in fitted.weights.keys() | base.weights.keys()
    }
    classes = [*fitted.classes, *(base.classes[place] for place in unseen)]
    return Fitted(classes, [*fitted.bias, *(base.bias[place] for place in unseen)], weights)


def _signs(row: np.ndarray) -> dict[str, float]:
    return {f"{SIGN}{j}": float(value) for j, value in enumerate(row)}
