"""Zendesk: ticket events of its webhooks: comments, answers, transfers, solved and reopened tickets, and satisfaction.

Signed with `X-Zendesk-Webhook-Signature`: base64 of HMAC-SHA256 over timestamp and body. Source: developer.zendesk.com,
"Verifying webhook authenticity" and "Ticket events" (version 2022-06-20). Zendesk does not promise the order of events.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.base import Event, Said
from connectors.moments import FINAL, milliseconds, moment
from connectors.presets.facts import Conversation
from connectors.presets.signing import fresh, header, signed, unbase64
from connectors.record import number, plain

if TYPE_CHECKING:
    from connectors.webhook import Config

COMMENTS = "comments"
TYPE = "zen:event-type:ticket."
LIVE = ("chat", "native_messaging", "messaging", "voice", "phone")
CHANNELS = {"email": "email", "web": "web", "voice": "phone", "phone": "phone", "twitter": "social", "facebook": "social"}
SOLVED = ("solved", "closed")


def authenticate(config: Config, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The delivery's invocation id; AuthFault when it is not signed with one of our secrets within five minutes."""
    stamp = header(headers, "x-zendesk-webhook-signature-timestamp")
    fresh(stamp, now)
    signed(stamp.encode() + body, config.secrets, [unbase64(header(headers, "x-zendesk-webhook-signature"))])
    return header(headers, "x-zendesk-webhook-invocation-id")


def events(config: Config, payload: Any, body: bytes) -> list[Event]:
    """What a ticket event says; kinds that say nothing of the customer's experience give nothing."""
    kind = str(payload["type"]).removeprefix(TYPE)
    ticket, event = payload["detail"], payload.get("event") or {}
    talk = conversation(ticket, config)
    if kind == "created":
        return _created(ticket, talk, config)
    if kind in ("comment_added", "comment_redacted"):
        return _comment(kind, event["comment"], talk, config, moment(payload["time"]))
    if kind == "status_changed":
        return _status(str(event.get("previous", "")).lower(), str(event.get("current", "")).lower(), talk)
    if kind in ("group_assignment_changed", "agent_assignment_changed"):
        before, after = event.get("previous"), event.get("current")
        return talk.moved() if before and after and before != after else []
    if kind in ("soft_deleted", "permanently_deleted"):
        return [Event(COMMENTS, f"{talk.id}/description", FINAL, "delete", talk.began)]
    return _rating(kind, event, talk, moment(payload["time"]))


def conversation(ticket: Any, config: Config) -> Conversation:
    """The conversation that a ticket is."""
    via = str((ticket.get("via") or {}).get("channel", "")).lower()
    return Conversation(
        id=plain(ticket["id"]),
        began=moment(ticket["created_at"]),
        channel=CHANNELS.get(via) or ("chat" if via in LIVE else config.channel or "web"),
        stage=config.stages.get(str(ticket.get("group_id"))) or config.stages.get(str(ticket.get("form_id"))),
        author=plain(ticket.get("requester_id")) or None,
        live=via in LIVE,
    )


def _created(ticket: Any, talk: Conversation, config: Config) -> list[Event]:
    text = "\n".join(filter(None, (plain(ticket.get("subject")), plain(ticket.get("description")))))
    said = _said(talk, text, config)
    return [Event(COMMENTS, f"{talk.id}/description", milliseconds(talk.began), "upsert", talk.began, said), *talk.asked()]


def _comment(kind: str, comment: Any, talk: Conversation, config: Config, at: datetime) -> list[Event]:
    id, author = plain(comment["id"]), comment.get("author") or {}
    if kind == "comment_redacted":
        return [Event(COMMENTS, id, FINAL, "delete", at)]
    if not comment.get("is_public"):
        return []
    if author.get("is_staff"):
        return talk.answered(at)
    return [Event(COMMENTS, id, milliseconds(at), "upsert", at, _said(talk, plain(comment.get("body")), config)), *talk.asked()]


def _status(before: str, after: str, talk: Conversation) -> list[Event]:
    if after in SOLVED:
        return talk.closed()
    return talk.reopened() if before == "solved" and after in ("open", "new", "pending") else []


def _rating(kind: str, event: Any, talk: Conversation, at: datetime) -> list[Event]:
    """A customer's mark: a number from 1 to 5, or good (5) and bad (1) of Zendesk's older survey."""
    if "satisfaction" not in kind and "csat" not in kind:
        return []
    value = event.get("rating", event.get("current"))
    value = {"good": 5, "bad": 1}.get(str(value).lower().removesuffix("_with_comment"), value)
    return talk.rated("csat", number(value, "rating"), milliseconds(at)) if str(value).replace(".", "", 1).isdigit() else []


def _said(talk: Conversation, text: str, config: Config) -> Said:
    return Said(
        talk.channel, text, author=talk.author, thread=talk.id, case=talk.id, stage=talk.stage, provenance=config.provenance
    )
