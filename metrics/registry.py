"""The registry: what every metric is called, its kind, unit, format, which way is better, and how its evidence is counted."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from config.errors import ConfigError

FILE = Path(__file__).resolve().parent.parent / "config" / "metrics.toml"
GROUPS = ("experience", "utterance", "performance")
_CHOICES = {
    "kind": ("rating", "sentiment", "duration", "share", "count", "index"),
    "group": (*GROUPS, "none"),
    "better": ("higher", "lower", "none"),
    "format": ("decimal", "signed", "percent", "duration", "count"),
    "marked": ("observation", "aggregate", "none"),
    "evidence": ("bounded_mean", "wilson", "adjusted_wald", "mover", "poisson", "mean", "paule_mandel", "none"),
}


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric, so that no page needs an `if`: its words, unit and format, and the rules for its mark and its evidence.

    `group` is the evidence group (experience, utterance, performance, none); `marked` says whether each observation,
    the aggregate, or nothing has a mark; `knots` names the entry of config/knots.toml; `range` bounds a valid value.
    """

    id: str
    kind: str
    group: str
    unit: str
    better: str
    format: str
    decimals: int
    marked: str
    evidence: str
    knots: str
    names: Mapping[str, str]
    range: tuple[float, float] | None = None

    def name(self, language: str) -> str:
        """The metric's name on screen; `language` is nl or en."""
        return self.names[language]


@lru_cache(maxsize=1)
def metrics() -> Mapping[str, Metric]:
    """Every metric by its id, as config/metrics.toml declares it; ConfigError names what is wrong there.

    >>> metrics()["wait"].better, metrics()["wait"].name("nl")
    ('lower', 'Wachttijd')
    """
    raw = tomllib.loads(FILE.read_text(encoding="utf8"))
    return {id: parse_metric(id, entry, FILE.name) for id, entry in raw.items()}


def metric(id: str) -> Metric:
    """The metric with this id; ConfigError, with the ids there are, when nobody declared it.

    >>> metric("csat").group
    'experience'
    """
    found = metrics().get(id)
    if found is None:
        raise ConfigError("metric", id, f"one of {', '.join(sorted(metrics()))}", "Declare it in config/metrics.toml.")
    return found


def parse_metric(id: str, entry: Mapping[str, Any], where: str) -> Metric:
    """A metric from its entry in the file; ConfigError for a missing or unknown word."""
    for key, choices in _CHOICES.items():
        if entry.get(key) not in choices:
            raise ConfigError(f"{where} [{id}] {key}", entry.get(key), f"one of {', '.join(choices)}", "Correct it.")
    if not entry.get("nl") or not entry.get("en"):
        raise ConfigError(f"{where} [{id}]", entry.get("nl"), "a name in nl and in en", "Give both names.")
    low_high = entry.get("range")
    return Metric(
        id=id,
        **{key: entry[key] for key in _CHOICES},
        unit=entry.get("unit", ""),
        decimals=int(entry.get("decimals", 1)),
        knots=entry.get("knots", id),
        names={"nl": entry["nl"], "en": entry["en"]},
        range=(float(low_high[0]), float(low_high[1])) if low_high else None,
    )
