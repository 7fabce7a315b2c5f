"""Zendesk Talk: calls by its incremental export, with wait, answer, abandonment and talk.

Source: developer.zendesk.com, "Incremental Exports" of the Talk API. Ten questions a minute are allowed.
"""

from __future__ import annotations

import base64
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
from connectors.moments import milliseconds, moment
from connectors.record import number, plain
from connectors.web import Web

STREAM = "calls"
OVERLAP_S = 120
LEFT = "abandoned_in_queue"


class Config(NetConfig):
    """`stages` maps a group's id to a stage."""

    server: str = Field(description="https://COMPANY.zendesk.com")
    user: str = Field(min_length=3, description="address of an agent with the right to read Talk")
    token: SecretStr = Field(min_length=1, description="API token")
    stages: dict[str, str] = Field(default_factory=dict)
    since: datetime = Field(default=datetime(2020, 1, 1, tzinfo=UTC), description="how far back the first reading goes")


class ZendeskTalk:
    """Calls of customers; outbound calls do not count, and who answered is not taken over."""

    name: ClassVar[str] = "zendesk_talk"
    channel: ClassVar[str] = "phone"
    version: ClassVar[str] = "1"
    Config = Config
    capabilities: ClassVar[Capabilities] = Capabilities("poll", 60, edits=True, backfill=True)

    def check(self, config: Config) -> CheckResult:
        """Whether the account may read calls."""
        now = datetime.now(UTC)
        return checked(lambda: _page(_web(config, threading.Event(), lambda: now), config, int(now.timestamp()) - 600), self.name)

    def read(self, config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """Calls that began or changed since the state, a page at a time; the last two minutes again."""
        start = at = json.loads(state)["start"] if state else int(config.since.timestamp())
        try:
            with _web(config, stop, clock) as web:
                while not stop.is_set():
                    page = _page(web, config, at)
                    batch, newest = _batch(page, config)
                    going_on = newest > at and bool(page.get("next_page"))
                    at = max(at, newest)
                    batch.state = json.dumps({"start": max(start, at - OVERLAP_S)})
                    yield batch
                    if not going_on:
                        return
        except Stopped:
            return


def _web(config: Config, stop: threading.Event, clock: Clock) -> Web:
    key = base64.b64encode(f"{config.user}/token:{config.token.get_secret_value()}".encode()).decode()
    return Web(config, stop, clock, {"authorization": f"Basic {key}"})


def _page(web: Web, config: Config, start: int) -> Any:
    url = f"{config.server.rstrip('/')}/api/v2/channels/voice/stats/incremental/calls"
    return web.get(url, {"start_time": start}).json()


def _batch(page: Any, config: Config) -> tuple[Batch, int]:
    batch, newest = Batch(), 0
    for call in page.get("calls", ()):
        try:
            changed = moment(call["updated_at"])
            newest = max(newest, int(changed.timestamp()))
            if call.get("direction") != "outbound":
                batch.events.append(_event(call, changed, config))
        except (KeyError, TypeError, ValueError) as fault:
            batch.bad.append(BadRecord(json.dumps(call).encode(), f"no call: {fault!r}", STREAM))
    return batch, newest


def _event(call: Any, changed: datetime, config: Config) -> Event:
    status, talked = str(call["completion_status"]), number(call.get("talk_time") or 0, "talk_time")
    answered = status == "completed" and talked > 0
    readings = [Reading("abandoned", 1.0)] if status == LEFT else []
    if answered:
        rest = sum(number(call.get(name) or 0, name) for name in ("hold_time", "wrap_up_time"))
        readings = [Reading("wait", number(call.get("wait_time") or 0, "wait_time")), Reading("abandoned", 0.0)]
        readings += [Reading("talk_time", talked), Reading("handle_time", talked + rest)]
    said = Said(
        "phone",
        author=plain(call.get("customer_id")) or None,
        case=plain(call.get("ticket_id") or call["id"]),
        stage=config.stages.get(str(call.get("call_group_id"))),
        readings=readings,
        unanswered=() if answered else ("wait",),
    )
    return Event(STREAM, plain(call["id"]), milliseconds(changed), "upsert", moment(call["created_at"]), said)
