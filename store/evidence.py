"""Evidence: replaces the state of contacts by a new one, with placements, observations, and the exact difference in rollups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from store.bulk import among, insert_rows, new_contact_ids, update_rows
from store.calendar import buckets
from store.cases import Fresh, Group, Place, cell_of, contribution_of, group_of, share_cases
from store.contributions import of_themes
from store.differences import Differences
from store.prepared import Prepared
from store.rows import Placed
from store.seals import Seals
from store.tables import Contact, Observation, Placement, QuoteApproval

CONTACT: Any = Contact.__table__
OBSERVATION: Any = Observation.__table__
PLACEMENT: Any = Placement.__table__
PERSON = "person"
MARKED = "sentiment"  # the metric whose mark a theme shows
STATE = (
    *("version", "kind", "channel", "happened_at", "received_at", "author_key", "thread_key", "case_key", "language", "text"),
    *("mask_version", "themes", "segments", "url", "engine", "sentiment", "provenance", "import_id", "import_new", "deleted_at"),
)


@dataclass(slots=True)
class Winner:
    """An event that decides the state of its contact; `contact_id` 0 is: not stored yet; `by_hand` a person's placement now."""

    ready: Prepared
    version: int
    deleted: bool
    contact_id: int
    import_id: int | None
    import_new: bool
    by_hand: Placed | None = None


@dataclass(slots=True)
class Taken:
    """What was taken away of contacts: the cases it touched, and the placements by people, to be put back."""

    groups: set[Group] = field(default_factory=set)
    persons: dict[int, dict[str, Placed]] = field(default_factory=lambda: defaultdict(dict))


def replace(connection: Connection, winners: Sequence[Winner], seals: Seals, *, now_ms: int, zone: str) -> None:
    """Write the winners over whatever their contacts were before, within the caller's transaction."""
    differences = Differences()
    changed = [winner for winner in winners if winner.contact_id]
    added = [winner for winner in winners if not winner.contact_id]
    taken = take_away(connection, [winner.contact_id for winner in changed], differences, zone)
    forget_quotes(connection, [winner.contact_id for winner in changed if winner.ready.deleted])
    for winner, contact_id in zip(added, new_contact_ids(connection, len(added)), strict=True):
        winner.contact_id = contact_id
    _insert_contacts(connection, added, now_ms)
    _update_contacts(connection, changed, now_ms)
    fresh = _place_all(connection, winners, taken, differences)
    share_cases(connection, fresh, taken.groups, differences)
    fresh.insert(connection, differences)
    differences.merge(connection, seals)


def remove(connection: Connection, contact_ids: Collection[int], seals: Seals, zone: str) -> None:
    """Delete contacts and all that hangs on them, as if they had never come."""
    differences = Differences()
    taken = take_away(connection, contact_ids, differences, zone)
    forget_quotes(connection, contact_ids)
    connection.execute(delete(PLACEMENT).where(among(connection, PLACEMENT.c.contact_id, contact_ids)))
    connection.execute(delete(CONTACT).where(among(connection, CONTACT.c.id, contact_ids)))
    share_cases(connection, Fresh(), taken.groups, differences)
    differences.merge(connection, seals)


def take_away(connection: Connection, contact_ids: Collection[int], differences: Differences, zone: str) -> Taken:
    """Delete the observations and placements of contacts, and take away what they contributed."""
    taken = Taken()
    if not contact_ids:
        return taken
    marks: dict[tuple[int, str], list[float | None]] = defaultdict(list)
    for row in connection.execute(select(OBSERVATION).where(among(connection, OBSERVATION.c.contact_id, contact_ids))):
        differences.take(cell_of(row), contribution_of(row))
        if row.case_key is not None:
            taken.groups.add(group_of(row))
        if row.metric == MARKED:
            marks[row.contact_id, row.journey].append(row.mark)
    _take_themes(connection, contact_ids, marks, differences, zone)
    connection.execute(delete(OBSERVATION).where(among(connection, OBSERVATION.c.contact_id, contact_ids)))
    _keep_persons(connection, contact_ids, taken)
    return taken


def forget_quotes(connection: Connection, contact_ids: Collection[int]) -> None:
    """Forget the words that people approved of contacts that are gone; that they did so stays."""
    if contact_ids:
        mine = among(connection, QuoteApproval.contact_id, contact_ids)
        connection.execute(update(QuoteApproval).where(mine).values(text="", approved=False))


