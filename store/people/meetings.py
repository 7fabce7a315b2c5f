"""The customer-journey meeting, and the one thing that an invited colleague named in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Engine, insert, select, update

from store.people.audit import record
from store.people.errors import NotFound, Refused
from store.people.writing import writing
from store.tables import Meeting as MeetingTable
from store.tables import OneThing as OneThingTable


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting at a moment (UTC epoch milliseconds); `notes` hold what was decided."""

    at: int
    held: bool = False
    notes: str = ""
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
    outcome: str = ""
    change_id: int | None = None
    id: int = 0

    def what(self, language: str) -> str:
        """Its words in `language` (nl or en), or in the other one where it was never translated."""
        first, second = (self.what_nl, self.what_en) if language == "nl" else (self.what_en, self.what_nl)
        return first or second


def save_meeting(engine: Engine, meeting: Meeting, who: str, now_ms: int) -> int:
    """Keep a meeting (id 0: a new one) and return its id. Raises NotFound for an id that this store does not have."""
    row = {name: value for name, value in asdict(meeting).items() if name != "id"}
    with writing(engine, now_ms) as connection:
        id = _keep(connection, MeetingTable, meeting.id, row)
        record(connection, who, "save", f"meeting {id}", row, now_ms)
        return id


def save_one_thing(engine: Engine, thing: OneThing, who: str, now_ms: int) -> int:
    """Keep a one-thing (id 0: a new one) and return its id; Refused without words or a department."""
    if not (thing.what_nl or thing.what_en) or not thing.department:
        raise Refused("one thing: found no words or no department, expected both.", what="text")
    row = {name: value for name, value in asdict(thing).items() if name != "id"}
    with writing(engine, now_ms) as connection:
        id = _keep(connection, OneThingTable, thing.id, row)
        record(connection, who, "save", f"one thing {id}", row, now_ms)
        return id


def meetings(engine: Engine, limit: int = 20) -> list[Meeting]:
    """The newest meetings first, planned ones included."""
    query = select(MeetingTable.at, MeetingTable.held, MeetingTable.notes, MeetingTable.id)
    with engine.connect() as connection:
        return [Meeting(*row) for row in connection.execute(query.order_by(MeetingTable.at.desc()).limit(limit))]


def one_things(engine: Engine, journey: str, to_ms: int, limit: int = 10) -> list[OneThing]:
    """What guests named up to `to_ms` (UTC epoch milliseconds), newest first."""
    columns = [getattr(OneThingTable, name) for name in OneThing.__dataclass_fields__]
    query = select(*columns).where(OneThingTable.journey == journey, OneThingTable.at <= to_ms)
    with engine.connect() as connection:
        return [OneThing(**row._mapping) for row in connection.execute(query.order_by(OneThingTable.at.desc()).limit(limit))]


def next_department(things: list[OneThing], departments: list[str]) -> str:
    """The department whose guest is furthest ago; '' when there are none. `things` are newest first.

    >>> next_department([OneThing(2, department="finance"), OneThing(1, department="hr")], ["hr", "finance"])
    'hr'
    """
    latest = {thing.department: thing.at for thing in sorted(things, key=lambda thing: thing.at)}
    return min(departments, key=lambda name: (latest.get(name, 0), departments.index(name)), default="")


def _keep(connection, table: type, id: int, row: dict) -> int:
    if not id:
        return int(connection.execute(insert(table).values(**row)).inserted_primary_key[0])
    if not connection.execute(update(table).where(table.id == id).values(**row)).rowcount:
        raise NotFound(f"{table.__tablename__} {id}: not in this store.", subject=str(id))
    return id
