"""The strict mask of a wall: a word stays only if it is known to be harmless; everything else is blotted out.

Known to be harmless: frequent in its language (text/models/vocabulary_*, with a licence) and no name of a person, or
typed in lower case by several customers (text/models/ordinary_*); and not written with a capital inside a sentence. A
false mask costs a word on a wall; a leak costs a customer's trust.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from text.cues import usual_in_lower_case
from text.vocabulary import first_names, frequent_words, last_names, ordinary_words_of

BLOT = "…"
PIECE = re.compile(r"\[[^\]\n]{2,20}\]|[^\W\d_]+(?:['’-][^\W\d_]+)*|\s+|.", re.S)
HARMLESS_MARKS = frozenset(
    ".,!?;:-–'\"()…/&%€£$+*😀😃😄😁😅😂🙂🙃😉😊😍🥰😘😎🤔😐🙄😒😞😔😢😭😡😠🤬👍👎👏🙏💪❤💚💙💛🧡🎉🥳🌟⭐✨🤗😬😤😩😫"
)
ALWAYS_FREQUENT = 400
FREQUENT = 10_000
LEAST_WORDS = 3
PARTICLES = frozenset(["van", "von", "de", "der", "den", "ten", "ter", "el", "al", "bin", "da", "di", "du", "la", "le"])
PLACES = frozenset(
    ["flat", "unit", "room", "apartment", "house", "laan", "weg", "plein", "hof", "straat", "kamer", "appartement"]
)
LEAST_SHARE = 0.5


def strict_text(text: str, language: str) -> str | None:
    """The harmless words of an already masked `text`, the rest as '…'; None when fewer than half of its words are left."""
    pieces, opens = [], True
    for piece in PIECE.findall(text):
        if piece[0].isalpha():
            pieces.append(piece if is_harmless(piece, language, opens) else BLOT)
            opens = False
        elif piece.isspace() or piece in HARMLESS_MARKS:
            pieces.append(piece)
            opens = opens or piece in ".!?\n"
        else:
            pieces.append(BLOT)
    _widen(pieces)
    kept = sum(piece[0].isalpha() for piece in pieces)
    words = kept + pieces.count(BLOT)
    if kept < LEAST_WORDS or kept < LEAST_SHARE * words:
        return None
    return re.sub(r"…(?:[\s.,:/&+()'\"–-]*…)+", BLOT, "".join(pieces)).strip()


def _widen(pieces: list[str]) -> None:
    """Blot out the small words of a name or address next to what is blotted out already ('… de groot', 'flat …')."""
    words = [i for i, piece in enumerate(pieces) if piece[0].isalpha() or piece == BLOT]
    for before, here in pairwise(words):
        if pieces[before] == BLOT and pieces[here].lower() in PARTICLES:
            pieces[here] = BLOT
            following = words.index(here) + 1
            if following < len(words) and pieces[words[following]].lower() in last_names():
                pieces[words[following]] = BLOT
    for here, after in zip(words[-2::-1], words[:0:-1], strict=False):
        piece = pieces[here]
        if pieces[after] == BLOT and (piece.lower() in PARTICLES | PLACES or (piece[0].isupper() and len(piece) < 9)):
            pieces[here] = BLOT


def is_harmless(word: str, language: str, opens: bool) -> bool:
    """Whether `word` may be shown; `opens` says that it begins a sentence, where a capital means nothing."""
    if not word.islower() and not (opens and word[1:].islower()) and word not in ("I", "U", "A"):
        return False
    lower = word.lower().replace("’", "'")
    if word in usual_in_lower_case():
        return True
    return lower in _harmless("nl" if language == "nl" else "en")


@lru_cache(maxsize=2)
def _harmless(language: str) -> frozenset[str]:
    names = first_names() | last_names()
    ranks = frequent_words(language)
    frequent = {word for word, rank in ranks.items() if rank < (ALWAYS_FREQUENT if word in names else FREQUENT)}
    return frozenset(frequent | ordinary_words_of(language))
