"""Placing: a person says which stage a contact belongs to, and no machine moves it after that."""

from __future__ import annotations

from sqlalchemy import Engine

from store.bulk import taking_turns
from store.counters import beat
from store.evidence import PERSON, replace
from store.judging import still_stored
from store.prepared import prepared
from store.rows import Placed
from store.seals import current_seals
from store.stored import rows_of


def place(engine: Engine, contact_id: int, journey: str, stage: str, *, now_ms: int, zone: str) -> bool:
    """Place a contact by hand and move its observations there; False when the contact is gone. Stage '' is: not placed."""
    with taking_turns(engine) as connection:
        winners = still_stored(connection, [prepared(row, zone) for _, row in rows_of(connection, [contact_id])])
        for winner in winners:
            winner.by_hand = Placed(journey, stage, PERSON)
        if winners:
            replace(connection, winners, current_seals(connection, now_ms, zone), now_ms=now_ms, zone=zone)
            beat(connection, now_ms)
        return bool(winners)
