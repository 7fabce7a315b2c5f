"""What must not be scored is taken out first: addresses, accounts, mask tokens, and the company's own names.

VADER's lexicon holds "united" at +1.8 and so calls an airline's worst day good; an own name says nothing of feeling.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_NOISE = re.compile(r"https?://\S+|www\.\S+|(?<!\w)@\w[\w.]*|\[[A-ZÀ-Þ][A-ZÀ-Þ -]{1,20}\]")


@lru_cache(maxsize=64)
def _names(own_names: tuple[str, ...]) -> re.Pattern[str] | None:
    words = sorted({name.strip().lstrip("@#") for name in own_names if name.strip("@# ")}, key=len, reverse=True)
    if not words:
        return None
    return re.compile(r"(?<!\w)#?(?:" + "|".join(map(re.escape, words)) + r")(?!\w)", re.I)


def clean(text: str, own_names: Iterable[str] = ()) -> str:
    """`text` without addresses, accounts, mask tokens and the names in `own_names`; spaces stay as they are."""
    if "@" in text or "[" in text or "http" in text or "www." in text:
        text = _NOISE.sub(" ", text)
    names = _names(tuple(own_names))
    return names.sub(" ", text) if names else text
