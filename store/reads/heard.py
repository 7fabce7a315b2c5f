"""When customers were last heard, per stage: the clock of the open door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, Engine, and_, func, literal_column, select

from metrics.weeks import day_from
from store.engine import reading
from store.tables import Contact, OneThing, Placement, RollupDay

RECENT = timedelta(days=35)


def last_heard(engine: Engine, journey: str, stages: Sequence[str], to_day: int) -> dict[str, int]:
    """Per stage the newest local day (such as 20261125) up to `to_day` on which a customer made contact; none: left out.

    Only for a stage that was silent for weeks are all days looked through.
    """
    since = int(f"{day_from(to_day) - RECENT:%Y%m%d}")
    with reading(engine) as connection:
        recent = _newest(connection, journey, since, to_day)
        return recent if set(stages) <= set(recent) else _newest(connection, journey, 0, since) | recent


def _newest(connection: Connection, journey: str, first: int, last: int) -> dict[str, int]:
    """The newest day with a contact per stage, of days `first` to `last`."""
    table = RollupDay
    query = select(table.stage, func.max(table.bucket)).where(table.bucket.between(first, last), table.journey == journey)
    query = query.where(table.metric == "contacts", table.segment == "", table.n > 0, table.stage != "").group_by(table.stage)
    return {stage: int(day) for stage, day in connection.execute(query)}


def employees_heard(engine: Engine, journey: str, from_ms: int, to_ms: int) -> dict[str, int]:
    """Per stage how often an employee spoke from `from_ms` up to `to_ms` (UTC epoch ms): contacts, and things named in a meeting.

    Contacts of employees are few and have an index of their own; what has no stage is left out.
    """
    here = and_(Placement.contact_id == Contact.id, Placement.journey == journey, Placement.stage != "")
    spoke = select(Placement.stage, func.count()).select_from(Contact).join(Placement, here)
    spoke = spoke.where(literal_column("contact.provenance") == literal_column("'employee'"))  # a parameter would miss the index
    spoke = spoke.where(Contact.happened_at >= from_ms, Contact.happened_at < to_ms, Contact.deleted_at.is_(None))
    named = select(OneThing.stage, func.count()).where(OneThing.journey == journey, OneThing.stage != "")
    named = named.where(OneThing.at >= from_ms, OneThing.at < to_ms)
    found: dict[str, int] = {}
    with reading(engine) as connection:
        for query in (spoke.group_by(Placement.stage), named.group_by(OneThing.stage)):
            for stage, n in connection.execute(query):
                found[stage] = found.get(stage, 0) + int(n)
    return found
