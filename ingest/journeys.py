"""Journeys on the command line: list, show, export one as a file, take a file in as the next version."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from config.journey import Journey, as_dict, journey_ids
from ingest.errors import Unfit
from ingest.opening import WHO, Place, journey_from, now_ms
from store.people.journeys import current_journey, journeys, save_journey


def lines(place: Place, action: str, name: str) -> Iterator[str]:
    """What an action prints; `export` is the journey's file in TOML. Unfit without a name where one is needed."""
    if action == "list":
        held = journeys(place.engine)
        yield from (f"{id}  (in this store{', in use' if id == place.journey.id else ''})" for id in held)
        yield from (f"{id}  (shipped)" for id in journey_ids() if id not in held)
        return
    if action == "import":
        if not name:
            raise Unfit("journey import: found no name, expected a .toml file or the name of a shipped journey.")
        fresh = journey_from(name)
        yield f"journey {fresh.id}: version {save_journey(place.engine, fresh, WHO, now_ms())}"
        return
    journey = current_journey(place.engine, name or place.journey.id)
    yield from written(journey) if action == "export" else shown(journey)


def shown(journey: Journey) -> Iterator[str]:
    """A journey for reading: its goal, its stages, what other names lead to them."""
    yield f"{journey.id}: {journey.name['nl']} / {journey.name['en']}, goal {journey.goal_metric} {journey.goal_target:g}"
    for stage in journey.stages:
        aliases = ", ".join(sorted(alias for alias, id in journey.aliases.items() if id == stage.id))
        truth = "  moment of truth" if stage.moment_of_truth else ""
        yield f"  {stage.id:<12} {stage.name['nl']} / {stage.name['en']}{truth}{f'  (also: {aliases})' if aliases else ''}"
    yield f"  {len(journey.themes)} themes"


def written(journey: Journey) -> Iterator[str]:
    """A journey as the TOML that config/journeys holds; reading it gives the same journey."""
    data = as_dict(journey)
    tables = {key: value for key, value in data.items() if isinstance(value, dict)}
    lists = {key: value for key, value in data.items() if key in ("stage", "theme")}
    for key, value in data.items():
        if key not in tables and key not in lists:
            yield f"{key} = {_value(value)}"
    for key, table in tables.items():
        if table:
            yield from ("", f"[{key}]", *(f"{_key(name)} = {_value(value)}" for name, value in table.items()))
    for key, entries in lists.items():
        for entry in entries:
            yield from ("", f"[[{key}]]", *(f"{name} = {_value(value)}" for name, value in entry.items()))


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    """A value in TOML: its strings are JSON's, its tables written inline."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)} = {_value(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(inner) for inner in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
