"""Drawing contacts: from moments, stages and channels to everything that happened in them, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from connectors.sample import conversations, words
from connectors.sample.chance import Array
from connectors.sample.company import METRICS, Company, company
from connectors.sample.customers import Pool, Who, felt, goal_mark, who_speaks
from connectors.sample.effects import Effects
from connectors.sample.story import DAY_MS, Story

CSAT, CES, NPS, EXPECTATION = (METRICS.index(name) for name in ("csat", "ces", "nps", "expectation"))


@dataclass(slots=True)
class Drawn:
    """Contacts by row. Moments are UTC ms (infinite: never); `values` (n, metrics) are NaN where there is none.

    `first`, `answer` and `close` are when the source tells of it: the first version, the first answer, the end of the
    conversation. `origin` is the row whose case this is; `seed` decides the words.
    """

    born: Array
    stage: Array
    channel: Array
    who: Who
    values: Array
    talks: conversations.Talks
    said: words.Choice
    origin: Array
    seed: Array


def draw(rng: np.random.Generator, story: Story, born: Array, stage: Array, channel: Array, pool: Pool) -> Drawn:
    """Contacts that begin at moments `born` (UTC ms, sorted), in stages and channels by number; some bring others after them."""
    firm, offset = company(), _offset(story, born)
    again = conversations.repeats(rng, firm, born, stage, channel, offset)
    born, stage, channel, origin = again.born, again.stage, again.channel, again.origin
    day = (born + offset) // DAY_MS
    who = who_speaks(rng, firm, day, stage, origin, pool)
    effects = Effects(story, born, stage, channel)
    mark = felt(firm, effects, who, stage, channel) + story.wave(born, stage)
    talks = conversations.held(rng, firm, effects, born, stage, channel, mark)
    values = _answers(rng, firm, effects, who, stage, channel, mark, talks)
    values[origin[again.rows], conversations.RESOLVED] *= 0.0
    said = words.chosen(rng, firm, effects, stage, channel, mark, origin)
    seed = rng.integers(0, 1 << 62, len(born))
    drawn = Drawn(born, stage, channel, who, values, talks, said, np.where(again.mask, np.arange(len(born)), origin), seed)
    return _with_reminders(rng, firm, drawn, offset)


def _offset(story: Story, born: Array) -> int:
    """The zone's offset in ms where the span begins: enough to know the day of a flight."""
    if not len(born):
        return 0
    moment = np.datetime64(int(born[0]), "ms").astype("datetime64[s]").item().replace(tzinfo=story.zone)
    return round(moment.utcoffset().total_seconds() * 1000)


def _answers(
    rng: np.random.Generator,
    firm: Company,
    effects: Effects,
    who: Who,
    stage: Array,
    channel: Array,
    mark: Array,
    talks: conversations.Talks,
) -> Array:
    values, n = talks.values, len(mark)
    sd, survey = firm.customers["answer_sd"], channel == firm.channel("survey")
    chance = rng.random((4, n))
    finished = np.isfinite(talks.close) | ~talks.conversation
    rated = (chance[0] < firm.per_channel["csat"][channel]) & finished & ~talks.abandoned
    values[:, CSAT] = np.where(rated, _on_scale(rng, mark + sd * rng.standard_normal(n), 1, 5, 2.25), np.nan)
    eased = np.where(survey, firm.ask["ces"], firm.ask["ces"] / 2 * (channel == firm.channel("chat")))
    values[:, CES] = np.where(
        (chance[1] < eased) & finished, _on_scale(rng, mark + sd * rng.standard_normal(n), 1, 7, 1.5), np.nan
    )
    wanted = np.where(survey & (firm.expectation[stage] > 0), firm.ask["expectation"], 0)
    hoped = firm.expectation[stage] + effects.added("expectation") + 1.3 * rng.standard_normal(n)
    values[:, EXPECTATION] = np.where(chance[2] < wanted, _on_scale(rng, hoped, 1, 10, 1), np.nan)
    asked = np.flatnonzero(survey & (stage == firm.stage("loyalty")))
    goal = goal_mark(firm, Who(who.key[asked], who.flight, who.slot, who.dutch, who.groups), mark[asked])
    values[asked, NPS] = _on_scale(rng, goal, 0, 10, 0.9)
    return values


def _on_scale(rng: np.random.Generator, mark: Array, low: int, high: int, step: float) -> Array:
    """Marks 1-10 as answers on a scale that starts at mark 1, rounded by chance so that the mean stays."""
    exact = low + (mark - 1) / step
    return np.clip(np.floor(exact + rng.random(len(mark))), low, high)


def _with_reminders(rng: np.random.Generator, firm: Company, drawn: Drawn, offset: int) -> Drawn:
    """Some complaints are followed by another message in the same case, more often where nobody answered for half a day."""
    rows = conversations.reminded(rng, firm, drawn.born, drawn.stage, drawn.channel, drawn.talks)
    if not len(rows):
        return drawn
    days = 1 + rng.poisson(0.6, len(rows))
    later = conversations.another_day(rng, firm, drawn.born[rows], drawn.channel[rows], days, offset)
    who = drawn.who
    join = np.concatenate
    return Drawn(
        born=join([drawn.born, later]),
        stage=join([drawn.stage, drawn.stage[rows]]),
        channel=join([drawn.channel, drawn.channel[rows]]),
        who=Who(*(join([part, part[rows]]) for part in (who.key, who.flight, who.slot, who.dutch, who.groups))),
        values=join([drawn.values, np.full((len(rows), len(METRICS)), np.nan)]),
        talks=drawn.talks.with_remarks(later.astype(float)),
        said=drawn.said.with_reminders(rng, rows),
        origin=join([drawn.origin, drawn.origin[rows]]),
        seed=join([drawn.seed, rng.integers(0, 1 << 62, len(rows))]),
    )
