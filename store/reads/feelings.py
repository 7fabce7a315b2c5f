"""How clear the tone of what was said is, per case: counts at both ends of the scale, which no mean keeps."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, case, func, select

from store.engine import reading
from store.reads.voices import TONE
from store.tables import Observation


@dataclass(frozen=True, slots=True)
class Tones:
    """Cases with a tone, their mean mark (1-10, 0 without cases), and how many lie at or beyond the two bounds."""

    n: int
    mean: float
    low: int
    high: int


def tones(engine: Engine, journey: str, stage: str, from_ms: int, to_ms: int, low: float, high: float) -> Tones:
    """The tones of a stage from `from_ms` up to `to_ms` (UTC epoch ms): how many marks are at most `low` or at least `high`.

    One span of the index on (journey, stage, happened_at). A case counts once, by the mean of its marks, as in the rollups.
    """
    seen = Observation
    at = [func.coalesce(func.sum(case((end, seen.n), else_=0)), 0) for end in (seen.m1 <= low * seen.w, seen.m1 >= high * seen.w)]
    query = select(func.coalesce(func.sum(seen.n), 0), func.sum(seen.m1), func.sum(seen.w), *at)
    query = query.where(seen.journey == journey, seen.stage == stage, seen.happened_at >= from_ms, seen.happened_at < to_ms)
    query = query.where(seen.metric == TONE, seen.n > 0, seen.w > 0, seen.m1 > 0)
    with reading(engine) as connection:
        n, marks, weights, lowest, highest = tuple(connection.execute(query).one())
    return Tones(int(n), float(marks) / float(weights) if n else 0.0, int(lowest), int(highest))