def themed(connection: Connection, *conditions: Any) -> Iterable[Any]:
    """The contacts that count in theme rollups, once per place: id, themes, channel, happened_at, journey, stage."""
    place = [func.coalesce(PLACEMENT.c[name], "").label(name) for name in ("journey", "stage")]
    query = select(CONTACT.c.id, CONTACT.c.themes, CONTACT.c.channel, CONTACT.c.happened_at, *place)
    query = query.select_from(CONTACT.outerjoin(PLACEMENT, PLACEMENT.c.contact_id == CONTACT.c.id))
    return connection.execute(query.where(CONTACT.c.themes != "", CONTACT.c.kind == "contact", *conditions))


def _take_themes(
    connection: Connection,
    contact_ids: Collection[int],
    marks: dict[tuple[int, str], list[float | None]],
    differences: Differences,
    zone: str,
) -> None:
    for row in themed(connection, among(connection, CONTACT.c.id, contact_ids)):
        amount = of_themes(marks.get((row.id, row.journey), []))
        place = (row.journey, row.stage, row.channel)
        differences.take_themes(buckets(row.happened_at, zone), place, row.themes, amount)


def _keep_persons(connection: Connection, contact_ids: Collection[int], taken: Taken) -> None:
    mine = among(connection, PLACEMENT.c.contact_id, contact_ids)
    for row in connection.execute(select(PLACEMENT).where(mine, PLACEMENT.c.by == PERSON)):
        taken.persons[row.contact_id][row.journey] = Placed(row.journey, row.stage, row.by, row.confidence)
    connection.execute(delete(PLACEMENT).where(mine))


def _insert_contacts(connection: Connection, winners: Sequence[Winner], now_ms: int) -> None:
    names = ("id", "source", "stream", "external_id", *STATE)
    rows = []
    for winner in winners:
        row = winner.ready.row
        rows.append((winner.contact_id, row.source, row.stream, row.external_id, *_state(winner, now_ms)))
    insert_rows(connection, CONTACT, names, rows)


def _update_contacts(connection: Connection, winners: Sequence[Winner], now_ms: int) -> None:
    update_rows(connection, CONTACT, STATE, [(*_state(winner, now_ms), winner.contact_id) for winner in winners])


def _state(winner: Winner, now_ms: int) -> tuple[Any, ...]:
    # A tombstone is made of its delete alone, so that it is the same whether or not the contact came before it.
    ready, row = winner.ready, winner.ready.row
    said: tuple[Any, ...] = (None, None, None, "", "", 0, "", "", "", "", None)
    if not ready.deleted:
        said = (row.author_key, row.thread_key, row.case_key, row.language, row.text, row.mask_version)
        said += (ready.themes, ready.segments, row.url, row.engine, row.sentiment)
    brought = (row.provenance, winner.import_id, winner.import_new, now_ms if ready.deleted else None)
    return (row.version, row.kind, row.channel, row.happened_at, row.received_at, *said, *brought)


def _place_all(connection: Connection, winners: Sequence[Winner], taken: Taken, differences: Differences) -> Fresh:
    fresh, placements = Fresh(), []
    for winner in winners:
        places = _places(winner, taken.persons.get(winner.contact_id, {}))
        placements += [(winner.contact_id, p.journey, p.stage, p.by, p.confidence) for p in places]
        if not winner.ready.deleted:
            for placed in places or [Placed("", "", "")]:
                _observe(winner, placed, fresh, differences)
    insert_rows(connection, PLACEMENT, ("contact_id", "journey", "stage", "by", "confidence"), placements)
    return fresh


def _places(winner: Winner, persons: dict[str, Placed]) -> list[Placed]:
    """Where the contact belongs, per journey: what people said outlives what a machine says, and a delete too."""
    machine = [] if winner.ready.deleted else winner.ready.row.placed
    if len(machine) < 2 and not persons and not winner.by_hand:
        return machine  # nearly always
    by_hand = {winner.by_hand.journey: winner.by_hand} if winner.by_hand else {}
    return list(({placed.journey: placed for placed in machine} | persons | by_hand).values())


def _observe(winner: Winner, placed: Placed, fresh: Fresh, differences: Differences) -> None:
    ready, row = winner.ready, winner.ready.row
    place = Place(placed.journey, placed.stage, row.channel, ready.segments, row.case_key, row.happened_at, *ready.at)
    fresh.put(winner.contact_id, place, row.observed, ready.contributions)
    if ready.themes and row.kind == "contact":
        marks = [seen.mark for seen in row.observed if seen.metric == MARKED]
        differences.add_themes(ready.at, (placed.journey, placed.stage, row.channel), ready.themes, of_themes(marks))
