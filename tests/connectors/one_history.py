"""One made-up contact history, written as five sources would write it: each writer gives what its connector reads."""

from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SECRET = "one-history-secret"
STAGES = {"service": "service", "bagage": "arrive", "boeken": "book"}
START = datetime(2026, 3, 2, 7, tzinfo=UTC)


@dataclass(frozen=True)
class Contact:
    """A customer who waited `wait` seconds for an answer, or left unanswered after them; `csat` 1-5 when asked afterwards."""

    n: int
    at: datetime
    customer: str
    queue: str
    wait: int
    answered: bool
    talk: int
    transferred: bool
    csat: int | None


def history(count: int = 120, seed: int = 7) -> list[Contact]:
    chance, at, made = random.Random(seed), START, []
    for n in range(count):
        at += timedelta(seconds=chance.randrange(30, 2400))
        answered = chance.random() < 0.85
        made.append(
            Contact(
                n,
                at,
                f"+3161234{chance.randrange(1000, 1040)}",
                chance.choice(list(STAGES)),
                chance.randrange(0, 600),
                answered,
                chance.randrange(10, 900),
                answered and chance.random() < 0.2,
                chance.randrange(1, 6) if answered and chance.random() < 0.5 else None,
            )
        )
    return made


def queue_log(contacts: list[Contact]) -> str:
    """Asterisk: lines of all calls, interleaved as they happened; the survey is an event of the dialplan's own."""
    lines: list[tuple[int, int, str]] = []
    for c in contacts:
        enter, call = int(c.at.timestamp()), f"{int(c.at.timestamp())}.{c.n}"
        add = [(enter, f"{call}|{c.queue}|NONE|ENTERQUEUE||{c.customer}|1")]
        if c.answered:
            end = enter + c.wait + c.talk
            done = f"BLINDTRANSFER|700|xfer|{c.wait}|{c.talk}|1" if c.transferred else f"COMPLETECALLER|{c.wait}|{c.talk}|1"
            add += [(enter + c.wait, f"{call}|{c.queue}|amy|CONNECT|{c.wait}|x|2"), (end, f"{call}|{c.queue}|amy|{done}")]
            add += [(end + 5, f"{call}|{c.queue}|NONE|SURVEY|{c.csat}")] if c.csat else []
        else:
            add += [(enter + c.wait, f"{call}|{c.queue}|NONE|ABANDON|1|1|{c.wait}")]
        lines += [(epoch, c.n, f"{epoch}|{rest}") for epoch, rest in add]
    return "\n".join(line for _, _, line in sorted(lines, key=lambda each: each[:2])) + "\n"


def contact_records(contacts: list[Contact]) -> list[bytes]:
    """Amazon Connect: one record per contact, after it ended."""
    return [json.dumps(_record(c)).encode() for c in contacts]


def _record(c: Contact) -> dict:
    end = c.at + timedelta(seconds=c.wait + (c.talk if c.answered else 0))
    record = {
        "ContactId": f"contact-{c.n}",
        "Channel": "CHAT",
        "InitiationMethod": "INBOUND",
        "InitiationTimestamp": _z(c.at),
        "LastUpdateTimestamp": _z(end + timedelta(seconds=30)),
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": c.customer},
        "Queue": {"Name": c.queue, "EnqueueTimestamp": _z(c.at), "Duration": c.wait},
        "Agent": {
            "Username": "amy",
            "ConnectedToAgentTimestamp": _z(c.at + timedelta(seconds=c.wait)),
            "AgentInteractionDuration": c.talk,
        },
        "Attributes": {"csat": str(c.csat)} if c.csat else {},
    }
    if not c.answered:
        record["Agent"] = None
    if c.transferred:
        record["TransferCompletedTimestamp"] = _z(end)
    return record


def chatwoot_deliveries(contacts: list[Contact]) -> list[tuple[dict, bytes]]:
    """Chatwoot: message and conversation webhooks of a website inbox, each signed."""
    inboxes = {queue: str(number) for number, queue in enumerate(STAGES, 11)}
    return [_chatwoot(payload, n) for n, payload in enumerate(p for c in contacts for p in _chatwoot_story(c, inboxes[c.queue]))]


def chatwoot_stages() -> dict[str, str]:
    return {str(number): stage for number, stage in enumerate(STAGES.values(), 11)}


