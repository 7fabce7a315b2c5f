"""A company's own models: the shipped ones refined by its people's corrections, and kept only when they are better.

The figures are honest: cross-validated on the corrections, and on those that are held out for good, which no model ever
sees. `python -m ingest train` calls `learn_sentiment` and `learn_stage`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from text.cleaning import clean
from text.features import Seen, see
from text.learning import Example, Fitted, fit
from text.linear import LinearModel, load
from text.measures import macro_f1
from text.sentiment import LABELS, probabilities
from text.stacking import complete, oriented, side_by_side, with_base, written_out

HELD_OUT = 0.2
LEAST = 50
FOLDS = 5
BETTER = 0.005
STRENGTH = 0.3
TOO_FEW = f"fewer than {LEAST} corrections to learn from, or fewer than {FOLDS} of a label, or only one label"


class Correction(NamedTuple):
    """What a person said about a message: its masked text, its language, and the label that is right."""

    text: str
    language: str
    label: str


class Learned(NamedTuple):
    """What came of learning: macro-F1 of the shipped and the new model, cross-validated and on what is held out.

    `model` is None when there are too few corrections or the new model is not better; `reason` says which.
    """

    labels: int
    held_out: int
    before: float
    after: float
    held_before: float | None
    held_after: float | None
    model: Fitted | None
    reason: str


Train = Callable[[Sequence[Example]], Fitted]
Read = Callable[[LinearModel, Sequence[Seen]], list[str]]


def is_held_out(text: str) -> bool:
    """Whether a text belongs to the fifth that no model may ever learn from; depends on the text alone."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 2**32 < HELD_OUT


def learn_sentiment(corrections: Sequence[Correction], base: LinearModel | None = None) -> Learned:
    """Refine the sentiment model (`base`, else the shipped one) with corrected labels negative, neutral, positive."""
    known = _need(base or load("sentiment"), "sentiment")
    return _learn([c for c in corrections if c.label in LABELS], known, lambda some: _sentiment(some, known), _labels)


def learn_stage(corrections: Sequence[Correction], journey: str, base: LinearModel | None = None) -> Learned:
    """Refine the stage model of `journey` (`base`, else the shipped one) with corrected stage ids."""
    known = _need(base or load(f"stage-{journey}") or load("stage-seven-stages"), "stage")
    return _learn(corrections, known, lambda some: _stage(some, known), _stages)


def _learn(corrections: Sequence[Correction], base: LinearModel, train: Train, read: Read) -> Learned:
    known = [c for c in corrections if not is_held_out(c.text)]
    held = [c for c in corrections if is_held_out(c.text)]
    examples = [Example(see(clean(c.text), c.language), c.label) for c in known]
    before = _score(base, examples, read)
    counts = _counts(examples)
    if len(known) < LEAST or min(counts) < FOLDS or len(counts) < 2:
        return Learned(len(known), len(held), before, before, None, None, None, TOO_FEW)
    after = _cross_validated(examples, train, read)
    fitted = train(examples)
    tests = [Example(see(clean(c.text), c.language), c.label) for c in held]
    held_before, held_after = _score(base, tests, read), _score(fitted.model(), tests, read)
    better = after >= before + BETTER and (not tests or held_after >= held_before - BETTER)
    reason = "better" if better else "not better than the model in use"
    return Learned(len(known), len(held), before, after, held_before, held_after, fitted if better else None, reason)


def _cross_validated(examples: Sequence[Example], train: Train, read: Read) -> float:
    """Macro-F1 over FOLDS parts, each read by a model that did not learn from it."""
    called: dict[int, str] = {}
    for fold in range(FOLDS):
        test = list(range(fold, len(examples), FOLDS))
        model = train([one for i, one in enumerate(examples) if i % FOLDS != fold]).model()
        called |= dict(zip(test, read(model, [examples[i].seen for i in test]), strict=True))
    return macro_f1([one.label for one in examples], [called[i] for i in range(len(examples))])


def _score(model: LinearModel, examples: Sequence[Example], read: Read) -> float:
    if not examples:
        return 0.0
    return macro_f1([one.label for one in examples], list(read(model, [one.seen for one in examples])))


def _sentiment(examples: Sequence[Example], base: LinearModel) -> Fitted:
    stacked = with_base(examples, base)
    felt = [e._replace(label="neutral" if e.label == "neutral" else "felt") for e in stacked]
    side = [e for e in stacked if e.label != "neutral"]
    asked = {"felt": felt, "positive": side}
    heads = [_answer(some, name, base, place) for place, (name, some) in enumerate(asked.items())]
    return side_by_side(heads, list(asked))


def _answer(examples: Sequence[Example], name: str, base: LinearModel, place: int) -> Fitted:
    """The model of one question; what `base` answers when the corrections know only one answer to it."""
    if len({example.label for example in examples}) < 2:
        own = {feature: (row[place],) for feature, row in base.weights.items()}
        return Fitted(["", name], [base.bias[place]], own)
    return oriented(written_out(fit(examples, STRENGTH), base), name)


def _stage(examples: Sequence[Example], base: LinearModel) -> Fitted:
    return complete(written_out(fit(with_base(examples, base), STRENGTH, balanced=True), base), base)


def _labels(model: LinearModel, seen: Sequence[Seen]) -> list[str]:
    return [LABELS[place] for place in probabilities(seen, model).argmax(axis=1)]


def _stages(model: LinearModel, seen: Sequence[Seen]) -> list[str]:
    return [model.classes[place] for place in model.outputs(seen).argmax(axis=1)]


def _counts(examples: Sequence[Example]) -> list[int]:
    return np.unique([one.label for one in examples], return_counts=True)[1].tolist() if examples else []


def _need(model: LinearModel | None, task: str) -> LinearModel:
    if model is None:
        raise FileNotFoundError(f"text/models holds no {task} model: run `make models`, then train again.")
    return model
