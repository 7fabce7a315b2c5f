"""Which sources there are: the names in the settings, each with the connector and the options that data/sources.toml gives it.

A secret never stands in that file: it comes from KLANTBLIK_SOURCE_NAME_OPTION, or from the file that ..._FILE names.
"""

from __future__ import annotations

import importlib
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.errors import ConfigError
from config.settings import ROOT, Settings
from connectors import CONNECTORS
from connectors.base import Capabilities, ConfigFault, ConnectorConfig
from connectors.expiry import secret_ends
from ingest.terms import Terms, parted

FILE = ROOT / "data" / "sources.toml"


@dataclass(frozen=True, slots=True)
class Source:
    """One source: its connector and its settings, or why it has none."""

    name: str
    connector: Any
    config: Any = None
    fault: str = ""
    terms: Terms = field(default_factory=Terms)

    @property
    def expires(self) -> datetime | None:
        """When its secret ends, as far as the settings and the secret itself say it."""
        return self.terms.secret_expires or (secret_ends(self.config) if self.config is not None else None)

    @property
    def mode(self) -> str:
        """How it is read: stream, poll, push or once."""
        return self.connector.capabilities.mode


class Unknown:
    """Stands in for a connector that does not exist, or cannot be loaded."""

    name = channel = version = ""
    Config = ConnectorConfig
    capabilities = Capabilities("once", 3_600.0)


def connector_named(name: str) -> Any:
    """The connector of that name; ConfigFault lists the names there are."""
    if name not in CONNECTORS:
        raise ConfigFault(f"connector: found {name!r}, expected one of {', '.join(sorted(CONNECTORS))}.")
    module, _, kind = CONNECTORS[name].partition(":")
    try:
        return getattr(importlib.import_module(module), kind)()
    except ImportError as fault:
        raise ConfigFault(f"connector {name}: cannot be loaded ({fault}). Install the requirements again.") from None


def configured(
    settings: Settings, only: Sequence[str] = (), environ: Mapping[str, str] | None = None, file: Path | None = None
) -> list[Source]:
    """The sources that the settings name, or of those the ones in `only`; one whose settings do not fit carries its fault.

    ConfigFault for a name in `only` that no source has; ConfigError for a file that is no TOML.
    """
    env = os.environ if environ is None else environ
    tables = read_tables(file or Path(env.get("KLANTBLIK_SOURCES", FILE)))
    names = list(dict.fromkeys((*settings.ingest.connectors, *tables)))
    for name in only:
        if name not in names and name not in CONNECTORS:
            raise ConfigFault(f"--only: found {name!r}, expected one of {', '.join(names)}.")
    return [source_of(name, tables.get(name, {}), env) for name in (only or names)]


def source_of(name: str, table: Mapping[str, Any], env: Mapping[str, str]) -> Source:
    """One source from its table; one that cannot be set up carries its fault, so that the others go on."""
    options = dict(table)
    try:
        connector = connector_named(str(options.pop("connector", name)))
    except ConfigFault as fault:
        return Source(name, Unknown(), fault=f"source {name!r}: {fault}")
    try:
        _refuse_secrets(name, connector.Config, options)
        given, options = parted(options | {k: v for k, v in _from_environment(name, Terms, env) if k != "budget"})
        terms = Terms(**given).within(connector.capabilities)
        config = connector.Config(**options, **dict(_from_environment(name, connector.Config, env)))
        return Source(name, connector, config, terms=terms)
    except ValidationError as fault:
        return Source(name, connector, fault=f"source {name!r}: {_explained(fault)}")
    except (ConfigFault, ConfigError) as fault:
        return Source(name, connector, fault=str(fault))


def read_tables(file: Path) -> dict[str, dict[str, Any]]:
    """The tables of sources.toml by source name; none when there is no such file."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ConfigError(str(file), str(fault), "a readable TOML file", "Correct it.") from None
    for name, table in raw.items():
        if not isinstance(table, dict):
            raise ConfigError(f"{file.name} {name}", table, "a table [NAME] with the options of one source", "")
    return raw


def _from_environment(name: str, config: Any, env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for option in config.model_fields:
        key = f"KLANTBLIK_SOURCE_{name}_{option}".upper().replace("-", "_")
        if key in env:
            yield option, env[key]
        elif f"{key}_FILE" in env:
            yield option, Path(env[f"{key}_FILE"]).read_text(encoding="utf8").strip()


def _refuse_secrets(name: str, config: Any, options: Mapping[str, Any]) -> None:
    for option in options:
        known = config.model_fields.get(option)
        if known is not None and "Secret" in str(known.annotation):
            key = f"KLANTBLIK_SOURCE_{name}_{option}".upper().replace("-", "_")
            raise ConfigFault(f"source {name!r}: found {option} in a file, expected the secret in {key} or {key}_FILE.")


def _explained(fault: ValidationError) -> str:
    """Every field and what is wrong with it, without the values: one of them may be a secret."""
    found = (f"{'.'.join(map(str, error['loc'])) or 'settings'}: {error['msg']}" for error in fault.errors(include_input=False))
    return "; ".join(found)
