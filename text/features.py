"""What a linear model sees of a text: its words, their letters, pairs of words, and signs that hold across languages.

A word's letters are shared out (1 / sqrt of their number), and a text's words likewise, so that every word's weight in
a model can be added up once and remembered: that is what makes reading quick.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from text.concepts import concepts_of
from text.engine import Polarity, load_engine

TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,:]\d+)*|[!?]+|\.{2,}|[^\w\s.,;:()\"'/*#@&+=<>\[\]{}|~^%$€£_–—-]")
SHORTEST, LONGEST = 2, 5
REMEMBERED = 2048
BORDER = "_"
STRETCH = re.compile(r"(\w)\1{2,}")


class Seen(NamedTuple):
    """`tokens` in order, `signs` (name to value 0..1), and the polarity that the rule engine found."""

    tokens: list[str]
    signs: dict[str, float]
    polarity: Polarity


def tokens_of(text: str) -> list[str]:
    """Lower-case words, '0' for a number, runs of marks cut to two, single emoji.

    >>> tokens_of("Wéér 45 minuten!!! 😡")
    ['wéér', '0', 'minuten', '!!', '😡']
    """
    found = []
    for token in TOKEN.findall(text.lower()):
        first = token[0]
        if first.isdigit():
            found.append("0")
        elif first in "!?.":
            found.append("?!" if "?" in token and "!" in token else token[:2])
        else:
            found.append(token.replace("’", "'"))
    return found


def letters_of(token: str) -> list[str]:
    """The pieces of 2 to 5 letters of a word with its borders; none for marks, numbers and emoji."""
    if not token[0].isalpha():
        return []
    word = BORDER + STRETCH.sub(r"\1\1", token) + BORDER
    top = min(LONGEST, len(word))
    return [word[i : i + n] for n in range(SHORTEST, top + 1) for i in range(len(word) - n + 1)]


@lru_cache(maxsize=REMEMBERED)
def see(text: str, language: str) -> Seen:
    """Everything a model may use of an already cleaned `text` (text/cleaning.py); shared, so not to be changed."""
    tokens = tokens_of(text)
    polarity = load_engine(language).polarity(text)
    signs = _polarity_signs(polarity) | _shape_signs(text, tokens)
    for concept, count in concepts_of(text, language).items():
        signs["c:" + concept] = 1.0
        if count > 1:
            signs["c2:" + concept] = 1.0
    return Seen(tokens, signs, polarity)


def _polarity_signs(polarity: Polarity) -> dict[str, float]:
    compound = polarity.compound
    side = "+" if compound > 0 else "-" if compound < 0 else "0"
    return {
        "e:" + side: 1.0,
        "e:compound" + side: abs(compound),
        f"e:{side}{int(abs(compound) * 4)}": 1.0,
        "e:pos": polarity.pos,
        "e:neg": polarity.neg,
        "e:mixed": float(polarity.pos > 0 and polarity.neg > 0),
    }


def _shape_signs(text: str, tokens: list[str]) -> dict[str, float]:
    count = len(tokens)
    capitals = sum(1 for word in text.split() if len(word) > 3 and word.isupper())
    signs = {f"s:length{min(count.bit_length(), 8)}": 1.0}
    if text.rstrip().endswith("?"):
        signs["s:asks"] = 1.0
    if "!" in text:
        signs["s:exclaims"] = min(text.count("!"), 3) / 3
    if "?" in text:
        signs["s:questions"] = min(text.count("?"), 3) / 3
    if capitals:
        signs["s:capitals"] = min(capitals, 4) / 4
    if "\n" in text:
        signs["s:letter"] = 1.0
    return signs
