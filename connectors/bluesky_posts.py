"""What both transports of Bluesky say: a change of one post, and the event it makes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.base import BadRecord, Batch, Event, Said, Transient
from connectors.moments import moment
from connectors.record import plain
from connectors.tid import tid_number

COLLECTION = "app.bsky.feed.post"
STREAM = "posts"


class FutureCursor(Transient):
    """Our cursor lies ahead of all that the server has."""


@dataclass(slots=True)
class Change:
    """A post that was created, changed or (without `record`) removed in revision `rev` of `repo`."""

    repo: str
    key: str
    rev: str
    at: datetime
    record: dict[str, Any] | None = None

    @property
    def uri(self) -> str:
        """The post's address in the network: the same for each of its versions."""
        return f"at://{self.repo}/{COLLECTION}/{self.key}"


@dataclass(slots=True)
class Told:
    """What one frame says: where it stands, changes of posts, an account that went, and whether history was cut off."""

    seq: int | None = None
    at: datetime | None = None
    changes: list[Change] = field(default_factory=list)
    gone: str = ""
    outdated: bool = False
    bad: list[BadRecord] = field(default_factory=list)


def event_of(change: Change, batch: Batch) -> None:
    """Add the event of a change to the batch, or its record to the bad ones."""
    try:
        version, op = tid_number(change.rev), "delete" if change.record is None else "upsert"
        said = None if change.record is None else _said(change, change.record)
        batch.events.append(Event(STREAM, change.uri, version, op, _at(change), said))
    except (ValueError, TypeError, AttributeError) as fault:
        batch.bad.append(BadRecord(json.dumps(change.record, default=str).encode(), f"no post: {fault}", STREAM))


def _said(change: Change, record: dict[str, Any]) -> Said:
    if not isinstance(record.get("text"), str):
        raise ValueError(f"text: found {type(record.get('text')).__name__}, expected text")
    languages = record.get("langs") or [None]
    root = ((record.get("reply") or {}).get("root") or {}).get("uri")
    return Said(
        channel="social",
        text=plain(record["text"]),
        language=str(languages[0])[:2] if languages[0] else None,
        author=change.repo,
        thread=root or change.uri,
        url=f"https://bsky.app/profile/{change.repo}/post/{change.key}",
    )


def _at(change: Change) -> datetime:
    """When it was said: the author's own stamp, but never after the network saw it."""
    stamp = change.record.get("createdAt") if change.record else None
    try:
        return min(moment(stamp), change.at) if stamp else change.at
    except ValueError:
        return change.at
