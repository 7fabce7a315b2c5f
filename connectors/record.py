"""From a JSON record to an event: which field of the record is which, for sources whose shape the operator decides."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from connectors.base import BadRecord, Event, Reading, Said
from connectors.moments import milliseconds, moment

LONGEST_TEXT = 100_000
LONGEST_NAME = 500


class Fields(BaseModel):
    """Where each thing stands in a record: a name, or a path with dots ("customer.id"). `metrics` maps a metric's id to a path.

    A record without `version` has the version of its `at`; one whose `deleted` is true (or whose `op` is "delete") is a delete.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = "id"
    at: str = "at"
    version: str = "version"
    op: str = "op"
    deleted: str = "deleted"
    text: str = "text"
    language: str = "language"
    channel: str = "channel"
    stage: str = "stage"
    author: str = "author"
    thread: str = "thread"
    case: str = "case"
    segments: str = "segments"
    url: str = "url"
    kind: str = "kind"
    metrics: dict[str, str] = Field(default_factory=dict)
    timezone: str = "UTC"

    @field_validator("timezone")
    @classmethod
    def _known(cls, name: str) -> str:
        ZoneInfo(name)
        return name


def to_event(record: Any, fields: Fields, stream: str, channel: str, raw: bytes = b"", stage: str | None = None) -> Event:
    """The event that a record says; `channel` and `stage` where the record itself has none.

    Raises BadRecord naming the field, what was found and what was expected.
    """
    raw = raw or json.dumps(record, default=str).encode()
    try:
        return _event(record, fields, stream, channel, raw, stage)
    except (ValueError, TypeError, RecursionError) as fault:
        raise BadRecord(raw, str(fault), stream) from None


def parse(raw: bytes) -> Any:
    """A record from JSON; BadRecord when it is no JSON, holds NaN, or is nested too deep."""
    try:
        return json.loads(raw, parse_constant=_refuse)
    except (ValueError, RecursionError) as fault:
        raise BadRecord(raw, f"not JSON ({fault.__class__.__name__}), {len(raw)} bytes") from None


def plain(value: Any, longest: int = LONGEST_TEXT) -> str:
    """Text that every database can hold: no NUL, no half characters; ValueError when longer than `longest` characters.

    >>> plain("a\\x00b"), plain(None), plain(7)
    ('ab', '', '7')
    """
    if value is None:
        return ""
    if isinstance(value, dict | list):
        raise ValueError(f"text: found {type(value).__name__}, expected text")
    text = str(value).replace("\x00", "")
    if len(text) > longest:
        raise ValueError(f"text: found {len(text)} characters, expected at most {longest}")
    return text.encode("utf-8", "replace").decode()


def number(value: Any, name: str = "value") -> float:
    """A finite number; ValueError naming what was found.

    >>> number("4.5"), number(3)
    (4.5, 3.0)
    """
    try:
        found = float(value) if not isinstance(value, bool) else float(int(value))
    except (TypeError, ValueError):
        raise ValueError(f"{name}: found {str(value)[:40]!r}, expected a number") from None
    if found != found or found in (float("inf"), float("-inf")):
        raise ValueError(f"{name}: found {found}, expected a finite number")
    return found


def at_path(record: Any, path: str) -> Any:
    """What stands at a dotted path; None when a step is missing. A name that itself holds dots is found first.

    >>> at_path({"a": {"b": [5, 6]}}, "a.b.1"), at_path({"a.b": 1}, "a.b"), at_path({}, "a.b")
    (6, 1, None)
    """
    if isinstance(record, Mapping) and path in record:
        return record[path]
    head, dot, rest = path.partition(".")
    if isinstance(record, list | tuple):
        step = record[int(head)] if head.isdigit() and int(head) < len(record) else None
    else:
        step = record.get(head) if isinstance(record, Mapping) else None
    return at_path(step, rest) if dot and step is not None else step if not dot else None


def _refuse(word: str) -> None:
    raise ValueError(word)


def _event(record: Any, fields: Fields, stream: str, channel: str, raw: bytes, stage: str | None) -> Event:
    if not isinstance(record, Mapping):
        raise ValueError(f"record: found {type(record).__name__}, expected an object with fields")
    key = plain(at_path(record, fields.id), LONGEST_NAME)
    if not key:
        raise ValueError(f"{fields.id}: found nothing, expected the record's own id")
    at = moment(at_path(record, fields.at), ZoneInfo(fields.timezone))
    version = _version(at_path(record, fields.version), fields)
    gone = at_path(record, fields.op) == "delete" or at_path(record, fields.deleted) in (True, 1, "1", "true", "True")
    said = None if gone else _said(record, fields, channel, stage)
    return Event(stream, key, milliseconds(at) if version is None else version, "delete" if gone else "upsert", at, said, raw)


def _version(value: Any, fields: Fields) -> int | None:
    if value is None:
        return None
    if isinstance(value, int) or str(value).strip().isdigit():
        found = int(value)
        if not 0 <= found < 2**62:
            raise ValueError(f"{fields.version}: found {found}, expected a number from 0 to 2^62")
        return found
    return milliseconds(moment(value, ZoneInfo(fields.timezone)))


def _said(record: Mapping[str, Any], fields: Fields, channel: str, stage: str | None) -> Said:
    def name(path: str) -> str | None:
        return plain(at_path(record, path), LONGEST_NAME) or None

    return Said(
        channel=name(fields.channel) or channel,
        text=plain(at_path(record, fields.text)),
        language=name(fields.language),
        author=name(fields.author),
        thread=name(fields.thread),
        case=name(fields.case),
        stage=name(fields.stage) or stage,
        segments=_segments(at_path(record, fields.segments)),
        url=plain(at_path(record, fields.url), 2000),
        kind="measure" if at_path(record, fields.kind) == "measure" else "contact",
        readings=_readings(record, fields),
        unanswered=tuple(plain(m, LONGEST_NAME) for m in at_path(record, "unanswered") or ()),
    )


def _segments(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list | tuple) else str(value or "").replace(";", ",").split(",")
    return tuple(sorted({part for part in (plain(p, LONGEST_NAME).strip() for p in parts) if part}))


def _readings(record: Mapping[str, Any], fields: Fields) -> list[Reading]:
    own = record.get("readings") or {}
    if not isinstance(own, Mapping):
        raise ValueError(f"readings: found {type(own).__name__}, expected metric and value pairs")
    found = {metric: value for metric, value in own.items() if value is not None}
    for metric, path in fields.metrics.items():
        value = at_path(record, path)
        if value not in (None, ""):
            found[metric] = value
    return [Reading(plain(metric, LONGEST_NAME), number(value, metric)) for metric, value in found.items()]
