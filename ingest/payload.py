"""An event as bytes for quarantine, and back: what the pipeline refused can be tried again, whatever source it came from."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from connectors.base import Event, Reading, Said

MARK = "klantblik_event"


def written(event: Event) -> bytes:
    """The event as JSON bytes; its raw payload is left out, since this says the same."""
    data: dict[str, Any] = {
        MARK: 1,
        "stream": event.stream,
        "external_id": event.external_id,
        "version": event.version,
        "op": event.op,
        "occurred_at": event.occurred_at.isoformat(),
        "said": None if event.said is None else asdict(event.said),
    }
    return json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode()


def event_of(raw: bytes) -> Event | None:
    """The event that `written` wrote; None for any other payload, or one cut off by quarantine's cap."""
    try:
        data = json.loads(raw)
        if not isinstance(data, dict) or data.pop(MARK, None) != 1:
            return None
        said = data.pop("said")
        occurred_at = datetime.fromisoformat(data.pop("occurred_at"))
        return Event(**data, occurred_at=occurred_at, said=None if said is None else _said(said))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _said(data: dict[str, Any]) -> Said:
    readings = [Reading(**reading) for reading in data.pop("readings")]
    several: dict[str, Any] = {name: tuple(data.pop(name)) for name in ("segments", "unanswered")}
    return Said(**{**data, **several, "readings": readings})
