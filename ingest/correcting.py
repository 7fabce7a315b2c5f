"""Corrections of people, applied by the write door: the contact goes to the stage that a person said, for good."""

from __future__ import annotations

from store.engine import Engine
from store.people.corrections import mark_applied, pending
from store.placing import place


def apply_corrections(engine: Engine, now_ms: int, zone: str) -> int:
    """Move the observations of every corrected contact that has not moved yet, and return how many there were.

    One that is gone by now counts as applied; killed halfway it goes on with the next.
    """
    waiting = pending(engine)
    for correction in waiting:
        journey, _, stage = correction.after.partition("/")
        place(engine, correction.contact_id, journey, stage, now_ms=now_ms, zone=zone)
        mark_applied(engine, correction.id, now_ms)
    return len(waiting)
