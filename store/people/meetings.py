"""The customer-journey meeting, and the one thing that an invited colleague named in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from sqlalchemy import Engine, insert, select, update

from store.people.audit import record
from store.people.changes import Change, register_within
from store.people.errors import NotFound, Refused
from store.people.languages import in_language
from store.people.writing import writing
from store.tables import Change as ChangeTable
from store.tables import Meeting as MeetingTable
from store.tables import OneThing as OneThingTable


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting at a moment (UTC epoch milliseconds); its notes, in either language or both, hold what was decided."""

    at: int
    held: bool = False
    notes_nl: str = ""
    notes_en: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class OneThing:
    """What one guest named: their role and department (never a name), the thing, its stage, and what became of it."""

    at: int
    guest_role: str = ""
    department: str = ""
    what_nl: str = ""
    what_en: str = ""
    journey: str = ""
    stage: str = ""
    outcome_nl: str = ""
    outcome_en: str = ""
    change_id: int | None = None
    id: int = 0

    def what(self, language: str) -> str:
        """Its words in `language` (nl or en), or in the other one where it was never translated."""
        return in_language(language, self.what_nl, self.what_en)

    @property
    def closed(self) -> bool:
        """Whether it was written down what came of it."""
        return bool(self.outcome_nl or self.outcome_en)


def save_meeting(engine: Engine, meeting: Meeting, who: str, now_ms: int) -> int:
    """Keep a meeting (id 0: a new one) and return its id. Raises NotFound for an id that this store does not have."""
    row = {name: value for name, value in asdict(meeting).items() if name != "id"}
    with writing(engine, now_ms) as connection:
        id = _keep(connection, MeetingTable, meeting.id, row)
        record(connection, who, "save", f"meeting {id}", row, now_ms)
        return id


def save_one_thing(engine: Engine, thing: OneThing, who: str, now_ms: int) -> int:
    """Keep a one-thing (id 0: a new one) and return its id; Refused without words or a department."""
    _complete(thing)
    row = {name: value for name, value in asdict(thing).items() if name != "id"}
    with writing(engine, now_ms) as connection:
        id = _keep(connection, OneThingTable, thing.id, row)
        record(connection, who, "save", f"one thing {id}", row, now_ms)
        return id


def name_one_thing(engine: Engine, thing: OneThing, owner: str, due_at: int, who: str, now_ms: int) -> tuple[OneThing, Change]:
    """Keep what a guest named, and register it as a change with `owner` and `due_at` (UTC epoch ms, 0 is: no date), as one.

    So that who does it, until when, and what came of it stand where every change stands. Refused as `save_one_thing`.
    """
    _complete(thing)
    role = ", ".join(part for part in (thing.guest_role, thing.department) if part)
    change = Change(what_nl=thing.what_nl, what_en=thing.what_en, journey=thing.journey, stage=thing.stage, proposed_by=role)
    with writing(engine, now_ms) as connection:
        kept, change_id = register_within(connection, replace(change, owner=owner, due_at=due_at, kind="process"), who, now_ms)
        row = {name: value for name, value in asdict(thing).items() if name != "id"} | {"change_id": change_id}
        id = _keep(connection, OneThingTable, 0, row)
        record(connection, who, "save", f"one thing {id}", row, now_ms)
        return replace(thing, id=id, change_id=change_id), kept


def codes_of(engine: Engine, things: list[OneThing]) -> dict[int, str]:
    """The code of the change that each of these things became, by the thing's id; those that became none are left out."""
    of = {thing.change_id: thing.id for thing in things if thing.change_id}
    query = select(ChangeTable.id, ChangeTable.code).where(ChangeTable.id.in_(list(of)))
    with engine.connect() as connection:
        return {of[row.id]: row.code for row in connection.execute(query)}


def meetings(engine: Engine, limit: int = 20) -> list[Meeting]:
    """The newest meetings first, planned ones included."""
    query = select(*(getattr(MeetingTable, name) for name in Meeting.__dataclass_fields__))
    with engine.connect() as connection:
        return [Meeting(*row) for row in connection.execute(query.order_by(MeetingTable.at.desc()).limit(limit))]


def one_things(engine: Engine, journey: str, to_ms: int, limit: int = 10) -> list[OneThing]:
    """What guests named up to `to_ms` (UTC epoch milliseconds), newest first."""
    columns = [getattr(OneThingTable, name) for name in OneThing.__dataclass_fields__]
    query = select(*columns).where(OneThingTable.journey == journey, OneThingTable.at <= to_ms)
    with engine.connect() as connection:
        return [OneThing(**row._mapping) for row in connection.execute(query.order_by(OneThingTable.at.desc()).limit(limit))]


def close_thing(engine: Engine, thing: OneThing, who: str, now_ms: int) -> int:
    """Keep what came of a thing; Refused without words."""
    if not thing.closed:
        raise Refused("one thing: found no outcome, expected what came of it.", what="text")
    return save_one_thing(engine, thing, who, now_ms)


def whose_turn(things: list[OneThing], departments: list[str]) -> list[str]:
    """The departments by how long ago their guest was, the longest first; those that never had one in the order given.

    >>> whose_turn([OneThing(2, department="finance"), OneThing(1, department="hr")], ["hr", "finance", "it"])
    ['it', 'hr', 'finance']
    """
    latest = {thing.department: thing.at for thing in sorted(things, key=lambda thing: thing.at)}
    return sorted(departments, key=lambda name: (latest.get(name, 0), departments.index(name)))


def _complete(thing: OneThing) -> None:
    if not (thing.what_nl or thing.what_en) or not thing.department:
        raise Refused("one thing: found no words or no department, expected both.", what="text")


def _keep(connection, table: type, id: int, row: dict) -> int:
    if not id:
        return int(connection.execute(insert(table).values(**row)).inserted_primary_key[0])
    if not connection.execute(update(table).where(table.id == id).values(**row)).rowcount:
        raise NotFound(f"{table.__tablename__} {id}: not in this store.", subject=str(id))
    return id
