"""Chatwoot: messages, answers, transfers, resolutions and survey answers of its conversations.

Signed with `X-Chatwoot-Signature: sha256=` over `timestamp.body`. Source: chatwoot/chatwoot, lib/webhooks/trigger.rb and
app/presenters/conversations/event_data_presenter.rb. Chatwoot gives five seconds and does not deliver again.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.base import BadRecord, Batch, Clock, Event, Said
from connectors.markup import plain_text
from connectors.moments import FINAL, milliseconds, moment
from connectors.presets.chatwoot_missed import conversations, messages
from connectors.presets.facts import Conversation
from connectors.presets.signing import fresh, header, in_path, signed, unhex
from connectors.record import number, plain

if TYPE_CHECKING:
    from connectors.webhook import Config

MESSAGES = "messages"
LIVE = "Channel::WebWidget"
CHANNELS = {
    LIVE: "chat",
    "Channel::Email": "email",
    "Channel::Whatsapp": "chat",
    "Channel::Sms": "chat",
    "Channel::TwilioSms": "chat",
    "Channel::FacebookPage": "social",
    "Channel::Instagram": "social",
    "Channel::Telegram": "social",
    "Channel::Line": "social",
}


def authenticate(config: Config, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The delivery's id; AuthFault when it is not signed with one of our secrets within five minutes.

    A version that signs nothing is let in by the secret in its address; its delivery is then known by its hash.
    """
    if config.path_secret.get_secret_value() and "x-chatwoot-signature" not in {name.lower() for name in headers}:
        in_path(headers, config.path_secret)
        return hashlib.sha256(body).hexdigest()
    stamp = header(headers, "x-chatwoot-timestamp")
    fresh(stamp, now)
    offered = unhex(header(headers, "x-chatwoot-signature").removeprefix("sha256="))
    signed(stamp.encode() + b"." + body, config.secrets, [offered])
    return header(headers, "x-chatwoot-delivery")


def events(config: Config, payload: Any, body: bytes) -> list[Event]:
    """What a delivery says of a message or of a conversation; other kinds say nothing."""
    kind = payload["event"]
    if kind in ("message_created", "message_updated"):
        talk = conversation(payload["conversation"], config)
        return [*_message(payload, talk, config), *_state(payload["conversation"], talk)]
    if kind.startswith("conversation_"):
        talk = conversation(payload, config)
        return [*_state(payload, talk), *_changes(payload, talk)]
    return []


def missed(config: Config, since: datetime, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
    """Each conversation that moved since then, as its deliveries would have told it: its messages and its state.

    Transfers and reopenings are not among what the API keeps, and stay as they were delivered.
    """
    for web, found in conversations(config, since, stop, clock):
        batch = Batch()
        _try_events(batch, {"event": "conversation_updated", **found}, config)
        for message in messages(web, config, found["id"], since):
            _try_events(batch, {"event": "message_created", **message, "conversation": found}, config)
        yield batch


def _try_events(batch: Batch, payload: Any, config: Config) -> None:
    try:
        batch.events += events(config, payload, b"")
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raw = json.dumps(payload, default=str).encode()
        batch.bad.append(BadRecord(raw, f"chatwoot: its answer is not of the known shape ({fault!r})", MESSAGES))


def conversation(data: Any, config: Config) -> Conversation:
    """The conversation that a payload carries."""
    kind = data.get("channel") or ""
    sender = (data.get("meta") or {}).get("sender") or {}
    return Conversation(
        id=plain(data["id"]),
        began=moment(data["created_at"]),
        channel=CHANNELS.get(kind) or config.channel or "chat",
        stage=config.stages.get(str(data.get("inbox_id"))),
        author=plain(sender.get("id")) or None,
        live=kind == LIVE,
    )


def _message(payload: Any, talk: Conversation, config: Config) -> list[Event]:
    if payload.get("private"):
        return []
    attributes = payload.get("content_attributes") or {}
    at = moment(payload["created_at"])
    answer = ((attributes.get("submitted_values") or {}).get("csat_survey_response")) or {}
    if payload.get("content_type") == "input_csat" and answer.get("rating"):
        return _rated(payload, answer, talk, at)
    if payload["message_type"] in ("outgoing", 1):
        return []
    if payload["message_type"] not in ("incoming", 0):
        return []
    if attributes.get("deleted"):
        return [Event(MESSAGES, plain(payload["id"]), FINAL, "delete", at)]
    said = _said(talk, plain(plain_text(payload.get("content") or "")), config)
    version = milliseconds(moment(payload["updated_at"]) if payload.get("updated_at") else at)
    return [Event(MESSAGES, plain(payload["id"]), version, "upsert", at, said), *talk.asked()]


def _rated(payload: Any, answer: Any, talk: Conversation, at: datetime) -> list[Event]:
    """A customer's mark from 1 to 5, and the words that came with it."""
    found = talk.rated("csat", number(answer["rating"], "rating"), milliseconds(at))
    if answer.get("feedback_message"):
        said = Said("survey", plain(answer["feedback_message"]), author=talk.author, case=talk.id, stage=talk.stage)
        found.append(Event(MESSAGES, plain(payload["id"]), milliseconds(at), "upsert", at, said))
    return found


def _state(data: Any, talk: Conversation) -> list[Event]:
    """What the state of a conversation says by itself: when it was first answered, and whether it is resolved."""
    found = talk.answered(moment(data["first_reply_created_at"])) if data.get("first_reply_created_at") else []
    return [*found, *(talk.closed() if data.get("status") == "resolved" else [])]


def _changes(payload: Any, talk: Conversation) -> list[Event]:
    """What changed: a colleague or team that took over from another, or a conversation that came back."""
    found: list[Event] = []
    for change in payload.get("changed_attributes") or ():
        for name, values in change.items():
            before, after = values.get("previous_value"), values.get("current_value")
            if name in ("assignee_id", "team_id") and before and after and before != after:
                found += talk.moved()
            if name == "status" and before == "resolved" and after == "open":
                found += talk.reopened()
    return found


def _said(talk: Conversation, text: str, config: Config) -> Said:
    return Said(
        talk.channel, text, author=talk.author, thread=talk.id, case=talk.id, stage=talk.stage, provenance=config.provenance
    )
