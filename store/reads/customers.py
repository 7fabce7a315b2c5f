"""Customers' newest contacts one by one, for what only whole paths can tell; bounded work in any store."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, select

from metrics.registry import metrics
from store.engine import reading
from store.tables import Contact, Observation, Placement, Result

CUSTOMERS = "customers"
AT_MOST = 50_000
CHUNK = 500
TRANSFERRED = "transferred"


@dataclass(slots=True)
class Heard:
    """One contact of a known customer: its case and stage ('' without), first theme, moment (UTC ms), marks, and transfers."""

    customer: str
    case: str
    theme: str
    at: int
    channel: str
    stage: str = ""
    transferred: bool = False
    marks: list[tuple[str, float]] = field(default_factory=list)


def heard_between(engine: Engine, journey: str, from_ms: int, to_ms: int, at_most: int = AT_MOST) -> list[Heard]:
    """The newest `at_most` contacts of known customers in the span (UTC epoch ms), newest first."""
    columns = (Contact.id, Contact.author_key, Contact.case_key, Contact.themes, Contact.happened_at, Contact.channel)
    here = (Placement.contact_id == Contact.id) & (Placement.journey == journey)
    query = select(*columns, Placement.stage).outerjoin(Placement, here)
    query = query.where(Contact.happened_at.between(from_ms, to_ms), Contact.author_key.is_not(None))
    query = query.where(Contact.deleted_at.is_(None), Contact.provenance == "customer", Contact.author_key != "")
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(Contact.happened_at.desc(), Contact.id.desc()).limit(at_most)).all()
        found = {row.id: _heard(row) for row in rows}
        ids = list(found)
        for start in range(0, len(ids), CHUNK):
            _observed(connection, journey, ids[start : start + CHUNK], found)
    return list(found.values())


def kept_customers(engine: Engine) -> tuple[int, dict[str, Any]]:
    """What ingest last computed from customers' paths, and when (UTC epoch ms); (0, {}) before the first time."""
    query = select(Result.as_of, Result.data).where(Result.name == CUSTOMERS).order_by(Result.as_of.desc()).limit(1)
    with reading(engine) as connection:
        row = connection.execute(query).first()
    return (row.as_of, json.loads(row.data)) if row else (0, {})


def _heard(row: Any) -> Heard:
    return Heard(row.author_key, row.case_key or "", _theme(row), row.happened_at, row.channel, row.stage or "")


def _theme(row: Any) -> str:
    return next(iter(row.themes.split()), "")


def _observed(connection: Connection, journey: str, ids: list[int], found: dict[int, Heard]) -> None:
    marked = [id for id, known in metrics().items() if known.marked == "observation"]
    query = select(Observation.contact_id, Observation.stage, Observation.metric, Observation.value, Observation.mark)
    query = query.where(Observation.contact_id.in_(ids), Observation.journey == journey)
    for row in connection.execute(query.where(Observation.metric.in_([*marked, TRANSFERRED]))):
        contact = found[row.contact_id]
        if row.metric == TRANSFERRED:
            contact.transferred = contact.transferred or row.value > 0
        elif row.stage and row.mark is not None:
            contact.marks.append((row.stage, row.mark))
