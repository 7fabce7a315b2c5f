"""Knots: the readable line from a value to the report mark, and the loader that refuses a line nobody can trust."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from config.errors import ConfigError

FILE = Path(__file__).resolve().parent.parent / "config" / "knots.toml"
DIRECTIONS = ("higher_better", "lower_better")
BASES = ("assumption", "norm", "law", "calibrated")
_MULTIPLE = re.compile(r"(\d+(?:\.\d+)?)?\s*(T|U|pi)")


@dataclass(frozen=True, slots=True)
class Knots:
    """A piecewise linear, strictly monotone line of marks 1-10 over values, constant outside its ends.

    >>> phone = Knots("wait", (0, 30, 120, 240, 360), (10, 8, 5.5, 3, 1))
    >>> phone.mark(75)
    6.75
    >>> phone.inverse(8)
    30.0
    >>> phone.interval(30, 120)
    (5.5, 8.0)
    """

    metric: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    basis: str = "assumption"
    source: str = ""
    version: int = 0
    model_sd: float = 0.0

    @property
    def rising(self) -> bool:
        """Whether a higher value earns a higher mark."""
        return self.y[-1] > self.y[0]

    @overload
    def mark(self, x: float) -> float: ...
    @overload
    def mark(self, x: NDArray[np.floating]) -> NDArray[np.floating]: ...
    def mark(self, x: float | NDArray[np.floating]) -> float | NDArray[np.floating]:
        """The mark (1-10) of a value, or of an array of values of any shape, in the metric's own unit."""
        if isinstance(x, np.ndarray):
            return np.interp(x, self.x, self.y)
        return _line(x, self.x, self.y)

    def inverse(self, y: float) -> float:
        """The value that earns mark `y`; a mark beyond the line's ends gives the end's value ("wat is een 8?")."""
        if self.rising:
            return _line(y, self.y, self.x)
        return _line(y, self.y[::-1], self.x[::-1])

    def interval(self, low: float, high: float) -> tuple[float, float]:
        """The marks of an interval's ends, lower mark first (exact: the line is monotone)."""
        a, b = self.mark(low), self.mark(high)
        return (a, b) if a <= b else (b, a)


@dataclass(frozen=True)
class KnotsBook:
    """All knots of one version; `of` gives those of a metric on a channel, with the norms filled in."""

    version: int
    raw: Mapping[str, Mapping[str, Any]]
    where: str = "knots"
    _ready: dict[tuple[Any, ...], Knots] = field(default_factory=dict, compare=False)

    def __contains__(self, metric: str) -> bool:
        """Whether this version has knots of that name."""
        return metric in self.raw

    def of(self, metric: str, channel: str = "", norms: Mapping[str, float] | None = None) -> Knots:
        """The knots of `metric` on `channel`; `norms` (T and U in seconds, pi a share) win over the file's.

        Raises ConfigError for a metric without knots, or a norm that makes the line turn back.
        """
        key = (metric, channel, tuple(sorted(norms.items())) if norms else ())
        if key not in self._ready:
            self._ready[key] = self._build(metric, channel, norms or {})
        return self._ready[key]

    def norm(self, metric: str, channel: str = "") -> dict[str, float]:
        """The norm of a metric on a channel: T and U in seconds, pi a share; empty when its line has none."""
        entry = self._entry(metric)
        own = dict(entry.get("channel", {}).get(channel, {}))
        own.pop("like", None)
        return {**entry.get("norm", {}), **own}

    def _build(self, metric: str, channel: str, norms: Mapping[str, float]) -> Knots:
        entry = self._entry(metric)
        like = entry.get("channel", {}).get(channel, {}).get("like", metric)
        return build_knots(metric, self._entry(like), {**self.norm(metric, channel), **norms}, self.version, self.where)

    def _entry(self, metric: str) -> Mapping[str, Any]:
        if metric not in self.raw:
            raise ConfigError(self.where, metric, f"one of {', '.join(sorted(self.raw))}", "Add knots for this metric.")
        return self.raw[metric]


