"""A post of X as an event: one post through all its edits, each edit a version."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from connectors.base import BadRecord, Event, Said
from connectors.moments import moment
from connectors.record import plain

STREAM = "posts"
FIELDS = ["created_at", "author_id", "conversation_id", "lang", "edit_history_tweet_ids"]
_EPOCH_MS = 1_288_834_974_657


def stamp(id: str) -> datetime:
    """When a post with this id was made: its upper bits are milliseconds since X's epoch.

    >>> stamp("1212092628029698048").isoformat()
    '2019-12-31T19:26:16.771000+00:00'
    """
    return datetime.fromtimestamp(((int(id) >> 22) + _EPOCH_MS) / 1000, UTC)


def event_of(post: Any) -> Event:
    """The event of a post as API v2 gives it; BadRecord when it lacks an id or a text.

    Its identity is the first id of its edit history, its version its own id, which rises with every edit.
    """
    try:
        id = str(int(post["id"]))
        history = [str(each) for each in post.get("edit_history_tweet_ids") or (id,)]
        at = moment(post["created_at"]) if post.get("created_at") else stamp(id)
        if not isinstance(post["text"], str):
            raise ValueError(f"text: found {type(post['text']).__name__}, expected text")
        language = str(post.get("lang") or "")[:2]
        said = Said(
            channel="social",
            text=plain(post["text"]),
            language=language if language not in ("", "un", "zx", "qm", "qs") else None,
            author=plain(post.get("author_id")) or None,
            thread=plain(post.get("conversation_id")) or None,
            url=f"https://x.com/i/web/status/{id}",
        )
        return Event(STREAM, history[0], int(id), "upsert", at, said)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as fault:
        raise BadRecord(json.dumps(post, default=str).encode(), f"no post: {fault!r}", STREAM) from None
