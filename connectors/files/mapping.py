"""Which column says what: parsed from `--map`, checked against the file, or suggested from its headers."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from connectors.files.errors import MappingFault
from connectors.files.words import words

TARGETS = (
    *("text", "happened_at", "external_id", "version", "author", "thread", "case", "stage", "channel", "language"),
    *("segments", "url", "deleted"),
)
METRICS = Path(__file__).resolve().parents[2] / "config" / "metrics.toml"
ROW_NUMBER = "#row"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Target to column; targets are the fields of an event, or the id of a metric that the source measured itself."""

    columns: dict[str, str]

    @property
    def readings(self) -> dict[str, str]:
        """The part of the mapping that names metrics."""
        return {target: column for target, column in self.columns.items() if target not in TARGETS}

    def written(self) -> str:
        """The mapping as `--map` takes it."""
        return ",".join(f"{target}={column}" for target, column in self.columns.items())


@lru_cache(maxsize=1)
def reading_ids() -> tuple[str, ...]:
    """The metrics that a column may hold: those that a source observes, not those that we compute."""
    declared = tomllib.loads(METRICS.read_text(encoding="utf8"))
    return tuple(id for id, entry in declared.items() if entry.get("group") != "none" and id != "sentiment")


def parse_mapping(written: str) -> Mapping:
    """A mapping from `text=bericht,happened_at=datum,csat=score`; MappingFault lists the targets there are."""
    columns: dict[str, str] = {}
    for part in written.split(","):
        target, equals, column = (piece.strip() for piece in part.partition("="))
        if not part.strip():
            continue
        if not equals or not column:
            raise MappingFault(f"--map: found {part.strip()!r}, expected TARGET=COLUMN.")
        if target not in TARGETS and target not in reading_ids():
            raise MappingFault(f"--map: found target {target!r}, expected one of {', '.join((*TARGETS, *reading_ids()))}.")
        if target in columns:
            raise MappingFault(f"--map: found {target!r} twice, expected it once.")
        columns[target] = column
    return Mapping(columns)


def check_mapping(mapping: Mapping, columns: Sequence[str]) -> Mapping:
    """The mapping when the file has its columns and it says enough: when, and what; MappingFault otherwise."""
    for target, column in mapping.columns.items():
        if column not in columns and column != ROW_NUMBER:
            raise MappingFault(f"--map {target}={column}: no such column.{_near(column, columns)} It has: {_shown(columns)}.")
    if "happened_at" not in mapping.columns:
        raise MappingFault(f"--map: happened_at is missing: expected the column that says when. It has: {_shown(columns)}.")
    if "text" not in mapping.columns and not mapping.readings:
        found = ", ".join(reading_ids())
        raise MappingFault(f"--map: neither text nor a metric is mapped, expected text=COLUMN or one of {found}.")
    if "external_id" not in mapping.columns and "text" not in mapping.columns:
        raise MappingFault(
            "--map: external_id is missing: without text two equal answers could not be told apart. "
            f"Name the column of the row's id, or external_id={ROW_NUMBER} to number the rows."
        )
    return mapping


def suggest_mapping(columns: Sequence[str]) -> Mapping:
    """What the headers suggest: each target the column that is named most like it, each column once."""
    plain = {column.strip().lower().replace(" ", "_").replace("-", "_"): column for column in reversed(columns)}
    found: dict[str, str] = {}
    for target, names in words()["headers"].items():
        column = next((plain[name.replace(" ", "_")] for name in names if name.replace(" ", "_") in plain), None)
        if column is not None and column not in found.values():
            found[target] = column
    return Mapping(found)


def _near(column: str, columns: Sequence[str]) -> str:
    near = difflib.get_close_matches(column, columns, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _shown(columns: Sequence[str]) -> str:
    more = f" and {len(columns) - 30} more" if len(columns) > 30 else ""
    return ", ".join(columns[:30]) + more
