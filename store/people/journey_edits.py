"""An edit of the journey as its next version: what may go, and what has to be read anew by it."""

from __future__ import annotations

from sqlalchemy import Engine

from config.errors import ConfigError
from config.journey import Journey, as_dict, parse_journey
from store.corridor.jobs import ask_within
from store.people.audit import record
from store.people.corrections import follow
from store.people.errors import Refused
from store.people.journeys import current_journey, save_within
from store.people.promises import active_promises
from store.people.writing import writing


def edit_journey(engine: Engine, journey: Journey, why: str, who: str, now_ms: int) -> int:
    """Keep an edited journey as its next version, with who, when and why, and return its number.

    What is stored is read anew when its stages, or what recognises them, changed. Refused without a reason or a name in both
    languages, and when a stage would go that a promise is still made for, or without another one (an alias) to take its place.
    """
    if not why.strip():
        raise Refused("journey: found no reason, expected why it changes.", what="journey_why")
    try:
        parse_journey(as_dict(journey), f"journey {journey.id}")
    except ConfigError as fault:
        raise Refused(str(fault), what="journey_name") from fault
    before = current_journey(engine, journey.id)
    _check_gone(engine, before, journey, now_ms)
    with writing(engine, now_ms) as connection:
        number = save_within(connection, journey, who, now_ms)
        for gone in {stage.id for stage in before.stages} - {stage.id for stage in journey.stages}:
            follow(connection, journey.id, gone, journey.aliases[gone], who, now_ms)
        record(connection, who, "edit", f"journey {journey.id}", {"version": number, "why": why.strip()}, now_ms)
        if _places(before) != _places(journey):
            ask_within(connection, "rescore", {}, now_ms)
        return number


def _places(journey: Journey) -> object:
    """All that decides in which stage a message is placed."""
    return {stage.id: stage.rules for stage in journey.stages}, journey.aliases


def _check_gone(engine: Engine, before: Journey, after: Journey, now_ms: int) -> None:
    gone = {stage.id for stage in before.stages} - {stage.id for stage in after.stages}
    for stage in sorted(gone):
        if stage not in after.aliases:
            raise Refused(f"journey: stage {stage} goes without another in its place.", what="journey_stage", found=stage)
        held = [promise.code for promise in active_promises(engine, before.id, now_ms) if promise.stage == stage]
        if held:
            codes = ", ".join(held)
            raise Refused(
                f"journey: stage {stage} has promises {codes}. Retire them first.", what="journey_promises", codes=codes
            )
