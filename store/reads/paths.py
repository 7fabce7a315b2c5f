"""Customers' paths: who gave the journey's goal a mark, and what they lived in each stage before; bounded work in any store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Engine, func, select
from sqlalchemy.orm import aliased

from metrics.registry import metrics
from store.engine import reading
from store.tables import Contact, Observation, RollupDay

AT_MOST = 5_000
DAYS = 90
CHUNK = 500
DAY_MS = 86_400_000
Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Paths:
    """One row per customer: `goal` (customers,) in its own unit, `marks` (customers, stages), NaN for a stage not visited."""

    goal: Floats
    marks: Floats


def read_paths(engine: Engine, journey: str, goal: str, stages: tuple[str, ...], to_ms: int, at_most: int = AT_MOST) -> Paths:
    """The newest `at_most` customers who answered `goal` in the 90 days before `to_ms`, with their mean mark per stage.

    Whatever else stood on the goal's own questionnaire is left out of the stage marks: it shares the mood of that moment.
    """
    with reading(engine) as connection:
        goals = _goals(connection, journey, goal, to_ms, at_most)
        names = list(goals)
        marks = np.full((len(names), len(stages)), np.nan)
        row_of, column_of = {name: i for i, name in enumerate(names)}, {stage: i for i, stage in enumerate(stages)}
        for start in range(0, len(names), CHUNK):
            for author, stage, mark in _lived(connection, journey, goal, names[start : start + CHUNK], to_ms):
                if stage in column_of:
                    marks[row_of[author], column_of[stage]] = mark
    there = np.isfinite(marks).any(1)
    return Paths(np.array(list(goals.values()), float)[there], marks[there])


def _goals(connection: Connection, journey: str, goal: str, to_ms: int, at_most: int) -> dict[str, float]:
    """The mean answer of each of the newest `at_most` customers, newest first."""
    from_ms = to_ms - DAYS * DAY_MS
    stages, enough_from = _asked(connection, journey, goal, from_ms, to_ms, at_most)
    newest = _newest(connection, journey, goal, stages, (max(from_ms, enough_from), to_ms), at_most)
    if len(newest) < at_most and enough_from > from_ms:
        newest = _newest(connection, journey, goal, stages, (from_ms, to_ms), at_most)
    means: dict[str, float] = {}
    for start in range(0, len(newest), CHUNK):
        query = select(Contact.author_key, func.avg(Observation.value)).join(Observation, Observation.contact_id == Contact.id)
        query = query.where(Contact.author_key.in_(newest[start : start + CHUNK]), _here(journey), Observation.metric == goal)
        query = query.where(Observation.happened_at.between(from_ms, to_ms)).group_by(Contact.author_key)
        means |= {str(author): float(value) for author, value in connection.execute(query)}
    return {author: means[author] for author in newest}


def _asked(connection: Connection, journey: str, goal: str, from_ms: int, to_ms: int, at_most: int) -> tuple[list[str], int]:
    """From the rollups: the stages where the goal is asked, and a moment (UTC ms) since when twice as many answers came in.

    So the rows of a day or two are read instead of a quarter's, when customers are many.
    """
    table, first, last = RollupDay, _day(from_ms), _day(to_ms + DAY_MS)
    query = select(table.bucket, table.stage, func.sum(table.n)).where(table.journey == journey, table.metric == goal)
    query = query.where(table.segment == "", table.bucket.between(first, last)).group_by(table.bucket, table.stage)
    rows = connection.execute(query.order_by(table.bucket.desc(), table.stage)).all()
    answers, since = 0.0, from_ms
    for day, _, n in rows:
        answers += float(n)
        if answers >= 2 * at_most:
            moment = datetime(day // 10_000, day // 100 % 100, day % 100, tzinfo=UTC) - timedelta(days=1)  # in any zone
            since = round(moment.timestamp() * 1000)
            break
    return sorted({str(stage) for _, stage, _ in rows}), since


def _newest(connection: Connection, journey: str, goal: str, stages: list[str], span: tuple[int, int], at_most: int) -> list[str]:
    query = select(Contact.author_key).join(Contact, Contact.id == Observation.contact_id)
    query = query.where(Observation.journey == journey, Observation.stage.in_(stages), Observation.happened_at.between(*span))
    query = query.where(Observation.metric == goal, Contact.author_key.is_not(None)).group_by(Contact.author_key)
    query = query.order_by(func.max(Observation.happened_at).desc(), Contact.author_key).limit(at_most)
    return [str(author) for author in connection.scalars(query.select_from(Observation))]


def _lived(connection: Connection, journey: str, goal: str, authors: list[str], to_ms: int) -> list[tuple[str, str, float]]:
    marked = [id for id, known in metrics().items() if known.marked == "observation" and id != goal]
    query = select(Contact.author_key, Observation.stage, func.avg(Observation.mark))
    query = query.join(Observation, Observation.contact_id == Contact.id).where(Contact.author_key.in_(authors))
    query = query.where(_here(journey), Observation.metric.in_(marked), Observation.mark.is_not(None))
    query = query.where(Observation.happened_at.between(to_ms - DAYS * DAY_MS, to_ms))
    asked = aliased(Observation)
    same = select(asked.id).where(asked.contact_id == Contact.id, asked.metric == goal).exists()
    rows = connection.execute(query.where(~same).group_by(Contact.author_key, Observation.stage))
    return [(str(author), str(stage), float(mark)) for author, stage, mark in rows]


def _here(journey: str) -> ColumnElement[bool]:
    return (Observation.journey + "") == journey  # the planner must go by contact, not read the whole journey


def _day(ms: int) -> int:
    moment = datetime.fromtimestamp(ms / 1000, UTC) - timedelta(days=1)
    return moment.year * 10_000 + moment.month * 100 + moment.day
