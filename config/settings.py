"""Settings: the environment wins over the file, the file over nothing else; every error names key, value and wanted type."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

from config.errors import ConfigError
from config.secret import Secret

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_FILE = Path(__file__).with_name("settings.toml")


@dataclass(frozen=True, slots=True)
class Store:
    """Where the data live."""

    url: str


@dataclass(frozen=True, slots=True)
class Web:
    """How the screens are served."""

    port: int
    host: str
    language: str


@dataclass(frozen=True, slots=True)
class Company:
    """Whose customers these are."""

    timezone: str
    name_nl: str
    name_en: str
    own_names: list[str] = field(default_factory=list)
    rivals: list[str] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone, in which days and weeks are counted."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class JourneyChoice:
    """Which journey file seeds an empty store."""

    active: str


@dataclass(frozen=True, slots=True)
class Ingest:
    """How events become rows."""

    connectors: list[str]
    batch_events: int
    batch_milliseconds: int
    queue_batches: int


@dataclass(frozen=True, slots=True)
class Sample:
    """The made-up company's size and pace."""

    events_per_minute: float
    history_days: int
    contacts: int
    seed: int


@dataclass(frozen=True, slots=True)
class Wall:
    """How the screens in the common areas behave."""

    quotes: str
    frames_per_second: float
    late_after: float
    distance_m: float
    opening: str


@dataclass(frozen=True, slots=True)
class Alarms:
    """How often a fall may be called where there is none: for the whole wall together, in alarms a week."""

    false_per_week: float


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who may look, and who says so (config/sign_in.py); without an issuer only this machine itself gets in."""

    issuer: str
    client_id: str
    client_secret: Secret
    cookie_secret: Secret
    address: str
    scope: str
    claim: str
    roles: list[str]
    hours: float


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, read once at start; changing one means starting again."""

    store: Store
    web: Web
    company: Company
    journey: JourneyChoice
    ingest: Ingest
    sample: Sample
    wall: Wall
    alarms: Alarms
    sign_in: SignIn


SECTIONS: dict[str, type] = {
    "store": Store,
    "web": Web,
    "company": Company,
    "journey": JourneyChoice,
    "ingest": Ingest,
    "sample": Sample,
    "wall": Wall,
    "alarms": Alarms,
    "sign_in": SignIn,
}
CHOICES = {"wall.quotes": ("", "off", "approved", "strict"), "web.language": ("", "nl", "en")}


def read_settings(file: Path = DEFAULT_FILE, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `file` with every value that the environment names put over it.

    Raises ConfigError for an unknown section or key, a value of the wrong type, or a choice outside its list.
    """
    env = os.environ if environ is None else environ
    raw = _parse(file)
    _refuse_unknown(raw, file)
    return Settings(**{name: _section(name, raw.get(name, {}), env, file) for name in SECTIONS})


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process: `KLANTBLIK_SETTINGS` names another file than config/settings.toml."""
    return read_settings(Path(os.environ.get("KLANTBLIK_SETTINGS", DEFAULT_FILE)))


def _parse(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf8"))
    except FileNotFoundError:
        raise ConfigError(str(file), "no file", "a settings file", "Check KLANTBLIK_SETTINGS.") from None
    except tomllib.TOMLDecodeError as fault:
        raise ConfigError(str(file), str(fault), "valid TOML", "Correct that line.") from None


def _refuse_unknown(raw: Mapping[str, Any], file: Path) -> None:
    for section, values in raw.items():
        if section not in SECTIONS:
            raise ConfigError(f"{file.name} [{section}]", section, f"one of {', '.join(SECTIONS)}", "Remove it.")
        known = {f.name for f in fields(SECTIONS[section])}
        for key in values:
            if key not in known:
                raise ConfigError(f"{file.name} [{section}] {key}", key, f"one of {', '.join(sorted(known))}", "")


def _section(name: str, values: Mapping[str, Any], env: Mapping[str, str], file: Path) -> Any:
    kind = SECTIONS[name]
    hints = get_type_hints(kind)
    return kind(**{f.name: _value(name, f.name, hints[f.name], values, env, file) for f in fields(kind)})


def _value(section: str, key: str, wanted: Any, values: Mapping[str, Any], env: Mapping[str, str], file: Path) -> Any:
    where, raw = _lookup(section, key, wanted, values, env, file)
    value = _cast(where, raw, wanted)
    allowed = CHOICES.get(f"{section}.{key}")
    if allowed and value not in allowed:
        shown = ", ".join(repr(choice) for choice in allowed)
        raise ConfigError(where, value, f"one of {shown}", "Choose one of these.")
    if f"{section}.{key}" == "company.timezone":
        _check_zone(where, value)
    return value


def _lookup(
    section: str, key: str, wanted: Any, values: Mapping[str, Any], env: Mapping[str, str], file: Path
) -> tuple[str, Any]:
    names = [f"KLANTBLIK_{section}_{key}".upper()]
    if (section, key) == ("web", "port"):
        names.append("PORT")
    for name in names:
        if name in env:
            return name, env[name]
        if f"{name}_FILE" in env:
            return f"{name}_FILE", Path(env[f"{name}_FILE"]).read_text(encoding="utf8").strip()
    if key not in values:
        if wanted is Secret:
            return names[0], ""
        raise ConfigError(f"{file.name} [{section}] {key}", None, "a value", f"Add it, or set {names[0]}.")
    if wanted is Secret:
        todo = f"Take it out of the file, and set {names[0]} or {names[0]}_FILE."
        raise ConfigError(f"{file.name} [{section}] {key}", "a secret", "no secret in a file of settings", todo)
    return f"{file.name} [{section}] {key}", values[key]


def _cast(where: str, raw: Any, wanted: Any) -> Any:
    if wanted == list[str]:
        items = raw.split(",") if isinstance(raw, str) else raw
        return [str(item).strip() for item in items if str(item).strip()]
    if wanted in (str, Secret) and isinstance(raw, str):
        return wanted(raw)
    try:
        if isinstance(raw, bool) or wanted not in (int, float):
            raise ValueError
        return wanted(raw)
    except (TypeError, ValueError):
        expected = {int: "a whole number", float: "a number", str: "a text"}.get(wanted, str(wanted))
        raise ConfigError(where, raw, expected, "Correct it and start again.") from None


def _check_zone(where: str, name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError):
        raise ConfigError(where, name, "an IANA time zone such as Europe/Amsterdam", "") from None
