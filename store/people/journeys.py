"""The journey as it is now: the store's newest active version, else the file that seeds it."""

from __future__ import annotations

import json

from sqlalchemy import Connection, Engine, func, insert, select, update

from config.journey import Journey, as_dict, load_journey, parse_journey
from store.corridor.jobs import ask_within
from store.people.audit import record
from store.people.facts import get_fact, write_fact
from store.people.writing import writing
from store.tables import JourneyVersion


def current_journey(engine: Engine, journey: str) -> Journey:
    """The newest active version in the store, else config/journeys/JOURNEY.toml (ConfigError when there is neither)."""
    with engine.connect() as connection:
        query = select(JourneyVersion.data).where(JourneyVersion.journey == journey, JourneyVersion.active)
        data = connection.scalar(query.order_by(JourneyVersion.version.desc()).limit(1))
    return parse_journey(json.loads(data), f"journey {journey} in the store") if data else load_journey(journey)


def journeys(engine: Engine) -> list[str]:
    """The ids of the journeys that this store holds a version of, sorted; empty before the first import or edit."""
    with engine.connect() as connection:
        return sorted(connection.scalars(select(JourneyVersion.journey).where(JourneyVersion.active).distinct()))


def shown_journey(engine: Engine, asked: str, setting: str) -> str:
    """The id of the journey that screens and reports show.

    The one asked for, else the store's own (its fact `journey`), else the setting's: the first of these that the store holds a
    version of; else the first that it holds, and the setting's in an empty store.
    """
    held = journeys(engine)
    wanted = (asked, get_fact(engine, "journey") or "", setting)
    return next((id for id in wanted if id in held), held[0] if held else setting)


def standing(engine: Engine, setting: str) -> tuple[str, int]:
    """Which journey is shown and the number of its newest version: whoever holds an older one must read it again."""
    shown = shown_journey(engine, "", setting)
    with engine.connect() as connection:
        query = select(func.max(JourneyVersion.version)).where(JourneyVersion.journey == shown, JourneyVersion.active)
        return shown, connection.scalar(query) or 0


def save_journey(engine: Engine, journey: Journey, who: str, now_ms: int) -> int:
    """Keep the journey as a new active version and return its number; one without a goal is refused (ConfigError)."""
    parse_journey(as_dict(journey), f"journey {journey.id}")
    with writing(engine, now_ms) as connection:
        return save_within(connection, journey, who, now_ms)


def choose_journey(engine: Engine, journey: Journey, who: str, now_ms: int) -> None:
    """Show this journey from now on, as the store holds it or else as it is given, and have what is stored read anew by it."""
    with writing(engine, now_ms) as connection:
        held = select(func.count()).select_from(JourneyVersion).where(JourneyVersion.journey == journey.id)
        if not connection.scalar(held):
            save_within(connection, journey, who, now_ms)
        write_fact(connection, "journey", journey.id)
        record(connection, who, "choose", f"journey {journey.id}", {}, now_ms)
        ask_within(connection, "rescore", {}, now_ms)


def save_within(connection: Connection, journey: Journey, who: str, now_ms: int) -> int:
    """Keep the journey as its next version within the caller's transaction, and return its number."""
    same = JourneyVersion.journey == journey.id
    newest = connection.scalar(select(func.max(JourneyVersion.version)).where(same)) or 0
    connection.execute(update(JourneyVersion).where(same).values(active=False))
    data = json.dumps(as_dict(journey), ensure_ascii=False)
    row = {"journey": journey.id, "version": newest + 1, "data": data, "made_by": who, "at": now_ms}
    connection.execute(insert(JourneyVersion).values(**row, active=True))
    record(connection, who, "save", f"journey {journey.id}", {"version": newest + 1}, now_ms)
    return newest + 1
