"""Journeys: stages in the customer's words, moments of truth, and a goal; a journey without a goal is refused."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.errors import ConfigError
from config.hours import parse_hours

FOLDER = Path(__file__).with_name("journeys")
LANGUAGES = ("nl", "en")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the journey, named in the customer's words; `question` asks a customer for its mark, {} to ask by name."""

    id: str
    name: dict[str, str]
    moment_of_truth: bool = False
    rules: dict[str, list[str]] = field(default_factory=dict)
    question: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject that customers talk about, recognised by rules per language."""

    id: str
    name: dict[str, str]
    rules: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Journey:
    """A customer journey: ordered stages, the goal that it serves, and names by which others call its stages.

    `hours` says per channel when somebody answers (config/hours.py); a channel that is not named is not answered by the hour.
    `competitors` among them is when others in the trade are there; `rivals` are the names of those others.
    """

    id: str
    name: dict[str, str]
    goal_metric: str
    goal_target: float
    stages: tuple[Stage, ...]
    aliases: dict[str, str] = field(default_factory=dict)
    themes: tuple[Theme, ...] = ()
    company: dict[str, str] = field(default_factory=dict)
    own_names: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    hours: dict[str, str] = field(default_factory=dict)

    def stage_id(self, name: str | None) -> str | None:
        """The stage that `name` means (an id or an alias, any case), or None."""
        key = (name or "").strip().lower()
        if any(stage.id == key for stage in self.stages):
            return key
        return self.aliases.get(key)

    def stage(self, id: str) -> Stage:
        """The stage with this id; KeyError when there is none."""
        return next((stage for stage in self.stages if stage.id == id), None) or _missing(id, self.id)


def _missing(stage: str, journey: str) -> Stage:
    raise KeyError(f"stage {stage!r} is not in journey {journey!r}")


def journey_ids() -> list[str]:
    """The ids of the journeys shipped in config/journeys, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.toml") if not path.stem.startswith("themes-"))


def load_journey(id: str) -> Journey:
    """The journey of config/journeys/ID.toml with the themes of themes-ID.toml.

    Raises ConfigError when there is no such file, or it lacks a goal, a language, or stages.
    """
    path = FOLDER / f"{id}.toml"
    if not path.exists():
        raise ConfigError("journey", id, f"one of {', '.join(journey_ids())}", "Add config/journeys/NAME.toml.")
    raw = tomllib.loads(path.read_text(encoding="utf8"))
    themes = FOLDER / f"themes-{id}.toml"
    if themes.exists():
        raw.setdefault("theme", tomllib.loads(themes.read_text(encoding="utf8")).get("theme", []))
    return parse_journey(raw, path.name)


def parse_journey(raw: dict[str, Any], where: str) -> Journey:
    """A journey from its parsed file; `where` names the file in errors (ConfigError)."""
    goal = raw.get("goal") or {}
    if not goal.get("metric") or "target" not in goal:
        raise ConfigError(f"{where} [goal]", goal, "a metric and a target", "A journey without a goal is not active.")
    stages = tuple(_stage(entry, where) for entry in raw.get("stage", []))
    if len({stage.id for stage in stages}) < 2:
        raise ConfigError(f"{where} [[stage]]", len(stages), "at least two stages with different ids", "Add stages.")
    aliases = {key.lower(): value for key, value in raw.get("aliases", {}).items()}
    _check_aliases(aliases, stages, where)
    return Journey(
        id=raw.get("id", ""),
        name=_both(raw.get("name"), f"{where} [name]"),
        goal_metric=goal["metric"],
        goal_target=float(goal["target"]),
        stages=stages,
        aliases=aliases,
        themes=tuple(_theme(entry, where) for entry in raw.get("theme", [])),
        company=raw.get("company", {}),
        own_names=tuple(raw.get("own_names", [])),
        rivals=tuple(raw.get("rivals", [])),
        hours=_hours(raw.get("hours", {}), where),
    )


def as_dict(journey: Journey) -> dict[str, Any]:
    """The journey as plain data, the shape that `parse_journey` reads; what a store keeps as a version."""
    return {
        "id": journey.id,
        "name": journey.name,
        "goal": {"metric": journey.goal_metric, "target": journey.goal_target},
        "aliases": journey.aliases,
        "company": journey.company,
        "hours": journey.hours,
        "own_names": list(journey.own_names),
        "rivals": list(journey.rivals),
        "stage": [_stage_data(stage) for stage in journey.stages],
        "theme": [{"id": t.id, "name": t.name, "rules": t.rules} for t in journey.themes],
    }


def _hours(raw: Any, where: str) -> dict[str, str]:
    """Every line of [hours], each checked whole."""
    if not isinstance(raw, dict):
        raise ConfigError(f"{where} [hours]", raw, 'a line for each channel, such as phone = "mon-fri 08:00-22:00"', "")
    for channel, text in raw.items():
        place = f"{where} [hours] {channel}"
        if not isinstance(text, str) or not parse_hours(text, place).days:
            raise ConfigError(place, text, "days and hours such as mon-fri 08:00-22:00", "Leave the line out if never closed.")
    return dict(raw)


def _stage_data(stage: Stage) -> dict[str, Any]:
    data = {"id": stage.id, "name": stage.name, "moment_of_truth": stage.moment_of_truth, "rules": stage.rules}
    return {**data, "question": stage.question} if stage.question else data


def _stage(entry: dict[str, Any], where: str) -> Stage:
    place = f"{where} stage {entry.get('id')!r}"
    if not str(entry.get("id", "")).isidentifier():
        raise ConfigError(place, entry.get("id"), "an id of letters, digits and underscores", "")
    question = _both(entry["question"], place, "question") if "question" in entry else {}
    return Stage(entry["id"], _both(entry.get("name"), place), bool(entry.get("moment_of_truth")), _rules(entry), question)


def _theme(entry: dict[str, Any], where: str) -> Theme:
    return Theme(entry["id"], _both(entry.get("name"), f"{where} theme {entry.get('id')!r}"), _rules(entry))


def _rules(entry: dict[str, Any]) -> dict[str, list[str]]:
    return {language: list(entry.get("rules", {}).get(language, [])) for language in LANGUAGES}


def _both(name: Any, where: str, what: str = "name") -> dict[str, str]:
    if not isinstance(name, dict) or any(not isinstance(name.get(one), str) or not name[one].strip() for one in LANGUAGES):
        raise ConfigError(f"{where} {what}", name, f"a Dutch (nl) and an English (en) {what}", "Add the missing one.")
    return {language: name[language] for language in LANGUAGES}


def _check_aliases(aliases: dict[str, str], stages: tuple[Stage, ...], where: str) -> None:
    ids = {stage.id for stage in stages}
    for alias, target in aliases.items():
        if target not in ids:
            raise ConfigError(f"{where} [aliases] {alias}", target, f"one of {', '.join(sorted(ids))}", "")
