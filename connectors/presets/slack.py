"""Slack: messages in the channels that the app was invited to, with edits and deletes; `staff` are the members who answer.

Signed with `X-Slack-Signature: v0=` over `v0:timestamp:body`. Source: docs.slack.dev, "Verifying requests from Slack".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.base import BadRecord, Event, Said
from connectors.moments import FINAL, milliseconds, moment
from connectors.presets.facts import Conversation
from connectors.presets.signing import fresh, header, signed, unhex
from connectors.record import parse, plain

if TYPE_CHECKING:
    from connectors.webhook import Config

STREAM = "messages"
SILENT = ("channel_join", "channel_leave", "bot_message", "channel_topic", "channel_purpose")


def authenticate(config: Config, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The delivery's `event_id`; AuthFault when it is not signed with one of our secrets within five minutes."""
    stamp = header(headers, "x-slack-request-timestamp")
    fresh(stamp, now)
    signed(
        b"v0:" + stamp.encode() + b":" + body, config.secrets, [unhex(header(headers, "x-slack-signature").removeprefix("v0="))]
    )
    payload = parse(body)
    return plain(payload.get("event_id") or payload.get("challenge"))


def events(config: Config, payload: Any, body: bytes) -> list[Event]:
    """What a message event says: words of a customer, an answer of staff, an edit or a delete."""
    event = payload.get("event") or {}
    if payload.get("type") != "event_callback" or event.get("type") != "message" or event.get("subtype") in SILENT:
        return []
    seen = moment(payload["event_time"])
    if event.get("subtype") == "message_deleted":
        return [Event(STREAM, _id(event["channel"], event["deleted_ts"]), FINAL, "delete", seen)]
    message = event["message"] if event.get("subtype") == "message_changed" else event
    if message.get("bot_id") or not message.get("user"):
        return []
    return _message(message, event["channel"], config)


def handshake(config: Config, query: Mapping[str, str], body: bytes) -> str | None:
    """Slack's challenge when it asks whether this address is ours; None for anything else, which its signature then judges."""
    try:
        payload = parse(body) if body else {}
    except BadRecord:
        return None
    return plain(payload["challenge"]) if isinstance(payload, dict) and payload.get("type") == "url_verification" else None


def _message(message: Any, channel: str, config: Config) -> list[Event]:
    at, root = moment(message["ts"]), message.get("thread_ts") or message["ts"]
    talk = Conversation(_id(channel, root), moment(root), config.channel or "chat", config.stages.get(channel))
    if message["user"] in config.staff:
        return talk.answered(at) if root != message["ts"] else []
    edited = message.get("edited") or {}
    said = Said(
        talk.channel, plain(message.get("text")), author=plain(message["user"]), thread=talk.id, case=talk.id, stage=talk.stage,
        provenance=config.provenance,
    )  # fmt: skip
    version = milliseconds(moment(edited.get("ts") or message["ts"]))
    asked = talk.asked() if root == message["ts"] and config.staff else []
    return [Event(STREAM, _id(channel, message["ts"]), version, "upsert", at, said), *asked]


def _id(channel: str, stamp: str) -> str:
    return plain(f"{channel}/{stamp}", 200)
