"""Reasons of a fall, as data: which channels made it, whether it is other customers instead, and what is said more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from metrics.moved import moved
from store.reads.alarms import Saying, said
from text.rising import rising, word_counts

DAY_MS = 86_400_000
BEFORE_DAYS, LONGEST_DAYS = 28, 28
PARTS, WORDS, THEMES = 3, 5, 2


@dataclass(frozen=True, slots=True)
class Found:
    """A fall that stands: since when (UTC epoch ms), how strong, its figures, and the rows of the stage before and since it."""

    began_at: int
    severity: float
    figures: Mapping[str, Any]
    before: Any
    since: Any


def reasons(engine: Any, journey: str, stage: str, found: Found, now_ms: int) -> dict[str, Any]:
    """What changed with a fall: `parts` (channel, effect in marks with its interval), `mix`, `mostly_mix`, `words` and `themes`.

    `words` are in at least five contacts and no one's name; `themes` are ids. All are lists, empty where nothing is sure.
    """
    return {**parts_of(stage, found.before, found.since), **said_more(engine, journey, stage, found.began_at, now_ms)}


def parts_of(stage: str, before: Any, since: Any) -> dict[str, Any]:
    """The split of a fall by channel (Kitagawa), what pulled it down most first; nothing without rows on both sides."""
    rows = pd.concat([before.assign(bucket=0), since.assign(bucket=1)])
    split = moved({name: rows[name].to_numpy() for name in rows.columns}, 0, 1, stage) if len(before) and len(since) else None
    if split is None:
        return {"parts": [], "mix": 0.0, "mostly_mix": False}
    down = sorted((part for part in split.parts if part.effect.value < 0), key=lambda part: part.effect.value)[:PARTS]
    parts = [
        {"channel": p.channel, "effect": round(p.effect.value, 2), "low": round(p.effect.low, 2), "high": round(p.effect.high, 2)}
        for p in down
    ]
    return {"parts": parts, "mix": round(split.mix.value, 2), "mostly_mix": split.mostly_mix}


def said_more(engine: Any, journey: str, stage: str, began_at: int, now_ms: int) -> dict[str, Any]:
    """The words and the themes that are used clearly more since the fall than in the four weeks before it."""
    now = said(engine, journey, stage, max(began_at, now_ms - LONGEST_DAYS * DAY_MS), now_ms)
    before = said(engine, journey, stage, began_at - BEFORE_DAYS * DAY_MS, began_at)
    words = rising(_words(now), _words(before)) if now and before else []
    themes = rising(_themes(now), _themes(before)) if now and before else []
    return {"words": [one.words for one in words[:WORDS]], "themes": [one.words for one in themes[:THEMES]]}


def _words(sayings: Sequence[Saying]) -> Counter[str]:
    return word_counts([one.text for one in sayings], [one.language for one in sayings])


def _themes(sayings: Sequence[Saying]) -> Counter[str]:
    return Counter(theme for one in sayings for theme in one.themes)
