"""A question that people may answer in Dutch, in English, or in both: one language is asked for, the other may stay empty."""

from __future__ import annotations

import streamlit as st

from config.language import Texts


def ask_both(
    t: Texts, label: str, most: int, start: tuple[str, str] = ("", ""), key: str = "", area: bool = False
) -> tuple[str, str]:
    """Draw two fields side by side, the reader's own language first; the Dutch and the English words, without outer blanks.

    `most` letters at most; `start` is what stood there (Dutch, English); `key` keeps two questions of one label apart, `area`
    asks for more lines.
    """
    first, second = st.columns(2)
    own, other = start if t.code == "nl" else start[::-1]
    words = []
    for place, which, before in ((first, "own", own), (second, "other", other)):
        field = place.text_area if area else place.text_input
        words.append(
            field(t(f"both.{which}", label=label), before, max_chars=most, key=f"{key}-{which}" if key else None).strip()
        )
    return (words[0], words[1]) if t.code == "nl" else (words[1], words[0])
