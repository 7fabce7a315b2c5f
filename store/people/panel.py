"""The customer panel: who is asked before something is decided. Kinds and references only, never a name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, insert, select, update

from store.people.audit import record
from store.people.errors import NotFound, Refused
from store.people.writing import writing
from store.tables import Panel as PanelTable

NEEDED = ("new", "critical", "left", "choosing")  # requirements R041: a panel without one of these hears half a story
KINDS = (*NEEDED, "existing")
REFERENCE = re.compile(r"(?:[A-Z]\.?){1,3}|[A-Za-z]{0,3}[-. ]?\d{1,8}")


@dataclass(frozen=True, slots=True)
class Member:
    """A customer on the panel; `reference` is an initial or a number, times are UTC epoch ms (last heard 0: not yet)."""

    kind: str
    reference: str
    joined_at: int
    last_heard_at: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True)
class Seats:
    """One kind's seats on the panel: how many customers, how many of them were heard, and when the last one was (0: never)."""

    kind: str
    members: int
    heard: int
    last_heard_at: int


def panel(engine: Engine) -> list[Member]:
    """Every member, in order of kind and reference."""
    columns = [getattr(PanelTable, name) for name in Member.__dataclass_fields__]
    with engine.connect() as connection:
        rows = connection.execute(select(*columns).order_by(PanelTable.kind, PanelTable.reference, PanelTable.id))
        return [Member(**row._mapping) for row in rows]


def seats(members: list[Member], to_ms: int) -> list[Seats]:
    """The panel by kind as it stood at `to_ms` (UTC epoch ms): the needed kinds first, each with a row also when it is empty.

    >>> [(s.kind, s.members, s.heard) for s in seats([Member("new", "A", 1, 5), Member("new", "B", 1)], 9)][:2]
    [('new', 2, 1), ('critical', 0, 0)]
    """
    there = [member for member in members if member.joined_at <= to_ms]
    out = []
    for kind in KINDS:
        own = [member for member in there if member.kind == kind]
        heard = [member.last_heard_at for member in own if 0 < member.last_heard_at <= to_ms]
        if own or kind in NEEDED:
            out.append(Seats(kind, len(own), len(heard), max(heard, default=0)))
    return out


def spoke_with(engine: Engine, kind: str, reference: str, at_ms: int, who: str, now_ms: int) -> Member:
    """Keep that a customer was spoken with at `at_ms` (UTC epoch ms); who is not on the panel yet joins it.

    Refused for a kind not in KINDS, for a reference that could be a name, and for a moment still to come.
    """
    named = reference.strip()
    if kind not in KINDS:
        raise Refused(f"panel kind: found {kind!r}, expected one of {', '.join(KINDS)}.", what="kind")
    if not REFERENCE.fullmatch(named):
        raise Refused("panel reference: found something else, expected an initial or a number, never a name.", what="reference")
    if at_ms > now_ms:
        raise Refused(f"panel moment: found {at_ms}, expected one that has been (now {now_ms}).", what="moment")
    with writing(engine, now_ms) as connection:
        kept = _heard(connection, kind, named, at_ms)
        record(connection, who, "heard", f"panel {named}", {"kind": kind, "at": at_ms}, now_ms)
        return kept


def leave_panel(engine: Engine, id: int, who: str, now_ms: int) -> None:
    """Take a customer off the panel; nothing of them stays but that somebody left. NotFound for an id that is not there."""
    with writing(engine, now_ms) as connection:
        if not connection.execute(delete(PanelTable).where(PanelTable.id == id)).rowcount:
            raise NotFound(f"panel {id}: not in this store.", subject=str(id))
        record(connection, who, "left", f"panel {id}", {}, now_ms)


def _heard(connection: Connection, kind: str, reference: str, at_ms: int) -> Member:
    columns = [getattr(PanelTable, name) for name in Member.__dataclass_fields__]
    mine = (PanelTable.kind == kind, PanelTable.reference == reference)
    row = connection.execute(select(*columns).where(*mine).order_by(PanelTable.id).limit(1)).first()
    if row is None:
        values = {"kind": kind, "reference": reference, "joined_at": at_ms, "last_heard_at": at_ms}
        made = connection.execute(insert(PanelTable).values(**values))
        return Member(**values, id=int(made.inserted_primary_key[0]))  # type: ignore[index]
    known = Member(**row._mapping)
    latest, joined = max(known.last_heard_at, at_ms), min(known.joined_at, at_ms)
    connection.execute(update(PanelTable).where(PanelTable.id == known.id).values(last_heard_at=latest, joined_at=joined))
    return Member(kind, reference, joined, latest, known.id)
