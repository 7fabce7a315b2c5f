"""Touchpoints: the moments of a stage, as they are and as they should be.

Every edit is a version in the audit (who, when, why, what it became): append-only and hash-chained, so none is changed later.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from sqlalchemy import Engine, insert, select, update

from store.people.audit import record
from store.people.errors import NotFound, Refused
from store.people.writing import writing
from store.tables import Audit
from store.tables import Touchpoint as TouchpointTable


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """One touchpoint of a stage; `target` is the mark it should get, None without one."""

    stage: str
    name_nl: str
    name_en: str
    channel: str
    moment_of_truth: bool
    target: float | None
    as_is_nl: str
    to_be_nl: str
    as_is_en: str = ""
    to_be_en: str = ""
    id: int = 0

    def name(self, language: str) -> str:
        """Its name in `language` (nl or en), or in the other one where it was never translated."""
        first, second = (self.name_nl, self.name_en) if language == "nl" else (self.name_en, self.name_nl)
        return first or second


@dataclass(frozen=True, slots=True)
class Version:
    """A touchpoint as somebody left it: who, when (UTC epoch ms) and why; versions count from 1."""

    number: int
    point: Touchpoint
    who: str
    at: int
    why: str


WORDS = ("as_is", "to_be")
NAMES = tuple(Touchpoint.__dataclass_fields__)


def touchpoints(engine: Engine, journey: str, stage: str = "") -> list[Touchpoint]:
    """The touchpoints of a journey, of one stage when given, in the order in which they were entered."""
    query = select(*(getattr(TouchpointTable, name) for name in NAMES)).where(TouchpointTable.journey == journey)
    if stage:
        query = query.where(TouchpointTable.stage == stage)
    with engine.connect() as connection:
        return [Touchpoint(**row._mapping) for row in connection.execute(query.order_by(TouchpointTable.id))]


def save_touchpoint(engine: Engine, journey: str, point: Touchpoint, why: str, who: str, now_ms: int) -> Touchpoint:
    """Keep a touchpoint (id 0: a new one) and its version; Refused without a name, a reason or a mark within 1-10, NotFound."""
    if not (point.name_nl or point.name_en) or not why.strip():
        raise Refused("touchpoint: found no name or no reason, expected both.", what="touchpoint")
    if point.target is not None and not 1 <= point.target <= 10:
        raise Refused(f"touchpoint target: found {point.target}, expected a mark from 1 to 10.", what="touchpoint")
    row = {name: value for name, value in asdict(point).items() if name != "id"}
    with writing(engine, now_ms) as connection:
        if point.id:
            mine = (TouchpointTable.id == point.id, TouchpointTable.journey == journey)
            if not connection.execute(update(TouchpointTable).where(*mine).values(**row)).rowcount:
                raise NotFound(f"touchpoint {point.id}: not on journey {journey}.", subject=str(point.id))
            kept = point
        else:
            made = connection.execute(insert(TouchpointTable).values(journey=journey, **row))
            kept = replace(point, id=int(made.inserted_primary_key[0]))  # type: ignore[index]
        record(connection, who, "edit", f"touchpoint {kept.id}", {"why": why.strip(), "became": asdict(kept)}, now_ms)
        return kept


def versions(engine: Engine, id: int) -> list[Version]:
    """Every version of a touchpoint that was made on screen, newest first."""
    query = select(Audit.who, Audit.at, Audit.detail).where(Audit.subject == f"touchpoint {id}", Audit.action == "edit")
    with engine.connect() as connection:
        rows = list(connection.execute(query.order_by(Audit.id)))
    told = [(row, json.loads(row.detail)) for row in rows]
    found = [Version(i, _became(data["became"]), row.who, row.at, data["why"]) for i, (row, data) in enumerate(told, start=1)]
    return found[::-1]


def _became(data: dict) -> Touchpoint:
    """A touchpoint as the audit keeps it; before it had words in both languages they were Dutch."""
    return Touchpoint(**{f"{name}_nl" if name in WORDS else name: value for name, value in data.items()})
