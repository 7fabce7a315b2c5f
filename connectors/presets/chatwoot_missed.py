"""Chatwoot's API, asked for what its webhooks could not deliver: it gives a delivery five seconds and does not try again.

Source: developers.chatwoot.com, Application API, "Conversations List" and "Get messages": conversations by newest activity, 25 on
a page; messages 20 at a time, older ones with `before`. Times are epoch seconds.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.base import Clock, Transient
from connectors.moments import moment
from connectors.web import Web

if TYPE_CHECKING:
    from connectors.webhook import Config

MOST_PAGES = 400  # 10,000 conversations: an answer that never ends is a fault of the other side


def conversations(config: Config, since: datetime, stop: threading.Event, clock: Clock) -> Iterator[tuple[Web, dict[str, Any]]]:
    """The conversations with activity since then, newest first, in the shape that a webhook has."""
    headers = {"api_access_token": config.api_token.get_secret_value()}
    asked = {"status": "all", "assignee_type": "all", "sort_by": "last_activity_at_desc"}
    with Web(config, stop, clock, headers) as web:
        for page in range(1, MOST_PAGES + 1):
            found = _list(web.get(f"{_base(config)}/conversations", {**asked, "page": page}).json(), "data", "payload")
            yield from ((web, _as_delivered(each)) for each in found if _moved(each) >= since)
            if not found or min(_moved(each) for each in found) < since:
                return


def messages(web: Web, config: Config, id: Any, since: datetime) -> Iterator[dict[str, Any]]:
    """The messages of a conversation since then, newest page first."""
    before: dict[str, Any] = {}
    for _ in range(MOST_PAGES):
        found = _list(web.get(f"{_base(config)}/conversations/{int(id)}/messages", before).json(), "payload")
        yield from (each for each in found if _at(each["created_at"]) >= since)
        if not found or _at(found[0]["created_at"]) < since or before.get("before") == found[0]["id"]:
            return
        before = {"before": found[0]["id"]}


def _base(config: Config) -> str:
    return f"{config.api.rstrip('/')}/api/v1/accounts/{config.account}"


def _as_delivered(found: dict[str, Any]) -> dict[str, Any]:
    meta = found.get("meta")
    return {**found, "channel": meta.get("channel") if isinstance(meta, dict) else None}


def _moved(found: dict[str, Any]) -> datetime:
    """When it last moved; also a conversation without that stamp has begun at some time."""
    return _at(found.get("last_activity_at") or found["created_at"])


def _at(stamp: Any) -> datetime:
    try:
        return moment(stamp)
    except ValueError as fault:
        raise Transient(f"the answer of Chatwoot: {fault}") from None


def _list(answer: Any, *path: str) -> list[dict[str, Any]]:
    for name in path:
        answer = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(answer, list) or not all(isinstance(each, dict) and "created_at" in each for each in answer):
        raise Transient("the answer of Chatwoot holds no list of what was asked")
    return answer
