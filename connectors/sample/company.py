"""The made-up company as numbers: company.toml read once into arrays by stage and channel."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent
TONES = ("negative", "neutral", "positive")
METRICS = ("csat", "ces", "nps", "expectation", "wait", "first_response", "abandoned", "transferred", "resolved_first")
CONVERSATIONS = ("chat", "email")

Array = NDArray[Any]


@dataclass(frozen=True)
class Measure:
    """What an own system measures: a share (0-1), or durations in seconds around a median with a spread of their log."""

    metric: str
    stage: str
    channel: str
    per_day: float
    share: float | None = None
    median: float = 0.0
    sigma: float = 0.0


@dataclass(frozen=True, eq=False)
class Company:
    """The company's habits. S stages, C channels; `mix` (S, C) sums to 1, `mark` (S, C) is in report marks, `days` is (S, 2)."""

    stages: tuple[str, ...]
    channels: tuple[str, ...]
    mix: Array
    mark: Array
    expectation: Array
    writes: Array
    days: Array
    per_channel: dict[str, Array]
    hours: Array
    weekday: Array
    topics: tuple[dict[str, float], ...]
    season: dict[str, list[float]]
    holiday: Array
    customers: dict[str, float]
    ask: dict[str, Any]
    goal: Array
    measures: tuple[Measure, ...]

    def stage(self, name: str) -> int:
        """The number of a stage; ValueError when the company has none of that name."""
        return self.stages.index(name)

    def channel(self, name: str) -> int:
        """The number of a channel; ValueError when the company has none of that name."""
        return self.channels.index(name)

    def season_of(self, month: int) -> Array:
        """How much each stage (S) is asked for in a month (1-12), against an even year."""
        everyone = self.season["all"][month - 1]
        return np.array([everyone * self.season.get(stage, [1.0] * 12)[month - 1] for stage in self.stages])


@lru_cache(maxsize=1)
def company() -> Company:
    """The company of company.toml, read once."""
    raw = tomllib.loads((FOLDER / "company.toml").read_text(encoding="utf8"))
    stages, channels = tuple(raw["stage"]), tuple(raw["channels"])
    return Company(
        stages=stages,
        channels=channels,
        mix=_mix(raw, stages, channels),
        mark=_marks(raw, stages, channels),
        expectation=np.array([raw["stage"][s]["expectation"] for s in stages]),
        writes=np.array([raw["stage"][s]["writes"] for s in stages]),
        days=np.array([raw["stage"][s]["days"] for s in stages]),
        per_channel=_per_channel(raw, channels),
        hours=_rows([raw["channel"][c]["hours"] for c in channels]),
        weekday=np.array([raw["channel"][c]["weekday"] for c in channels]),
        topics=tuple(raw["stage"][s]["topics"] for s in stages),
        season=raw["season"],
        holiday=np.array([raw["holiday"].get(c, 1.0) for c in channels]),
        customers=raw["customers"],
        ask=raw["ask"],
        goal=np.array([raw["ask"]["goal"].get(s, 0.0) for s in stages]),
        measures=tuple(Measure(**entry) for entry in raw["measure"]),
    )


def _mix(raw: dict[str, Any], stages: tuple[str, ...], channels: tuple[str, ...]) -> Array:
    rows = [[raw["stage"][s]["share"] * raw["stage"][s]["channels"].get(c, 0.0) for c in channels] for s in stages]
    mix = np.array(rows)
    return mix / mix.sum()


def _marks(raw: dict[str, Any], stages: tuple[str, ...], channels: tuple[str, ...]) -> Array:
    cell = raw["cell"]
    rows = [[raw["stage"][s]["mark"] + raw["channel"][c]["mark"] + cell.get(f"{s}.{c}", 0.0) for c in channels] for s in stages]
    return np.array(rows)


def _per_channel(raw: dict[str, Any], channels: tuple[str, ...]) -> dict[str, Array]:
    entries = [raw["channel"][c] for c in channels]
    found = {name: np.array([entry.get(name, 0.0) for entry in entries], float) for name in ("csat", "comment", "never")}
    found["median"] = np.array([entry.get("response", [0, 0])[0] for entry in entries], float)
    found["sigma"] = np.array([entry.get("response", [0, 0])[1] for entry in entries], float)
    return found


def _rows(rows: list[list[float]]) -> Array:
    table = np.array(rows, float)
    return table / table.sum(axis=1, keepdims=True)
