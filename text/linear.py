"""Linear models in a plain, versioned, checksummed file, read lazily and applied to batches.

The file is gzipped text: one line of JSON (format, task, classes, bias, scales, provenance, and the SHA-256 of what
follows), then one line per feature: its name and an integer weight per output, in units of `scale`. No code in it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from text.features import Seen, letters_of

FORMAT = 1
MODELS = Path(__file__).with_name("models")
REMEMBERED = 60_000
Floats = NDArray[np.float64]


class ModelError(ValueError):
    """A model file that is damaged or of another format; the message says which and how to make it anew."""


def text_scale(tokens: int) -> float:
    """How much each word of a text of so many tokens counts.

    >>> text_scale(2)
    1.0
    """
    return 2.0 / math.sqrt(tokens + 2)


class LinearModel:
    """Weights per feature ('w:' word, 'l:' letters, 'b:' pair of words, 's:' sign) for one or more outputs."""

    def __init__(self, header: dict[str, Any], weights: Mapping[str, Sequence[float]]) -> None:
        self.header = header
        self.classes: list[str] = header["classes"]
        self._bias = np.asarray(header["bias"], dtype=np.float64)
        self._weights = weights
        self._places: dict[str, int] = {}
        self._filled = 0
        self._rows: Floats = np.zeros((1024, len(self._bias)))
        self._nothing = np.zeros(len(self._bias))

    @property
    def weights(self) -> Mapping[str, Sequence[float]]:
        """The weight per output of each feature, by its name."""
        return self._weights

    @property
    def bias(self) -> list[float]:
        """What each output is of an empty text."""
        return self._bias.tolist()

    @property
    def features(self) -> int:
        """How many features carry a weight."""
        return len(self._weights)

    def outputs(self, batch: Sequence[Seen]) -> Floats:
        """A row of outputs (log-odds) per text, shape (texts, outputs)."""
        if len(self._places) > REMEMBERED:
            self._places.clear()
            self._filled = 0
        result = np.empty((len(batch), len(self._bias)))
        for i, seen in enumerate(batch):
            places = self._places_of(seen.tokens)
            values = [text_scale(len(seen.tokens))] * len(places)
            for name, value in seen.signs.items():
                place = self._place("s:" + name)
                if place:
                    places.append(place)
                    values.append(value)
            result[i] = np.dot(values, self._rows.take(places, 0)) if places else 0.0
        return result + self._bias

    def _places_of(self, tokens: list[str]) -> list[int]:
        """The rows of the words and of the pairs that carry a weight."""
        places, weights = [], self._weights
        before = "^"
        for token in tokens:
            place = self._places.get(token)
            places.append(self._remember(token, self._word(token)) if place is None else place)
            pair = f"b:{before} {token}"
            if pair in weights:
                places.append(self._place(pair))
            before = token
        return places

    def _place(self, feature: str) -> int:
        """The row of a feature by its full name; row 0, which is empty, when it carries no weight."""
        place = self._places.get(feature)
        return self._remember(feature, self._of(feature)) if place is None else place

    def _remember(self, key: str, row: Floats) -> int:
        if not row.any():
            self._places[key] = 0
            return 0
        self._filled += 1
        place = self._filled
        if place >= len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[place] = row
        self._places[key] = place
        return place

    def _word(self, token: str) -> Floats:
        row = self._of("w:" + token)
        letters = letters_of(token)
        if letters:
            row = row + sum((self._of("l:" + piece) for piece in letters), self._nothing) / math.sqrt(len(letters))
        return row

    def _of(self, feature: str) -> Floats:
        weight = self._weights.get(feature)
        return self._nothing if weight is None else np.asarray(weight, dtype=np.float64)


def save(path: Path, header: dict[str, Any], weights: Mapping[str, Sequence[float]]) -> None:
    """Write a model file; weights are rounded to 1/64 of the largest so that the file stays small."""
    largest = max((abs(value) for row in weights.values() for value in row), default=1.0) or 1.0
    scale = largest / 2047
    rows = {name: [round(value / scale) for value in row] for name, row in weights.items()}
    lines = ["\t".join([name, *map(str, row)]) for name, row in sorted(rows.items()) if any(row)]
    body = "\n".join(lines).encode()
    header = header | {"format": FORMAT, "scale": scale, "sha256": hashlib.sha256(body).hexdigest()}
    path.write_bytes(gzip.compress(json.dumps(header, ensure_ascii=False).encode() + b"\n" + body, mtime=0))


def read(path: Path) -> LinearModel:
    """The model in `path`.

    Raises ModelError when its checksum or format is not as expected; FileNotFoundError when there is none.
    """
    first, _, body = gzip.decompress(path.read_bytes()).partition(b"\n")
    header = json.loads(first)
    if header.get("format") != FORMAT or header.get("sha256") != hashlib.sha256(body).hexdigest():
        raise ModelError(f"{path.name}: format {header.get('format')!r} or checksum is not as expected. Run `make models`.")
    scale = header["scale"]
    weights = {}
    for line in body.decode("utf8").split("\n"):
        name, *row = line.split("\t")
        weights[name] = tuple(scale * int(value) for value in row)
    return LinearModel(header, weights)


@lru_cache(maxsize=16)
def load(name: str, folder: Path = MODELS) -> LinearModel | None:
    """The shipped model NAME (text/models/NAME.tsv.gz), read once per process; None when there is none."""
    path = folder / f"{name}.tsv.gz"
    return read(path) if path.exists() else None


def softmax(outputs: Floats) -> Floats:
    """Outputs as probabilities, row by row."""
    powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def logistic(outputs: Floats) -> Floats:
    """Log-odds as probabilities."""
    return 1.0 / (1.0 + np.exp(-np.clip(outputs, -40, 40)))
