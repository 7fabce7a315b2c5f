"""Language: Dutch, English or other; restricted to what the house reads, since that matters more than the method.

Very short texts say little: they inherit the language of their conversation when that is known. `other` must be clear,
since a Dutch message with a foreign name in it is still Dutch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from text.cleaning import clean
from text.engine import NOTHING
from text.features import Seen, tokens_of
from text.linear import load, softmax
from text.vocabulary import frequent_words

SHORT = 20
OTHER_PENALTY = 2.5
INHERITED = 8.0
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FOREIGN = re.compile(r"[\u0370-\u1fff\u3040-\ud7ff]")


class Language(NamedTuple):
    """`code` is 'nl', 'en' or 'other'; `confidence` 0..1."""

    code: str
    confidence: float


def detect(text: str, hint: str | None = None) -> Language:
    """The language of one text; `hint` is the language of the conversation it belongs to, if known."""
    return detect_all([text], [hint])[0]


def detect_all(texts: Sequence[str], hints: Sequence[str | None]) -> list[Language]:
    """The language of each text; see `detect`."""
    model = load("language")
    if model is None or not texts:
        return [_by_words(text, hint) for text, hint in zip(texts, hints, strict=True)]
    seen = [Seen([t for t in tokens_of(clean(text)) if t[0].isalpha()], {}, NOTHING) for text in texts]
    outputs = model.outputs(seen)
    places = {name: place for place, name in enumerate(model.classes)}
    outputs[:, places["other"]] -= OTHER_PENALTY
    for i, (text, hint) in enumerate(zip(texts, hints, strict=True)):
        if hint in ("nl", "en") and len(text) < SHORT:
            outputs[i, places[hint]] += INHERITED * (SHORT - len(text)) / SHORT
        if len(_FOREIGN.findall(text)) > len(text) / 3:
            outputs[i, places["other"]] += 20.0
    return [_read(row, model.classes) for row in softmax(outputs)]


def _read(chances: np.ndarray, classes: list[str]) -> Language:
    best = int(chances.argmax())
    return Language(classes[best], round(float(chances[best]), 4))


def _by_words(text: str, hint: str | None) -> Language:
    """Without a model: whose frequent words are these."""
    words = _WORD.findall(text.lower())
    dutch, english = (sum(_weight(word, code) for word in words) for code in ("nl", "en"))
    if hint in ("nl", "en") and (len(text) < SHORT or dutch == english):
        return Language(hint, 0.6)
    if not words or dutch + english < 0.2 * len(words):
        return Language("other", 0.5)
    share = max(dutch, english) / (dutch + english)
    return Language("nl" if dutch >= english else "en", round(share, 3))


def _weight(word: str, code: str) -> float:
    rank = frequent_words(code).get(word)
    return 0.0 if rank is None else 1.0 / (1.0 + rank / 500)
