"""What a message is about and in which tone: chosen by stage, mark, channel and story; the sentences are in texts/."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from connectors.sample.chance import Array
from connectors.sample.company import CONVERSATIONS, Company
from connectors.sample.effects import Effects
from connectors.sample.texts import topics

UNHAPPY, HAPPY = (5.7, 5.3), (6.9, 7.8)  # below, above: outside conversations, and in them, where most people just ask
MOOD_SD = 0.8


@dataclass(slots=True)
class Choice:
    """Per row: topic (number in `topics`), tone (0 negative, 1 neutral, 2 positive); whether it writes, gives data, mistypes."""

    topic: Array
    tone: Array
    writes: Array
    private: Array
    typo: Array

    def with_reminders(self, rng: np.random.Generator, rows: Array) -> Choice:
        """The same with reminders behind it: about `rows`, most of them displeased."""
        n, join = len(rows), np.concatenate
        tone = rng.choice(3, n, p=[0.72, 0.2, 0.08])
        yes, no = np.ones(n, bool), np.zeros(n, bool)
        return Choice(
            topic=join([self.topic, np.full(n, topics().index("reminder"))]),
            tone=join([self.tone, tone]),
            writes=join([self.writes, yes]),
            private=join([self.private, no]),
            typo=join([self.typo, rng.random(n) < 0.1]),
        )


def chosen(
    rng: np.random.Generator, firm: Company, effects: Effects, stage: Array, channel: Array, mark: Array, origin: Array
) -> Choice:
    """Subject and tone of each contact; one that comes back (its `origin` is another row) keeps that row's subject."""
    n = len(stage)
    asks = np.isin(channel, [firm.channel(name) for name in CONVERSATIONS]).astype(int)
    mood = mark + MOOD_SD * rng.standard_normal(n)
    tone = 1 + (mood > np.array(HAPPY)[asks]).astype(int) - (mood < np.array(UNHAPPY)[asks])
    topic = (rng.random(n)[:, None] > _shares(firm)[0][stage]).sum(axis=1)
    topic = _shares(firm)[1][stage, topic]
    for name, wanted, chance in effects.subjects():
        turns = rng.random(n) < chance
        topic[turns] = topics().index(name)
        if wanted >= 0:
            tone[turns] = wanted
    return Choice(
        topic=topic[origin],
        tone=tone,
        writes=rng.random(n) < firm.per_channel["comment"][channel] * np.where(asks, firm.writes[stage], 1.0),
        private=(asks == 1) & (rng.random(n) < firm.customers["private"]),
        typo=rng.random(n) < firm.customers["typo"],
    )


@lru_cache(maxsize=2)
def _shares(firm: Company) -> tuple[Array, Array]:
    """Per stage the running shares of its topics (S, longest), and their numbers (S, longest + 1)."""
    longest = max(len(weights) for weights in firm.topics)
    bounds, numbers = np.ones((len(firm.topics), longest)), np.zeros((len(firm.topics), longest + 1), int)
    for row, weights in enumerate(firm.topics):
        running = np.cumsum(list(weights.values())) / sum(weights.values())
        bounds[row, : len(running)] = running
        numbers[row, : len(running)] = [topics().index(name) for name in weights]
        numbers[row, len(running) :] = numbers[row, len(running) - 1]
    return bounds, numbers
