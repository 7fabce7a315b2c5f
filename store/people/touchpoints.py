"""Touchpoints: the moments of a stage, as they are and as they should be."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, select

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
    as_is: str
    to_be: str

    def name(self, language: str) -> str:
        """Its name in `language` (nl or en), or in the other one where it was never translated."""
        first, second = (self.name_nl, self.name_en) if language == "nl" else (self.name_en, self.name_nl)
        return first or second


NAMES = tuple(Touchpoint.__dataclass_fields__)


def touchpoints(engine: Engine, journey: str, stage: str = "") -> list[Touchpoint]:
    """The touchpoints of a journey, of one stage when given, in the order in which they were entered."""
    query = select(*(getattr(TouchpointTable, name) for name in NAMES)).where(TouchpointTable.journey == journey)
    if stage:
        query = query.where(TouchpointTable.stage == stage)
    with engine.connect() as connection:
        return [Touchpoint(**row._mapping) for row in connection.execute(query.order_by(TouchpointTable.id))]