def load_knots(source: Path | Mapping[str, Any] = FILE) -> KnotsBook:
    """The knots of a TOML file, or of parsed data as a store keeps it, checked whole on every channel.

    Raises ConfigError when a line is not monotone, x does not rise, y leaves [1, 10], or the direction is missing or false.

    >>> load_knots().of("first_response", "social").mark(86400)
    5.5
    """
    where = source.name if isinstance(source, Path) else "knots"
    raw = dict(_parse(source) if isinstance(source, Path) else source)
    version = raw.pop("version", None)
    if not isinstance(version, int) or version < 1:
        raise ConfigError(f"{where} version", version, "a whole number from 1", "Raise it with every change of knots.")
    book = KnotsBook(version, raw, where)
    for metric, entry in raw.items():
        for channel in ("", *entry.get("channel", {})):
            book.of(metric, channel)
    return book


@lru_cache(maxsize=1)
def default_knots() -> KnotsBook:
    """The knots shipped in config/knots.toml, read once."""
    return load_knots()


def build_knots(metric: str, entry: Mapping[str, Any], norms: Mapping[str, float], version: int, where: str) -> Knots:
    """Knots from one entry of the file, `norms` filled in; ConfigError names what makes the line unusable."""
    place = f"{where} [{metric}]"
    _check_words(entry, place)
    points = entry.get("knots", [])
    if len(points) < 2 or any(len(point) != 2 for point in points):
        raise ConfigError(f"{place} knots", points, "at least two pairs [value, mark]", "Give value and mark of each knot.")
    x = tuple(_number(point[0], norms, place) for point in points)
    y = tuple(float(point[1]) for point in points)
    _check_line(x, y, entry["direction"], place)
    return Knots(metric, x, y, entry["basis"], entry.get("source", ""), version, float(entry.get("model_sd", 0.0)))


def _check_words(entry: Mapping[str, Any], place: str) -> None:
    for key, choices in (("direction", DIRECTIONS), ("basis", BASES)):
        if entry.get(key) not in choices:
            raise ConfigError(f"{place} {key}", entry.get(key), f"one of {', '.join(choices)}", f"Say the {key}.")


def _check_line(x: Sequence[float], y: Sequence[float], direction: str, place: str) -> None:
    if any(b <= a for a, b in pairwise(x)):
        raise ConfigError(f"{place} knots", list(x), "values that rise from knot to knot", "Order the knots, or change the norm.")
    if any(not 1 <= mark <= 10 for mark in y):
        raise ConfigError(f"{place} knots", list(y), "marks from 1 to 10", "A report mark knows no 0 and no 11.")
    sign = 1 if direction == "higher_better" else -1
    if any(sign * (b - a) <= 0 for a, b in pairwise(y)):
        raise ConfigError(f"{place} knots", list(y), f"marks strictly monotone, {direction}", "Correct marks or direction.")


def _number(value: float | str, norms: Mapping[str, float], place: str) -> float:
    if not isinstance(value, str):
        return float(value)
    found = _MULTIPLE.fullmatch(value.strip())
    if not found or found[2] not in norms:
        raise ConfigError(f"{place} knots", value, "a number, or a multiple of a norm such as 4T", "Give its norm.")
    return round(float(found[1] or 1) * float(norms[found[2]]), 12)


def _parse(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf8"))
    except FileNotFoundError:
        raise ConfigError(str(file), "no file", "a file of knots", "Restore config/knots.toml.") from None
    except tomllib.TOMLDecodeError as fault:
        raise ConfigError(str(file), str(fault), "valid TOML", "Correct that line.") from None


def _line(at: float, x: Sequence[float], y: Sequence[float]) -> float:
    i = bisect_right(x, at)
    if i == 0:
        return float(y[0])
    if i == len(x):
        return float(y[-1])
    left, right = x[i - 1], x[i]
    return y[i - 1] + (y[i] - y[i - 1]) * (at - left) / (right - left)
