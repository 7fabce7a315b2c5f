"""Conversations: who waits how long, who hangs up, who is passed on, who comes back, and when the source tells of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from connectors.sample.chance import Array
from connectors.sample.company import CONVERSATIONS, METRICS, Company
from connectors.sample.effects import Effects
from connectors.sample.story import DAY_MS, MINUTE_MS

WAIT, RESPONSE, ABANDONED, TRANSFERRED, RESOLVED = (
    METRICS.index(name) for name in ("wait", "first_response", "abandoned", "transferred", "resolved_first")
)
OTHER = {"chat": "phone", "phone": "chat", "email": "phone", "social": "email"}
SLOW_MS = DAY_MS // 2


@dataclass(slots=True)
class Again:
    """Contacts with their repeats behind them: `rows` are the repeats, `origin` the row each one belongs to (itself if none)."""

    born: Array
    stage: Array
    channel: Array
    origin: Array
    rows: Array

    @property
    def mask(self) -> Array:
        """Which rows are repeats."""
        return np.isin(np.arange(len(self.born)), self.rows)


@dataclass(slots=True)
class Talks:
    """How contacts went. Moments in UTC ms, infinite for never; `conversation` is chat and mail, `asks` waits for an answer."""

    values: Array
    first: Array
    answer: Array
    close: Array
    conversation: Array
    asks: Array
    abandoned: Array

    def with_remarks(self, at: Array) -> Talks:
        """The same, with remarks at moments `at` behind it: no answer is measured for those."""
        n = len(at)
        never, none = np.full(n, np.inf), np.zeros(n, bool)
        pairs = ((self.first, at), (self.answer, never), (self.close, never), (self.conversation, none))
        more = ((self.asks, none), (self.abandoned, none))
        return Talks(self.values, *(np.concatenate(pair) for pair in (*pairs, *more)))


def repeats(rng: np.random.Generator, firm: Company, born: Array, stage: Array, channel: Array, offset: int) -> Again:
    """The contacts, and behind them those who come back about the same within seven days, by another channel.

    `offset` is the zone's, in ms: they come back at an hour of that channel.
    """
    other = np.array([firm.channel(OTHER[name]) if name in OTHER else -1 for name in firm.channels])
    comes = (stage == firm.stage("service")) & (other[channel] >= 0) & (rng.random(len(born)) < firm.ask["repeat"])
    back, n = np.flatnonzero(comes), len(born)
    later = another_day(rng, firm, born[back], other[channel[back]], rng.integers(1, 7, len(back)), offset)
    return Again(
        born=np.concatenate([born, later]),
        stage=np.concatenate([stage, stage[back]]),
        channel=np.concatenate([channel, other[channel[back]]]),
        origin=np.concatenate([np.arange(n), back]),
        rows=np.arange(n, n + len(back)),
    )


def another_day(rng: np.random.Generator, firm: Company, born: Array, channel: Array, days: Array, offset: int) -> Array:
    """Moments (UTC ms) some whole days after `born`, at hours at which each channel is used."""
    hours = (rng.random(len(born))[:, None] > np.cumsum(firm.hours, axis=1)[channel]).sum(axis=1).clip(0, 23)
    midnight = (born + offset) // DAY_MS * DAY_MS - offset
    return midnight + days * DAY_MS + ((hours + rng.random(len(born))) / 24 * DAY_MS).astype(np.int64)


def held(
    rng: np.random.Generator, firm: Company, effects: Effects, born: Array, stage: Array, channel: Array, mark: Array
) -> Talks:
    """What each contact measured of itself, and when its source could tell."""
    n = len(born)
    values = np.full((n, len(METRICS)), np.nan)
    conversation = np.isin(channel, [firm.channel(name) for name in CONVERSATIONS])
    phone, social = channel == firm.channel("phone"), channel == firm.channel("social")
    asks = conversation | (social & (mark < 7) & (rng.random(n) < firm.ask["needs_answer"]))
    delay = _delays(rng, firm, effects, channel)
    silent = asks & (rng.random(n) < firm.per_channel["never"][channel] + effects.added("never"))
    answer = np.where(asks & ~silent, born + delay * 1000, np.inf)
    values[:, RESPONSE] = np.where(np.isfinite(answer), delay, np.nan)
    abandoned = _calls(rng, firm, effects, phone, delay, values)
    _endings(rng, firm, effects, values, conversation | (phone & ~abandoned), mark)
    close = np.where(conversation, _closed(rng, firm, born, channel, answer), np.inf)
    first = np.where(phone, born + (np.minimum(delay, 900) + rng.uniform(60, 480, n)) * 1000, born)
    return Talks(values, first, answer, close, conversation, asks, abandoned)


def reminded(rng: np.random.Generator, firm: Company, born: Array, stage: Array, channel: Array, talks: Talks) -> Array:
    """The rows that are followed by a reminder: complaints in writing, twice as often when half a day passed in silence."""
    written = talks.conversation | (channel == firm.channel("social"))
    chance = firm.ask["reminder"] * np.where(talks.answer - born > SLOW_MS, 2.0, 1.0)
    return np.flatnonzero((stage == firm.stage("service")) & written & (rng.random(len(born)) < chance))


def _delays(rng: np.random.Generator, firm: Company, effects: Effects, channel: Array) -> Array:
    """Seconds until an answer, by channel, 30 days at most."""
    spread = np.exp(firm.per_channel["sigma"][channel] * rng.standard_normal(len(channel)))
    factor = np.where(channel == firm.channel("phone"), effects.times("wait"), effects.times("first_response"))
    return np.clip(np.round(firm.per_channel["median"][channel] * spread * factor, 1), 1.0, 30 * 86400.0)


def _calls(rng: np.random.Generator, firm: Company, effects: Effects, phone: Array, delay: Array, values: Array) -> Array:
    abandoned = phone & (rng.random(len(phone)) < firm.ask["abandoned"] + effects.added("abandoned"))
    values[:, ABANDONED] = np.where(phone, abandoned, np.nan)
    values[:, WAIT] = np.where(phone & ~abandoned, delay, np.nan)
    passed = rng.random(len(phone)) < firm.ask["transferred"] + effects.added("transferred")
    values[:, TRANSFERRED] = np.where(phone & ~abandoned, passed, np.nan)
    return abandoned


def _endings(rng: np.random.Generator, firm: Company, effects: Effects, values: Array, ended: Array, mark: Array) -> None:
    chance = firm.ask["resolved_first"] + effects.added("resolved_first") + 0.03 * (mark - 6.5)
    values[:, RESOLVED] = np.where(ended, rng.random(len(mark)) < chance, np.nan)


def _closed(rng: np.random.Generator, firm: Company, born: Array, channel: Array, answer: Array) -> Array:
    """A chat ends some minutes after its answer, or when the customer gives up; a mail within a day of its answer."""
    chat = channel == firm.channel("chat")
    start = np.where(chat & ~np.isfinite(answer), born + 6 * MINUTE_MS, answer)
    return start + np.where(chat, rng.uniform(2, 14, len(born)), rng.uniform(5, 900, len(born))) * MINUTE_MS
