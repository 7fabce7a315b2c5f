"""Jetstream: the same changes as the firehose, as JSON lines. Source: github.com/bluesky-social/jetstream."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from connectors.base import BadRecord
from connectors.bluesky_posts import COLLECTION, STREAM, Change, Told
from connectors.record import parse

GONE = ("deleted", "takendown")


def told(frame: bytes) -> Told:
    """What a line says; one that is no JSON or lacks its place is a bad record."""
    try:
        said = parse(frame)
        at = datetime.fromtimestamp(said["time_us"] / 1_000_000, UTC)
        found = Told(int(said["time_us"]), at)
        if said.get("kind") == "commit":
            _commit(said, found, at)
        elif said.get("kind") == "account":
            account = said["account"]
            if not account.get("active") and account.get("status") in GONE:
                found.gone = str(said["did"])
        return found
    except BadRecord as bad:
        return Told(bad=[bad])
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError) as fault:
        return Told(bad=[BadRecord(frame, f"no line of Jetstream: {fault!r}", STREAM)])


def _commit(said: dict[str, Any], found: Told, at: datetime) -> None:
    commit = said["commit"]
    if commit.get("collection") != COLLECTION:
        return
    record = None if commit["operation"] == "delete" else commit["record"]
    found.changes.append(Change(said["did"], commit["rkey"], commit["rev"], at, record))
