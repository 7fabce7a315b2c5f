"""The journey as it is now: the store's newest active version, else the file that seeds it."""

from __future__ import annotations

import json

from sqlalchemy import Engine, func, insert, select, update

from config.journey import Journey, as_dict, load_journey, parse_journey
from store.people.audit import record
from store.people.facts import get_fact
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


def save_journey(engine: Engine, journey: Journey, who: str, now_ms: int) -> int:
    """Keep the journey as a new active version and return its number; one without a goal is refused (ConfigError)."""
    parse_journey(as_dict(journey), f"journey {journey.id}")
    with writing(engine, now_ms) as connection:
        same = JourneyVersion.journey == journey.id
        newest = connection.scalar(select(func.max(JourneyVersion.version)).where(same)) or 0
        connection.execute(update(JourneyVersion).where(same).values(active=False))
        data = json.dumps(as_dict(journey), ensure_ascii=False)
        row = {"journey": journey.id, "version": newest + 1, "data": data, "made_by": who, "at": now_ms}
        connection.execute(insert(JourneyVersion).values(**row, active=True))
        record(connection, who, "save", f"journey {journey.id}", {"version": newest + 1}, now_ms)
        return newest + 1
