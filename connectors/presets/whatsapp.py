"""WhatsApp Business (Cloud API): what customers write. Answers are not told to a webhook: the helpdesk behind it does.

Signed with `X-Hub-Signature-256: sha256=` over the raw body, with the app's secret. Source: developers.facebook.com, "Webhooks".
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.base import AuthFault, Event, Said
from connectors.moments import milliseconds, moment
from connectors.presets.signing import header, signed, unhex
from connectors.record import plain

if TYPE_CHECKING:
    from connectors.webhook import Config

STREAM = "messages"


def authenticate(config: Config, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The hash of the body, since WhatsApp gives no delivery id; AuthFault when the signature is not right.

    WhatsApp signs no time: a replay is known by its hash, and stores nothing new.
    """
    signed(body, config.secrets, [unhex(header(headers, "x-hub-signature-256").removeprefix("sha256="))])
    return hashlib.sha256(body).hexdigest()


def events(config: Config, payload: Any, body: bytes) -> list[Event]:
    """One event per message that a customer sent."""
    return [_event(message, number_id, config) for number_id, message in _messages(payload)]


def handshake(config: Config, query: Mapping[str, str], body: bytes) -> str | None:
    """Meta's challenge when its verify token is ours; AuthFault when it is not; None for anything else."""
    if query.get("hub.mode") != "subscribe":
        return None
    ours, offered = config.verify_token.get_secret_value(), query.get("hub.verify_token", "")
    if not ours or not hmac.compare_digest(ours.encode(), offered.encode()):
        raise AuthFault("verify_token: it is not the one entered here")
    return query.get("hub.challenge", "")


def _messages(payload: Any) -> Iterator[tuple[str, Any]]:
    for entry in payload["entry"]:
        for change in entry["changes"]:
            value = change["value"]
            number_id = str((value.get("metadata") or {}).get("phone_number_id", ""))
            yield from ((number_id, message) for message in value.get("messages") or ())


def _event(message: Any, number_id: str, config: Config) -> Event:
    at = moment(message["timestamp"])
    said = Said(
        "chat",
        plain(_text(message)),
        author=plain(message["from"]),
        thread=plain(message["from"]),
        stage=config.stages.get(number_id),
        provenance=config.provenance,
    )
    return Event(STREAM, plain(message["id"]), milliseconds(at), "upsert", at, said)


def _text(message: Any) -> str:
    """The words of a message: typed, chosen from buttons, or written under a picture."""
    kind = message.get("type", "")
    part = message.get(kind) or {}
    if kind == "interactive":
        part = part.get("button_reply") or part.get("list_reply") or {}
    return part.get("body") or part.get("text") or part.get("title") or part.get("caption") or ""
