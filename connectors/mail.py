"""A mail as an event: what the customer wrote, without quotations, signatures, attachments and automatic answers."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from collections.abc import Collection
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr

from connectors.base import BadRecord, Event, Said
from connectors.markup import plain_text
from connectors.moments import milliseconds, moment
from connectors.record import plain

STREAM = "mail"
LONGEST = 20_000
_QUOTE = re.compile(
    r"^\s*(>|-{2,} ?(original|oorspronkelijk|forwarded|doorgestuurd)|(op|on)\b.{4,120}\b(schreef|wrote)\b.*:\s*$|_{20,}|-- $)",
    re.I,
)


def event_of(raw: bytes, arrived: datetime, own_senders: Collection[str], stage: str) -> Event | None:
    """The event of a mail; None when a machine or the company itself sent it. BadRecord when it is no mail."""
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        sender = parseaddr(str(message.get("from", "")))[1].casefold()
        if not sender or "@" not in sender:
            raise ValueError("from: found no address")
        if _is_automatic(message) or _is_own(sender, own_senders):
            return None
        return _event(message, raw, sender, arrived.astimezone(UTC), stage)
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError) as fault:
        raise BadRecord(raw, f"no mail: {fault!r}"[:300], STREAM) from None


def written_part(text: str) -> str:
    """The text above the first quotation or signature line.

    >>> written_part("Nog steeds niets ontvangen.\\n\\nOp ma 2 mrt 2026 om 09:00 schreef Service:\\n> Het komt eraan.")
    'Nog steeds niets ontvangen.'
    """
    kept = []
    for line in text.splitlines():
        if _QUOTE.match(line):
            break
        kept.append(line)
    return "\n".join(kept).strip()


def _event(message: EmailMessage, raw: bytes, sender: str, arrived: datetime, stage: str) -> Event:
    id = str(message.get("message-id", "")).strip() or hashlib.sha256(raw).hexdigest()
    subject = plain(str(message.get("subject", "")), 2000)
    first = str(message.get("references", "") or message.get("in-reply-to", "")).split()
    answer = bool(first)
    text = "\n".join(filter(None, ("" if answer else subject, written_part(_text(message)))))[:LONGEST]
    try:
        at = min(moment(str(message["date"])), arrived) if message["date"] else arrived
    except ValueError:
        at = arrived
    thread = plain(first[0] if first else id, 500)
    said = Said("email", plain(text), author=sender, thread=thread, case=thread, stage=stage or None)
    return Event(STREAM, plain(id, 500), milliseconds(at), "upsert", at, said)


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    content = body.get_content()
    return plain_text(content) if body.get_content_subtype() == "html" else str(content)


def _is_automatic(message: EmailMessage) -> bool:
    """An out-of-office answer, a bounce or a mailing (RFC 3834), which no customer wrote."""
    automatic = str(message.get("auto-submitted", "no")).casefold() != "no"
    return automatic or str(message.get("precedence", "")).casefold() in ("bulk", "list", "auto_reply", "junk")


def _is_own(sender: str, own_senders: Collection[str]) -> bool:
    return any(sender == own.casefold() or sender.endswith("@" + own.casefold().lstrip("@")) for own in own_senders)
