"""An event of a Matrix room as an event of ours. Source: spec.matrix.org, "Client-Server API": m.replace, redactions."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from connectors.base import BadRecord, Event, Said
from connectors.moments import FINAL, moment
from connectors.record import plain

STREAM = "messages"
WORDS = ("m.text", "m.emote", "m.notice")


def event_of(raw: Any, room: str, staff: Collection[str], stage: str | None) -> Event | None:
    """The event of a message, an edit (of its original) or a redaction (final); None for anything else and for staff."""
    try:
        at = moment(raw["origin_server_ts"])
        if raw["type"] == "m.room.redaction":
            gone = raw.get("redacts") or (raw.get("content") or {}).get("redacts")
            return Event(STREAM, plain(gone, 300), FINAL, "delete", at) if gone else None
        if raw["type"] != "m.room.message":
            return None
        if "redacted_because" in (raw.get("unsigned") or {}):
            return Event(STREAM, plain(raw["event_id"], 300), FINAL, "delete", at)
        if raw["sender"] in staff:
            return None
        return _message(raw, room, stage)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise BadRecord(json.dumps(raw, default=str).encode(), f"no event of a room: {fault!r}", STREAM) from None


def replaced(raw: Any) -> str | None:
    """The id of the message that this one edits; None when it is no edit."""
    relation = (raw.get("content") or {}).get("m.relates_to") or {}
    return relation.get("event_id") if relation.get("rel_type") == "m.replace" else None


def _message(raw: Any, room: str, stage: str | None) -> Event | None:
    original = replaced(raw)
    content = raw["content"].get("m.new_content") or {} if original else raw["content"]
    if content.get("msgtype") not in WORDS:
        return None
    if not isinstance(content.get("body"), str):
        raise ValueError("body: expected text")
    at = moment(raw["origin_server_ts"])
    said = Said("chat", plain(content["body"]), author=plain(raw["sender"]), thread=room, stage=stage)
    return Event(STREAM, plain(original or raw["event_id"], 300), int(raw["origin_server_ts"]), "upsert", at, said)
