"""The largest jump: which stage would raise the journey's goal most, beside what other rules would choose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from config.journey import Journey
from metrics.evidence import TOO_FEW
from metrics.gain import reach, room
from metrics.priority import Ranked, TooFewCustomers, needed_customers, other_orders, rank
from metrics.weekly import Week
from store.engine import Engine
from store.people.changes import Change, changes
from store.people.choices import boss_stage
from store.reads.paths import read_paths

QUARTER = 13
WAITING = ("proposed", "decided")
DRAWS = 600  # the page's own ranking; a job may take more


@dataclass(frozen=True, slots=True)
class Choice:
    """What a rule would choose (`lowest`, `loudest`, `correlation`, `boss`, `easiest`): its stage and that stage's gain.

    `change` is the change that makes the easiest choice easy.
    """

    rule: str
    stage: str
    gain: float
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Jump:
    """Stages ranked by expected gain on the goal, or why not: `needed` customers against `n`."""

    stages: tuple[str, ...]
    ranked: Ranked | None
    room: tuple[float, ...]
    reach: tuple[float, ...]
    others: tuple[Choice, ...]
    n: int
    needed: int

    @property
    def leading(self) -> tuple[str, ...]:
        """The stages that may hold the largest jump, best first."""
        if self.ranked is None:
            return ()
        return tuple(self.stages[i] for i in self.ranked.order if i in self.ranked.leading and self.ranked.gain[i] > 0)


def find_jump(engine: Engine, journey: Journey, card: Week, to_ms: int, ambition: bool = False) -> Jump:
    """Rank the stages by reach x slope x room on the customers who answered the goal in the last 90 days.

    Room is `within reach` (up to the best quarter that a stage surely showed) or, with `ambition`, up to the expectation.
    """
    stages = tuple(stage.id for stage in journey.stages)
    paths = read_paths(engine, journey.id, journey.goal_metric, stages, to_ms)
    d, e, c = (np.array(column, float) for column in zip(*(_room_of(card, stage) for stage in stages), strict=True))
    rooms = room(np.nan_to_num(d, nan=10.0), e, c)
    rise = np.where(np.isfinite(d), rooms.ambition if ambition else rooms.within_reach, 0.0)
    seen = reach(paths.marks) if len(paths.goal) else np.zeros(len(stages))
    usable = np.flatnonzero(seen > 0)
    try:
        ranked = _spread(rank(paths.marks[:, usable], paths.goal, rise[usable], draws=DRAWS), usable, len(stages))
    except TooFewCustomers as refused:
        return Jump(stages, None, tuple(rise), tuple(seen), (), refused.n, needed_customers(len(stages)))
    others = _others(card, stages, paths.marks, paths.goal, d, e, ranked, usable)
    others += _people_choose(engine, journey.id, stages, ranked, to_ms)
    return Jump(stages, ranked, tuple(rise), tuple(seen), others, ranked.n, 0)


def _room_of(card: Week, stage: str) -> tuple[float, float, float]:
    """A stage's mark, expectation, and the best quarter it surely showed (from its weekly marks)."""
    row = card.row(stage)
    mark = row.mark.value if row.status != TOO_FEW else math.nan
    weeks = np.array(row.series, float)
    quarters = [weeks[i : i + QUARTER] for i in range(len(weeks) - QUARTER + 1)]
    lows = [np.nanmean(q) - 1.645 * np.nanstd(q) / math.sqrt(QUARTER) for q in quarters if np.isfinite(q).sum() >= QUARTER - 3]
    return mark, row.expected.value if row.expected else math.nan, float(max(lows)) if lows else math.nan


def _spread(ranked: Ranked, usable: np.ndarray, stages: int) -> Ranked:
    """The ranking over all stages, those nobody visited with a gain of 0."""

    def wide(part: np.ndarray, empty: float = 0.0) -> np.ndarray:
        out = np.full(stages, empty)
        out[usable] = part
        return out

    order = tuple(int(usable[i]) for i in ranked.order)
    rest = tuple(i for i in range(stages) if i not in order)
    parts = (wide(getattr(ranked, name)) for name in ("gain", "low", "high", "slope", "importance", "counts"))
    leading = tuple(int(usable[i]) for i in ranked.leading)
    return Ranked(*parts, order=order + rest, leading=leading, n=ranked.n, alpha=ranked.alpha)  # type: ignore[arg-type]


def _others(card, stages, marks, goal, d, e, ranked, usable) -> tuple[Choice, ...]:
    gaps = np.nan_to_num(d - e)[usable]
    contacts = [card.row(stages[i]).n for i in usable]
    orders = other_orders(marks[:, usable], goal, np.nan_to_num(d, nan=10.0)[usable], gaps, contacts)
    firsts = {rule: int(usable[order[0]]) for rule, order in orders.items()}
    return tuple(Choice(rule, stages[i], float(ranked.gain[i])) for rule, i in firsts.items())


def _people_choose(engine: Engine, journey: str, stages: tuple[str, ...], ranked: Ranked, to_ms: int) -> tuple[Choice, ...]:
    """What the boss set down, and what is easiest; a choice that nobody made, or whose stage is gone, is left out."""
    cheapest = easiest([change for change in changes(engine, journey) if change.registered_at <= to_ms])
    wanted = (("boss", boss_stage(engine, journey), None), ("easiest", cheapest.stage if cheapest else "", cheapest))
    gains = dict(zip(stages, ranked.gain, strict=True))
    return tuple(Choice(rule, stage, float(gains[stage]), change) for rule, stage, change in wanted if stage in gains)


def easiest(known: Sequence[Change]) -> Change | None:
    """The cheapest change that still waits, of those whose cost is known: what runs was chosen already. None without one."""
    waiting = [change for change in known if change.state in WAITING and change.cost_eur is not None]
    return min(waiting, key=lambda change: (change.cost_eur or 0.0, change.code), default=None)
