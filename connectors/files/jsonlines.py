"""JSON lines: one object per line; columns are its keys, nested ones by a dotted path."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.files.errors import UnreadableFile
from connectors.files.lines import Line, encoding_of, read_lines
from connectors.files.opened import Opened
from connectors.files.table import Progress, Row, Table

SAMPLE_LINES = 200
DEEPEST = 4


def table(opened: Opened) -> Table:
    """A JSON lines file as a table; its columns are those of the first 200 objects. UnreadableFile when none is an object."""
    encoding = encoding_of(opened.head())
    columns = _columns(opened, encoding)
    shape = f"JSON lines, {encoding}{', gzipped' if opened.gzipped else ''}"

    def read(wanted: Sequence[str], progress: Progress | None = None) -> Iterator[Row]:
        with opened.stream(progress) as stream:
            for line in read_lines(stream, encoding):
                if line.fault or line.text.strip():
                    yield _row(line, wanted)

    return Table(opened.path, opened.size, columns, shape, read)


def parse_object(text: str) -> dict[str, Any] | str:
    """The object in `text`, or why there is none (never an exception: depth, NaN and broken text are all reasons)."""
    try:
        found = json.loads(text, parse_constant=_refuse)
    except RecursionError:
        return "the JSON is nested too deeply"
    except ValueError as fault:
        return f"the line is not JSON: {str(fault)[:120]}"
    return found if isinstance(found, dict) else f"the line is a JSON {type(found).__name__}, expected an object"


def cell(found: Mapping[str, Any], name: str) -> Any:
    """The value under `name`: the key itself, else its dotted path; None when absent. Lists of plain values are joined.

    >>> cell({"user": {"id": 7}, "tags": ["a", "b"]}, "user.id"), cell({"tags": ["a", "b"]}, "tags")
    (7, 'a|b')
    """
    value: Any = found.get(name)
    if value is None and "." in name:
        value = found
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, list):
        return "|".join(str(item) for item in value if not isinstance(item, list | dict))
    return None if isinstance(value, Mapping) else value


def _row(line: Line, wanted: Sequence[str]) -> Row:
    found = line.fault or parse_object(line.text)
    if isinstance(found, str):
        return Row(line.number, (), line.raw, found)
    return Row(line.number, [cell(found, name) for name in wanted], line.raw)


def _columns(opened: Opened, encoding: str) -> list[str]:
    names: dict[str, None] = {}
    with opened.stream() as stream:
        for line in read_lines(stream, encoding):
            found = line.fault or parse_object(line.text)
            if isinstance(found, dict):
                names.update(dict.fromkeys(_keys(found)))
            if line.number >= SAMPLE_LINES:
                break
    if not names:
        raise UnreadableFile(opened.path, "no JSON object in the first lines", "one JSON object per line")
    return list(names)


def _keys(found: Mapping[str, Any], depth: int = 1) -> Iterator[str]:
    for key, value in found.items():
        if isinstance(value, Mapping) and depth < DEEPEST:
            yield from (f"{key}.{inner}" for inner in _keys(value, depth + 1))
        else:
            yield key


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number")
