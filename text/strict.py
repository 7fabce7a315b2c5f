"""The strict mask of a wall: a word stays only if it is known to be harmless; everything else is blotted out.

Known to be harmless: frequent in its language (text/models/vocabulary_*, with a licence), no name of a person, and not
written with a capital inside a sentence. A false mask costs a word on a wall; a leak costs a customer's trust.
"""

from __future__ import annotations

import re
from functools import lru_cache

from text.vocabulary import first_names, frequent_words, last_names

BLOT = "…"
PIECE = re.compile(r"\[[^\]\n]{2,20}\]|[^\W\d_]+(?:['’-][^\W\d_]+)*|\s+|.", re.S)
HARMLESS_MARKS = frozenset(
    ".,!?;:-–'\"()…/&%€£$+*😀😃😄😁😅😂🙂🙃😉😊😍🥰😘😎🤔😐🙄😒😞😔😢😭😡😠🤬👍👎👏🙏💪❤💚💙💛🧡🎉🥳🌟⭐✨🤗😬😤😩😫"
)
ALWAYS_FREQUENT = 400
LEAST_WORDS = 3
LEAST_SHARE = 0.5


def strict_text(text: str, language: str) -> str | None:
    """The harmless words of an already masked `text`, the rest as '…'; None when fewer than half of its words are left."""
    pieces, kept, words, opens = [], 0, 0, True
    for piece in PIECE.findall(text):
        if piece[0].isalpha():
            words += 1
            stays = is_harmless(piece, language, opens)
            kept += stays
            pieces.append(piece if stays else BLOT)
            opens = False
        elif piece[0] == "[":
            words += 1
            pieces.append(BLOT)
        else:
            pieces.append(piece if piece.isspace() or piece in HARMLESS_MARKS else BLOT)
            opens = opens or piece in ".!?\n"
    if kept < LEAST_WORDS or kept < LEAST_SHARE * words:
        return None
    return re.sub(r"…(?:[\s.,:/&+()'\"–-]*…)+", BLOT, "".join(pieces)).strip()


def is_harmless(word: str, language: str, opens: bool) -> bool:
    """Whether `word` may be shown; `opens` says that it begins a sentence, where a capital means nothing."""
    if not word.islower() and not (opens and word[1:].islower()) and word not in ("I", "U", "A"):
        return False
    lower = word.lower().replace("’", "'")
    return lower in _harmless("nl" if language == "nl" else "en")


@lru_cache(maxsize=2)
def _harmless(language: str) -> frozenset[str]:
    names = first_names() | last_names()
    ranks = frequent_words(language)
    return frozenset(word for word, rank in ranks.items() if rank < ALWAYS_FREQUENT or word not in names)
