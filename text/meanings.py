"""What words mean, as vectors: lets a model give a weight to words that its labelled texts never used.

Needed only to train: being linear, what a model learns about directions is written out as weights of words
(text/learning.py). Words of both languages that mean the same lie near each other. Made by text/encoding.py.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("data") / "meanings.npz"


class Meanings(NamedTuple):
    """The place of each word and its vector, shape (words, dimensions), of mean square length 1."""

    places: dict[str, int]
    vectors: NDArray[np.float32]


@lru_cache(maxsize=1)
def load_meanings(path: Path = FILE) -> Meanings:
    """The vectors that stand in text/data, read once per process."""
    with np.load(path, allow_pickle=False) as stored:
        words = bytes(stored["words"]).decode("utf8").split("\n")
        vectors = stored["vectors"].astype(np.float32)
    length = float(np.sqrt((vectors**2).sum(axis=1).mean()))
    return Meanings({word: place for place, word in enumerate(words)}, vectors / length)


def save(words: list[str], vectors: NDArray[np.float32], path: Path = FILE) -> None:
    """Write `vectors`, shape (words, dimensions), a byte for each number."""
    steps = np.clip(np.round(vectors / np.abs(vectors).max() * 127), -127, 127).astype(np.int8)
    np.savez_compressed(path, words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8), vectors=steps)
