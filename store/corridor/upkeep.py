"""Upkeep: how far ingest is with what it does for a source beside reading it, so that it goes on there after a restart."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Engine, select

from store.bulk import upsert
from store.engine import reading, writing
from store.tables import Contact
from store.tables import Upkeep as UpkeepTable

TABLE: Any = UpkeepTable.__table__
CONTACT: Any = Contact.__table__


@dataclass(slots=True)
class Upkeep:
    """One round of one kind for one source. Times are UTC epoch ms, 0 is: not yet; `place` is where the next step begins."""

    source: str
    kind: str
    place: str = ""
    began_at: int = 0
    finished_at: int = 0
    checked: int = 0
    gone: int = 0
    edited: int = 0
    detail: str = ""


def upkeep(engine: Engine, source: str, kind: str) -> Upkeep:
    """The newest round; one that never began when there was none."""
    with reading(engine) as connection:
        found = connection.execute(select(TABLE).where(TABLE.c.source == source, TABLE.c.kind == kind)).first()
    return Upkeep(source, kind) if found is None else Upkeep(**found._mapping)


def keep_upkeep(engine: Engine, state: Upkeep) -> None:
    """Write down how far a round is."""
    values = asdict(state)
    with writing(engine) as connection:
        connection.execute(
            upsert(connection, TABLE).values(values).on_conflict_do_update(index_elements=["source", "kind"], set_=values)
        )


def stored_ids(engine: Engine, source: str, after: int, since_ms: int, limit: int) -> list[tuple[int, str, str]]:
    """The next contacts of a source by id after `after`: id, stream, external id; without what is deleted or older."""
    columns = (CONTACT.c.id, CONTACT.c.stream, CONTACT.c.external_id)
    mine = (CONTACT.c.source == source, CONTACT.c.id > after, CONTACT.c.deleted_at.is_(None), CONTACT.c.happened_at >= since_ms)
    query = select(*columns).where(*mine, CONTACT.c.kind == "contact").order_by(CONTACT.c.id).limit(limit)
    with reading(engine) as connection:
        return [(row.id, row.stream, row.external_id) for row in connection.execute(query)]
