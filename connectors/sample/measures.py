"""What the company's own systems measure: flights on time, bags on the belt, refunds paid. No customer speaks here."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from connectors.base import Event, Reading, Said
from connectors.sample.chance import Array
from connectors.sample.company import Measure, company
from connectors.sample.effects import Effects
from connectors.sample.story import Story

PER_YEAR = 100_000  # contacts a year at which `per_day` of company.toml holds
LONGEST_S = 30 * 86400.0


def measured(rng: np.random.Generator, story: Story, start: int, end: int, factor: float, name: str) -> list[Event]:
    """The measurements between two moments (UTC ms); `factor` multiplies how many there are, `name` makes their ids its own."""
    firm, days = company(), (end - start) / 86_400_000
    events: list[Event] = []
    for number, measure in enumerate(firm.measures):
        at = np.sort(rng.integers(start, end, rng.poisson(measure.per_day * days * factor)))
        stage = np.full(len(at), firm.stage(measure.stage))
        effects = Effects(story, at, stage, np.full(len(at), firm.channel(measure.channel)))
        values = _values(rng, measure, effects, len(at)).tolist()
        events += [_event(measure, f"{name}m{number}-{i}", moment, values[i]) for i, moment in enumerate(at.tolist())]
    return events


def _values(rng: np.random.Generator, measure: Measure, effects: Effects, n: int) -> Array:
    if measure.share is not None:
        return (rng.random(n) < measure.share + effects.added(measure.metric)).astype(float)
    durations = measure.median * np.exp(measure.sigma * rng.standard_normal(n)) * effects.times(measure.metric)
    return np.clip(np.round(durations, 1), 0.1, LONGEST_S)


def _event(measure: Measure, id: str, at: int, value: float) -> Event:
    said = Said(channel=measure.channel, stage=measure.stage, kind="measure", readings=[Reading(measure.metric, value)])
    return Event("systems", id, 1, "upsert", datetime.fromtimestamp(at / 1000, UTC), said)
