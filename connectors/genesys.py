"""Genesys Cloud: conversations by its analytics query, with wait, answer, abandonment, transfer, talk and handling.

Source: developer.genesys.cloud, "Conversation detail query" and its metric definitions (milliseconds).
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from pydantic import Field, SecretStr

from connectors.aside import Stopped
from connectors.base import BadRecord, Batch, Capabilities, CheckResult, Clock, Event, Reading, Said
from connectors.hints import checked
from connectors.hosts import NetConfig
from connectors.moments import milliseconds, moment
from connectors.record import number, plain
from connectors.web import Web

STREAM = "conversations"
PAGE = 100
STRETCH = timedelta(days=1)
CHANNELS = {"voice": "phone", "callback": "phone", "chat": "chat", "message": "chat", "email": "email"}


class Config(NetConfig):
    """`stages` maps a queue's id to a stage. `again_h` hours are read again: a conversation is told whole only once it ended."""

    region: str = Field(default="mypurecloud.de", description="domain of your region, such as mypurecloud.de")
    client_id: str = Field(min_length=1)
    client_secret: SecretStr = Field(min_length=1)
    stages: dict[str, str] = Field(default_factory=dict)
    since: datetime = Field(default=datetime(2026, 1, 1, tzinfo=UTC), description="how far back the first reading goes")
    again_h: float = Field(default=6.0, gt=0)
    address: str = Field(default="", description="another address than Genesys's own, for a test")


class Genesys:
    """Conversations that customers began; who answered is not taken over."""

    name: ClassVar[str] = "genesys"
    channel: ClassVar[str] = "phone"
    version: ClassVar[str] = "1"
    Config = Config
    capabilities: ClassVar[Capabilities] = Capabilities("poll", 60, edits=True, backfill=True)

    def check(self, config: Config) -> CheckResult:
        """Whether the client gets a token and may query conversations."""
        now = datetime.now(UTC)

        def attempt() -> None:
            with Web(config, threading.Event(), lambda: now) as web:
                _page(web, config, _token(web, config), now - timedelta(minutes=5), now, 1)

        return checked(attempt, self.name)

    def read(self, config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """Day by day from the state to now, page by page; the last hours again."""
        now = clock()
        start = moment(json.loads(state)["until"]) - timedelta(hours=config.again_h) if state else config.since
        try:
            with Web(config, stop, clock) as web:
                token = _token(web, config)
                while start < now and not stop.is_set():
                    end = min(start + STRETCH, now)
                    yield from _stretch(web, config, token, start, end)
                    yield Batch(state=json.dumps({"until": end.isoformat()}))
                    start = end
        except Stopped:
            return


def _stretch(web: Web, config: Config, token: str, start: datetime, end: datetime) -> Iterator[Batch]:
    page = 1
    while found := _page(web, config, token, start, end, page):
        yield _batch(found, config)
        if len(found) < PAGE:
            return
        page += 1


def _page(web: Web, config: Config, token: str, start: datetime, end: datetime, page: int) -> list[Any]:
    question = {"interval": f"{start.isoformat()}/{end.isoformat()}", "order": "asc", "orderBy": "conversationStart",
                "paging": {"pageSize": PAGE, "pageNumber": page}}  # fmt: skip
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    url = f"{config.address or f'https://api.{config.region}'}/api/v2/analytics/conversations/details/query"
    return web.send("POST", url, body=json.dumps(question).encode(), headers=headers).json().get("conversations") or []


def _token(web: Web, config: Config) -> str:
    key = base64.b64encode(f"{config.client_id}:{config.client_secret.get_secret_value()}".encode()).decode()
    headers = {"authorization": f"Basic {key}", "content-type": "application/x-www-form-urlencoded"}
    url = f"{config.address or f'https://login.{config.region}'}/oauth/token"
    return str(web.send("POST", url, body=b"grant_type=client_credentials", headers=headers).json()["access_token"])


def _batch(found: list[Any], config: Config) -> Batch:
    batch = Batch()
    for conversation in found:
        try:
            event = _event(conversation, config)
            batch.events.extend([event] if event else [])
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            batch.bad.append(BadRecord(json.dumps(conversation).encode(), f"no conversation: {fault!r}", STREAM))
    return batch


def _event(conversation: Any, config: Config) -> Event | None:
    """The event of a conversation that ended; None while it goes on, or when we began it."""
    sessions = [session for each in conversation["participants"] for session in each.get("sessions", ())]
    channel = next((CHANNELS[s["mediaType"]] for s in sessions if s.get("mediaType") in CHANNELS), None)
    if conversation.get("originatingDirection") == "outbound" or not conversation.get("conversationEnd") or channel is None:
        return None
    values = _metrics(sessions)
    queue = next((s["queueId"] for session in sessions for s in session.get("segments", ()) if s.get("queueId")), "")
    wait = "wait" if channel in ("phone", "chat") else "first_response"
    said = Said(
        channel,
        author=next((plain(s["ani"]) for s in sessions if s.get("ani")), None),
        case=plain(conversation["conversationId"]),
        stage=config.stages.get(queue),
        readings=_readings(values, wait),
        unanswered=(wait,) if queue and "tAnswered" not in values else (),
    )
    version = milliseconds(moment(conversation["conversationEnd"]))
    began = moment(conversation["conversationStart"])
    return Event(STREAM, plain(conversation["conversationId"]), version, "upsert", began, said)


def _metrics(sessions: list[Any]) -> dict[str, float]:
    """Each metric summed over the conversation: seconds for times, counts for the rest; of several answers the first."""
    found: dict[str, float] = {}
    for metric in (metric for session in sessions for metric in session.get("metrics", ())):
        name, value = metric["name"], number(metric["value"], metric["name"])
        value = value / 1000 if name.startswith("t") else value
        found[name] = min(found.get(name, value), value) if name == "tAnswered" else found.get(name, 0.0) + value
    return found


def _readings(values: dict[str, float], wait: str) -> list[Reading]:
    if "tAnswered" not in values:
        return [Reading("abandoned", 1.0)] if "tAbandon" in values else []
    names = {"talk_time": "tTalkComplete", "handle_time": "tHandle"}
    readings = [Reading(wait, values["tAnswered"]), Reading("abandoned", 0.0)]
    readings.append(Reading("transferred", float(values.get("nTransferred", 0) > 0)))
    return readings + [Reading(metric, values[name]) for metric, name in names.items() if name in values]
