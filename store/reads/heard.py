"""When a customer was last heard: the clock of the open door."""

from __future__ import annotations

from sqlalchemy import Engine, func, select

from store.engine import reading
from store.tables import Contact, Placement


def last_heard(engine: Engine, journey: str, to_ms: int, stage: str = "") -> int | None:
    """The moment (UTC epoch ms) of the newest customer contact up to `to_ms`, of one stage when given; None without any."""
    query = select(func.max(Contact.happened_at)).where(Contact.happened_at <= to_ms, Contact.deleted_at.is_(None))
    query = query.where(Contact.kind == "contact", Contact.provenance == "customer")
    if stage:
        here = select(Placement.contact_id).where(Placement.journey == journey, Placement.stage == stage)
        query = query.where(Contact.id.in_(here))
    with reading(engine) as connection:
        return connection.scalar(query)
