"""Retention: minutes live 48 hours and hours 400 days; words and traces of customers as long as was chosen for their source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, func, or_, select, update

from store.bulk import among, taking_turns
from store.counters import beat
from store.engine import reading
from store.evidence import forget_quotes
from store.seals import seal_hours
from store.tables import Contact, Quarantine, RollupHour, RollupMinute, RollupTheme

CONTACT: Any = Contact.__table__
WIPED: dict[str, Any] = {"text": "", "url": "", "author_key": None, "thread_key": None}
CHUNK = 2_000  # contacts per transaction, so that people's writes get their turn in between


@dataclass(frozen=True, slots=True)
class Wiped:
    """What a wipe did: contacts of which the words and traces went, and payloads in quarantine that were thrown away."""

    contacts: int
    held: int


def prune(engine: Engine, now_ms: int) -> dict[str, int]:
    """Seal and delete what outlived its level: rows deleted per table.

    Lives count back from `now_ms` (UTC epoch ms), or from the newest contact where that is older: a store of old messages
    keeps what its newest week needs.
    """
    hours: Any = RollupHour.__table__
    minutes: Any = RollupMinute.__table__
    themes: Any = RollupTheme.__table__
    with taking_turns(engine) as connection:
        newest = connection.scalar(select(func.max(Contact.happened_at)).where(Contact.happened_at <= now_ms))
        seals = seal_hours(connection, now_ms if newest is None else newest)
        statements = (
            delete(minutes).where(minutes.c.bucket < seals.minute),
            delete(hours).where(hours.c.bucket < seals.hour),
            delete(themes).where(themes.c.level == "hour", themes.c.bucket < seals.hour),
        )
        return {_table(statement): connection.execute(statement).rowcount for statement in statements}


def wipe(engine: Engine, source: str, before_ms: int, now_ms: int) -> Wiped:
    """Wipe of every contact of a source that happened before `before_ms` (UTC epoch ms) all that could lead back to a person.

    Its words, link, author and conversation go, quotes of it as well; its place, themes and measured values stay, so that no
    rollup changes and a recount finds them. Raw payloads in quarantine that came before then are deleted. A crash leaves the
    rest for the next time.
    """
    contacts, after = 0, 0
    while ids := _whole(engine, source, before_ms, after):
        with taking_turns(engine) as connection:
            connection.execute(update(CONTACT).where(among(connection, CONTACT.c.id, ids)).values(**WIPED))
            forget_quotes(connection, ids)
            beat(connection, now_ms)
        contacts, after = contacts + len(ids), ids[-1]
    with taking_turns(engine) as connection:
        old = delete(Quarantine).where(Quarantine.source == source, Quarantine.received_at < before_ms)
        return Wiped(contacts, connection.execute(old).rowcount)


def _whole(engine: Engine, source: str, before_ms: int, after: int) -> list[int]:
    """The next contacts by id of which anything is left to wipe; looked up without the write lock."""
    left = or_(CONTACT.c.text != "", CONTACT.c.url != "", CONTACT.c.author_key.is_not(None), CONTACT.c.thread_key.is_not(None))
    query = select(CONTACT.c.id).where(CONTACT.c.id > after, CONTACT.c.source == source, CONTACT.c.happened_at < before_ms, left)
    with reading(engine) as connection:
        return list(connection.scalars(query.order_by(CONTACT.c.id).limit(CHUNK)))


def _table(statement: Any) -> str:
    return str(statement.table.name)
