"""Our own webhook, signed as standardwebhooks.com says: HMAC-SHA256 over `id.timestamp.body`, base64, several keys for rotation.

The body is one record, a list of them, or `{"events": [...]}`; `Fields` says where each thing stands in a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.base import Event
from connectors.presets.signing import fresh, header, signed, unbase64
from connectors.record import to_event

if TYPE_CHECKING:
    from connectors.webhook import Config

STREAM = "events"


def authenticate(config: Config, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The delivery's `webhook-id`; AuthFault when a header is missing, the stamp is old, or no signature is right."""
    id, stamp = header(headers, "webhook-id"), header(headers, "webhook-timestamp")
    fresh(stamp, now)
    offered = [
        unbase64(part.removeprefix("v1,")) for part in header(headers, "webhook-signature").split() if part.startswith("v1,")
    ]
    signed(f"{id}.{stamp}.".encode() + body, config.secrets, offered)
    return id


def events(config: Config, payload: Any, body: bytes) -> list[Event]:
    """One event per record; BadRecord names the first that cannot be read, and then nothing of the delivery is taken."""
    records = payload.get("events", payload) if isinstance(payload, dict) else payload
    records = records if isinstance(records, list) else [records]
    return [to_event(record, config.fields, STREAM, config.channel or "web", body) for record in records]
