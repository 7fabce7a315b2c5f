"""Language: Dutch, English or other; restricted to what the house reads, since that matters more than the method.

Very short texts say little: they inherit the language of their conversation when that is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from text.vocabulary import frequent_words

SHORT = 20
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


class Language(NamedTuple):
    """`code` is 'nl', 'en' or 'other'; `confidence` 0..1."""

    code: str
    confidence: float


def detect(text: str, hint: str | None = None) -> Language:
    """The language of one text; `hint` is the language of the conversation it belongs to, if known."""
    return detect_all([text], [hint])[0]


def detect_all(texts: Sequence[str], hints: Sequence[str | None]) -> list[Language]:
    """The language of each text; see `detect`."""
    return [_detect(text, hint) for text, hint in zip(texts, hints, strict=True)]


def _detect(text: str, hint: str | None) -> Language:
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