def _chatwoot_story(c: Contact, inbox: str):
    began = int(c.at.timestamp())
    talk = {
        "id": 1000 + c.n,
        "inbox_id": int(inbox),
        "channel": "Channel::WebWidget",
        "status": "open",
        "created_at": began,
        "updated_at": float(began),
        "first_reply_created_at": None,
        "meta": {"sender": {"id": c.customer}},
    }
    message = {
        "event": "message_created",
        "id": 5000 + c.n,
        "content": "Goedendag",
        "message_type": "incoming",
        "private": False,
        "content_type": "text",
        "created_at": _z(c.at),
        "conversation": talk,
    }
    yield message
    if not c.answered:
        yield {**talk, "event": "conversation_status_changed", "status": "resolved", "changed_attributes": []}
        return
    first = _z(c.at + timedelta(seconds=c.wait))
    replied = {**talk, "first_reply_created_at": first, "updated_at": began + c.wait + 0.5}
    yield {
        **message,
        "id": 7000 + c.n,
        "message_type": "outgoing",
        "content": "Waarmee kan ik helpen?",
        "created_at": first,
        "conversation": replied,
    }
    if c.transferred:
        yield {
            **replied,
            "event": "conversation_updated",
            "changed_attributes": [{"assignee_id": {"previous_value": 3, "current_value": 4}}],
        }
    yield {
        **replied,
        "event": "conversation_status_changed",
        "status": "resolved",
        "changed_attributes": [{"status": {"previous_value": "open", "current_value": "resolved"}}],
    }
    if c.csat:
        answer = {"submitted_values": {"csat_survey_response": {"rating": c.csat, "feedback_message": ""}}}
        yield {
            **message,
            "event": "message_updated",
            "id": 9000 + c.n,
            "message_type": "template",
            "content_type": "input_csat",
            "content_attributes": answer,
            "conversation": {**replied, "status": "resolved"},
        }


def _chatwoot(payload: dict, n: int) -> tuple[dict, bytes]:
    body, stamp = json.dumps(payload).encode(), str(int(START.timestamp()))
    digest = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"x-chatwoot-timestamp": stamp, "x-chatwoot-signature": f"sha256={digest}", "x-chatwoot-delivery": f"cw-{n}"}, body


def zendesk_deliveries(contacts: list[Contact]) -> list[tuple[dict, bytes]]:
    """Zendesk: ticket events of its messaging channel, each signed."""
    groups = {queue: number for number, queue in enumerate(STAGES, 360)}
    return [_zendesk(payload, n) for n, payload in enumerate(p for c in contacts for p in _zendesk_story(c, groups[c.queue]))]


def zendesk_stages() -> dict[str, str]:
    return {str(number): stage for number, stage in enumerate(STAGES.values(), 360)}


def _zendesk_story(c: Contact, group: int):
    ticket = {
        "id": str(c.n + 1),
        "created_at": _z(c.at),
        "requester_id": c.customer,
        "group_id": str(group),
        "status": "NEW",
        "subject": "Goedendag",
        "description": "Goedendag",
        "via": {"channel": "native_messaging"},
    }

    def told(kind: str, after: int, **event) -> dict:
        return {
            "type": f"zen:event-type:ticket.{kind}",
            "account_id": 1,
            "id": f"zd-{c.n}-{kind}-{after}",
            "detail": ticket,
            "time": _z(c.at + timedelta(seconds=after)),
            "zendesk_event_version": "2022-06-20",
            "event": event,
        }

    yield told("created", 0)
    if not c.answered:
        yield told("status_changed", c.wait, previous="NEW", current="SOLVED")
        return
    for again in (0, 40):
        author = {"id": "900", "is_staff": True, "name": "Amy"}
        yield told(
            "comment_added", c.wait + again, comment={"id": f"{c.n}{again}", "body": "Hallo", "is_public": True, "author": author}
        )
    if c.transferred:
        yield told("agent_assignment_changed", c.wait + 50, previous="900", current="901")
    yield told("status_changed", c.wait + c.talk + 60, previous="OPEN", current="SOLVED")
    if c.csat:
        yield told("satisfaction_rating_changed", c.wait + c.talk + 90, rating=c.csat)


def _zendesk(payload: dict, n: int) -> tuple[dict, bytes]:
    body, stamp = json.dumps(payload).encode(), _z(START)
    digest = base64.b64encode(hmac.new(SECRET.encode(), stamp.encode() + body, hashlib.sha256).digest()).decode()
    names = {"timestamp": stamp, "": digest}
    return {
        "X-Zendesk-Webhook-Signature-Timestamp": names["timestamp"],
        "X-Zendesk-Webhook-Signature": names[""],
        "X-Zendesk-Webhook-Invocation-Id": f"zd-{n}",
    }, body


def csv_file(contacts: list[Contact], path) -> str:
    """A spreadsheet of the same, and the mapping that reads it."""
    with path.open("w", newline="", encoding="utf8") as out:
        rows = csv.writer(out, delimiter=";")
        rows.writerow(["nummer", "datum", "klant", "fase", "wachttijd", "afgehaakt", "doorverbonden", "cijfer"])
        for c in contacts:
            answered = [c.wait, "nee", "ja" if c.transferred else "nee"]
            rows.writerow(
                [c.n, _z(c.at), c.customer, STAGES[c.queue], *(answered if c.answered else ["open", "ja", ""]), c.csat or ""]
            )
    wanted = "wait=wachttijd,abandoned=afgehaakt,transferred=doorverbonden,csat=cijfer"
    return f"external_id=nummer,happened_at=datum,author=klant,stage=fase,{wanted}"


def _z(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
