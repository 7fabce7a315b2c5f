"""The firehose of AT Protocol: frames of two CBOR objects; only what touches a post is decoded further.

Source: atproto.com/specs/event-stream and com.atproto.sync.subscribeRepos.
"""

from __future__ import annotations

from typing import Any

from connectors.base import BadRecord, Transient
from connectors.bluesky_posts import COLLECTION, STREAM, Change, FutureCursor, Told
from connectors.moments import moment

GONE = ("deleted", "takendown")


def told(frame: bytes) -> Told:
    """What a frame says; Transient when the server ends the stream, FutureCursor when our cursor is from another server."""
    import libipld

    try:
        header, body = libipld.decode_dag_cbor_multi(frame)
        kind = header.get("t")
        if header.get("op") == -1:
            raise _ended(body)
        if kind == "#info":
            return Told(outdated=body.get("name") == "OutdatedCursor")
        found = Told(body.get("seq"), moment(body["time"]) if body.get("time") else None)
        if kind == "#commit":
            _commit(body, found)
        elif kind == "#account" and not body.get("active") and body.get("status") in GONE:
            found.gone = str(body["did"])
        return found
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        return Told(bad=[BadRecord(frame, f"no frame of a firehose: {fault!r}", STREAM)])


def _ended(body: dict[str, Any]) -> Exception:
    name, message = body.get("error", "unknown"), str(body.get("message", ""))[:200]
    if name == "FutureCursor":
        return FutureCursor("the cursor lies ahead of this server")
    return Transient(f"the server ended the stream: {name} {message}")


def _commit(body: dict[str, Any], found: Told) -> None:
    import libipld

    ops = [op for op in body.get("ops", ()) if str(op.get("path", "")).startswith(COLLECTION + "/")]
    if not ops or found.at is None:
        return
    blocks: dict[Any, Any] | None = None
    for op in ops:
        change = Change(body["repo"], op["path"].partition("/")[2], body["rev"], found.at)
        if op["action"] != "delete":
            blocks = libipld.decode_car(body["blocks"])[1] if blocks is None else blocks
            change.record = blocks.get(op["cid"])
            if change.record is None:
                found.bad.append(BadRecord(str(op).encode(), "a commit without the block of its record", STREAM))
                continue
        found.changes.append(change)
