"""Customers' paths: who gave the journey's goal a mark, and what they lived in each stage before; bounded work in any store."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import aliased

from metrics.registry import metrics
from store.engine import reading
from store.tables import Contact, Observation

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
    query = select(Contact.author_key, func.avg(Observation.value)).join(Contact, Contact.id == Observation.contact_id)
    query = query.where(Observation.journey == journey, Observation.metric == goal, Contact.author_key.is_not(None))
    query = query.where(Observation.happened_at.between(to_ms - DAYS * DAY_MS, to_ms))
    query = query.group_by(Contact.author_key).order_by(func.max(Observation.happened_at).desc()).limit(at_most)
    return {str(author): float(value) for author, value in connection.execute(query)}


def _lived(connection: Connection, journey: str, goal: str, authors: list[str], to_ms: int) -> list[tuple[str, str, float]]:
    marked = [id for id, known in metrics().items() if known.marked == "observation" and id != goal]
    query = select(Contact.author_key, Observation.stage, func.avg(Observation.mark))
    query = query.join(Observation, Observation.contact_id == Contact.id).where(Contact.author_key.in_(authors))
    query = query.where(Observation.journey == journey, Observation.metric.in_(marked), Observation.mark.is_not(None))
    query = query.where(Observation.happened_at.between(to_ms - DAYS * DAY_MS, to_ms))
    asked = aliased(Observation)
    same = select(asked.id).where(asked.contact_id == Contact.id, asked.metric == goal).exists()
    rows = connection.execute(query.where(~same).group_by(Contact.author_key, Observation.stage))
    return [(str(author), str(stage), float(mark)) for author, stage, mark in rows]
