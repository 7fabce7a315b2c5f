"""The story: what happened to the company and when, as shifts of marks, volumes, answers and subjects (story.toml)."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from connectors.sample.chance import Array, seeded
from connectors.sample.company import FOLDER, TONES, Company, company

DAY_MS = 86_400_000
MINUTE_MS = 60_000
NEAREST, FARTHEST = timedelta(days=35), timedelta(days=340)
USUAL = timedelta(weeks=40)
WORDS = {"id", "from", "to", "ramp", "storm", "stage", "channel", "topic", "share", "tone"}


@dataclass(frozen=True)
class Effect:
    """One thing that was different from `start` to `end` (UTC ms) in a stage and channel (-1: all), full after `ramp` ms."""

    start: float
    end: float
    ramp: float
    stage: int
    channel: int
    shifts: dict[str, float] = field(default_factory=dict)
    topic: str = ""
    share: float = 0.0
    tone: int = -1

    def strength(self, at: Array, stage: Array, channel: Array) -> Array:
        """How much of it holds (0-1) for contacts at moments `at` (ms), in stages and channels by number."""
        grown = np.clip((at - self.start) / self.ramp, 0, 1) if self.ramp else (at >= self.start).astype(float)
        holds = (at >= self.start) & (at < self.end)
        if self.stage >= 0:
            holds &= stage == self.stage
        if self.channel >= 0:
            holds &= channel == self.channel
        return grown * holds


class Lost(NamedTuple):
    """What a stream cannot give back: its name, from and until when (UTC ms), and why."""

    stream: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class Story:
    """All effects around one anchor: the moment (UTC ms) at which this demo began."""

    anchor: int
    zone: ZoneInfo
    seed: int
    effects: tuple[Effect, ...]
    raw: dict[str, Any]

    def at(self, days: float, storm: bool = False) -> int:
        """UTC ms of a moment `days` after the Monday of the anchor's week, or after the Monday of the storm's."""
        monday = self.storm if storm else _monday(datetime.fromtimestamp(self.anchor / 1000, self.zone).date())
        whole = math.floor(days)
        midnight = datetime.combine(monday + timedelta(days=whole), time(), self.zone)
        return round(midnight.timestamp() * 1000 + (days - whole) * DAY_MS)

    @property
    def storm(self) -> date:
        """The Monday of the storm's week."""
        return storm_week(datetime.fromtimestamp(self.anchor / 1000, self.zone).date(), self.raw)

    def within(self, start: float, end: float) -> list[Effect]:
        """The effects that touch a span (UTC ms), small incidents included."""
        return [e for e in (*self.effects, *self._incidents(start, end)) if e.start < end and e.end > start]

    def wave(self, at: Array, stage: Array) -> Array:
        """The slow swing of each stage at moments `at` (UTC ms), in marks."""
        turns = (at[:, None] / MINUTE_MS) / np.array(self.raw["wave"]["minutes"]) + stage[:, None] * np.array([0.37, 0.61])
        return (np.sin(2 * np.pi * turns) * np.array(self.raw["wave"]["size"])).sum(axis=1)

    def gap(self) -> Lost:
        """The span that a stream lost."""
        lost = self.raw["gap"]
        return Lost(lost["stream"], self.at(lost["from"]), self.at(lost["to"]), lost["reason"])

    def _incidents(self, start: float, end: float) -> Iterator[Effect]:
        slot = self.raw["incidents"]["slot"] * MINUTE_MS
        found = (_incident(self.seed, number) for number in range(int(start // slot), int(end // slot) + 1))
        return (effect for effect in found if effect)


def tell(anchor: int, zone: ZoneInfo, seed: int) -> Story:
    """The story around an anchor (UTC ms), in the company's zone; `seed` decides the small incidents."""
    raw = _raw()
    bare = Story(anchor, zone, seed, (), raw)
    effects = tuple(_placed(entry, bare) for entry in raw["effect"])
    return Story(anchor, zone, seed, effects, raw)


def storm_week(today: date, raw: dict[str, Any] | None = None) -> date:
    """The Monday of the storm: in the last February that is 5 to 48 weeks back, else 40 weeks ago.

    >>> storm_week(date(2026, 11, 25)), storm_week(date(2026, 3, 1))
    (datetime.date(2026, 2, 16), datetime.date(2025, 5, 19))
    """
    raw = raw or _raw()
    latest = date(today.year, raw["storm_month"], raw["storm_day"])
    if latest > today:
        latest = latest.replace(year=today.year - 1)
    return _monday(latest if NEAREST <= today - latest <= FARTHEST else today - USUAL)


@lru_cache(maxsize=1)
def _raw() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "story.toml").read_text(encoding="utf8"))


@lru_cache(maxsize=8192)
def _incident(seed: int, number: int) -> Effect | None:
    """The small thing that goes wrong (or well) in slot `number` of time, if any."""
    plan, rng = _raw()["incidents"], seeded(seed, number, 7)
    if rng.random() >= plan["chance"]:
        return None
    kinds, slot, (low, high) = _raw()["incident"], plan["slot"] * MINUTE_MS, plan["minutes"]
    entry = kinds[int(rng.integers(len(kinds)))]
    begins = number * slot + rng.random() * (slot - high * MINUTE_MS)
    return _effect(entry, begins, begins + rng.uniform(low, high) * MINUTE_MS, company())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _placed(entry: dict[str, Any], story: Story) -> Effect:
    storm = bool(entry.get("storm"))
    end = story.at(entry["to"], storm) if "to" in entry else math.inf
    return _effect(entry, story.at(entry["from"], storm), end, company())


def _effect(entry: dict[str, Any], start: float, end: float, firm: Company) -> Effect:
    return Effect(
        start=start,
        end=end,
        ramp=entry.get("ramp", 0) * DAY_MS,
        stage=firm.stage(entry["stage"]) if entry.get("stage") else -1,
        channel=firm.channel(entry["channel"]) if entry.get("channel") else -1,
        shifts={name: value for name, value in entry.items() if name not in WORDS},
        topic=entry.get("topic", ""),
        share=entry.get("share", 0.0),
        tone=TONES.index(entry["tone"]) if "tone" in entry else -1,
    )
