"""What the boss would choose to improve, set down openly so that it stands beside what the data would choose."""

from __future__ import annotations

from sqlalchemy import Engine

from store.people.errors import Refused
from store.people.facts import get_fact, set_fact
from store.people.journeys import current_journey

FACT = "boss_stage_{journey}"


def boss_stage(engine: Engine, journey: str) -> str:
    """The stage that the boss would improve first; '' when nobody set it down."""
    return get_fact(engine, FACT.format(journey=journey))


def set_boss_stage(engine: Engine, journey: str, stage: str, who: str, now_ms: int) -> None:
    """Set that stage down, with its audit row; '' takes it away. Refused for a stage that the journey does not have."""
    stages = [one.id for one in current_journey(engine, journey).stages]
    if stage and stage not in stages:
        raise Refused(f"boss's stage: found {stage!r}, expected one of {', '.join(stages)}.", what="stage")
    set_fact(engine, FACT.format(journey=journey), stage, who, now_ms)
