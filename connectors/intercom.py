"""Intercom: conversations by its search, each with its whole state: first response, reopenings, hand-overs, rating.

Source: developers.intercom.com, "Search conversations" (version 2.11).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar

from pydantic import Field, SecretStr

from connectors.aside import Stopped
from connectors.base import BadRecord, Batch, Capabilities, CheckResult, Clock, Event, Reading, Said
from connectors.hints import checked
from connectors.hosts import NetConfig
from connectors.markup import plain_text
from connectors.moments import milliseconds, moment
from connectors.record import number, plain
from connectors.web import Web

STREAM = "conversations"
PAGE = 50
OVERLAP_S = 60
CHANNELS = {"email": "email", "facebook": "social", "instagram": "social", "twitter": "social", "phone_call": "phone"}


class Config(NetConfig):
    """`stages` maps a team's id to a stage."""

    token: SecretStr = Field(min_length=1, description="access token with the right to read conversations")
    stages: dict[str, str] = Field(default_factory=dict)
    address: str = Field(default="https://api.intercom.io", description="https://api.eu.intercom.io for data kept in Europe")


class Intercom:
    """Conversations that customers began, with what they first wrote."""

    name: ClassVar[str] = "intercom"
    channel: ClassVar[str] = "chat"
    version: ClassVar[str] = "1"
    Config = Config
    capabilities: ClassVar[Capabilities] = Capabilities("poll", 60, edits=True, backfill=True)

    def check(self, config: Config) -> CheckResult:
        """Whether the token may search conversations."""
        now = datetime.now(UTC)
        web = _web(config, threading.Event(), lambda: now)
        return checked(lambda: _page(web, config, int(now.timestamp()), None), self.name)

    def read(self, config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """Conversations that changed since the state, oldest change first."""
        since = json.loads(state)["since"] if state else 0
        newest, after = since, None
        try:
            with _web(config, stop, clock) as web:
                while not stop.is_set():
                    page = _page(web, config, since - OVERLAP_S, after)
                    found = page.get("conversations") or []
                    newest = max([newest, *(int(each.get("updated_at") or 0) for each in found)])
                    after = ((page.get("pages") or {}).get("next") or {}).get("starting_after")
                    batch = _batch(found, config)
                    batch.state = None if after else json.dumps({"since": newest})
                    yield batch
                    if not after:
                        return
        except Stopped:
            return


def _web(config: Config, stop: threading.Event, clock: Clock) -> Web:
    headers = {"authorization": f"Bearer {config.token.get_secret_value()}", "intercom-version": "2.11"}
    return Web(config, stop, clock, {**headers, "content-type": "application/json"})


def _page(web: Web, config: Config, since: int, after: str | None) -> Any:
    question = {
        "query": {"field": "updated_at", "operator": ">", "value": max(0, since)},
        "sort": {"field": "updated_at", "order": "ascending"},
        "pagination": {"per_page": PAGE, **({"starting_after": after} if after else {})},
    }
    return web.send("POST", f"{config.address.rstrip('/')}/conversations/search", body=json.dumps(question).encode()).json()


def _batch(found: list[Any], config: Config) -> Batch:
    batch = Batch()
    for conversation in found:
        try:
            batch.events.append(_event(conversation, config))
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            batch.bad.append(BadRecord(json.dumps(conversation).encode(), f"no conversation: {fault!r}", STREAM))
    return batch


def _event(conversation: Any, config: Config) -> Event:
    source, began = conversation["source"], moment(conversation["created_at"])
    ours = (source.get("author") or {}).get("type") in ("admin", "bot")
    statistics = conversation.get("statistics") or {}
    said = Said(
        CHANNELS.get(source.get("type", ""), "chat"),
        "" if ours else plain(plain_text(source.get("body") or "")),
        author=plain((source.get("author") or {}).get("id")) or None,
        thread=plain(conversation["id"]),
        case=plain(conversation["id"]),
        stage=config.stages.get(str(conversation.get("team_assignee_id"))),
        kind="measure" if ours else "contact",
        readings=_readings(conversation, statistics, began),
        unanswered=() if ours or statistics.get("first_admin_reply_at") else ("first_response",),
    )
    return Event(STREAM, plain(conversation["id"]), milliseconds(moment(conversation["updated_at"])), "upsert", began, said)


def _readings(conversation: Any, statistics: Any, began: datetime) -> list[Reading]:
    readings = []
    if statistics.get("first_admin_reply_at"):
        seconds = (moment(statistics["first_admin_reply_at"]) - began).total_seconds()
        readings += [Reading("first_response", max(0.0, seconds))]
        readings += [Reading("transferred", float(number(statistics.get("count_assignments") or 0, "count_assignments") > 1))]
    if conversation.get("state") == "closed":
        reopened = float(number(statistics.get("count_reopens") or 0, "count_reopens") > 0)
        readings += [Reading("reopened", reopened), Reading("resolved_first", 1.0 - reopened)]
    rating = (conversation.get("conversation_rating") or {}).get("rating")
    return readings + ([Reading("csat", number(rating, "rating"))] if rating else [])
