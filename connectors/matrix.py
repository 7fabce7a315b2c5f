"""Matrix: messages of the rooms an account is in, by `/sync`; a timeline that was cut short is filled from the room's history."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote

from pydantic import Field, SecretStr

from connectors.aside import Stopped
from connectors.base import AuthFault, BadRecord, Batch, Capabilities, CheckResult, Clock, ConfigFault, Event
from connectors.hints import checked
from connectors.hosts import NetConfig
from connectors.matrix_events import event_of, replaced
from connectors.web import Web

PAGE = 100


class Config(NetConfig):
    """`rooms` limits to some rooms; `staff` are the accounts of the company, whose messages are no customer's."""

    server: str = Field(description="address of the homeserver, such as https://matrix.example.org")
    token: SecretStr = Field(min_length=1, description="access token of an account that is in the rooms")
    rooms: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    stages: dict[str, str] = Field(default_factory=dict, description="room id -> stage of the journey")
    poll_s: float = Field(default=10.0, gt=0, le=25, description="seconds that the server may hold an answer back")


class Matrix:
    """Messages with their edits and redactions. What is encrypted end to end cannot be read, and is passed over."""

    name: ClassVar[str] = "matrix"
    channel: ClassVar[str] = "chat"
    version: ClassVar[str] = "1"
    Config = Config
    capabilities: ClassVar[Capabilities] = Capabilities("stream", 15, edits=True, deletes=True, backfill=True, verify=True)

    def check(self, config: Config) -> CheckResult:
        """Whether the token belongs to an account of this server."""
        return checked(lambda: _try(config), "matrix")

    def read(self, config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """Everything since the state; at the first time the whole history of the rooms. A place that is unknown means: again."""
        since = json.loads(state)["since"] if state else None
        with _web(config, stop, clock) as web:
            rooms = Rooms(web, config)
            try:
                while not stop.is_set():
                    answer = rooms.sync(since)
                    yield from rooms.batches(answer, since)
                    since = answer["next_batch"]
                    yield Batch(state=json.dumps({"since": since}))
            except Stopped:
                return

    def verify(self, config: Config, ids: Sequence[str]) -> Iterable[Event]:
        """The redaction or the newest edit of each message; one in none of our rooms says nothing, since we may have left it."""
        with _web(config, threading.Event(), lambda: datetime.now(UTC)) as web:
            rooms = Rooms(web, config)
            yield from (event for id in ids for event in rooms.again(id))


class Rooms:
    """The questions to a homeserver, and what their answers say."""

    def __init__(self, web: Web, config: Config) -> None:
        self._web, self._config = web, config
        self._base = f"{config.server.rstrip('/')}/_matrix/client/v3"
        self._ours: list[str] = list(config.rooms)

    def sync(self, since: str | None) -> Any:
        """What happened after `since`; everything again when the server does not know that place any more."""
        room = {"timeline": {"limit": PAGE}, "state": {"types": []}, "ephemeral": {"types": []}, "account_data": {"types": []}}
        if self._config.rooms:
            room["rooms"] = list(self._config.rooms)
        question = {"filter": json.dumps({"room": room, "presence": {"types": []}, "account_data": {"types": []}})}
        later = {"since": since, "timeout": str(int(self._config.poll_s * 1000))} if since else {"timeout": "0"}
        try:
            return self._web.get(
                f"{self._base}/sync", {**question, **later}, deadline_s=self._config.deadline_s + self._config.poll_s
            ).json()
        except ConfigFault:
            if since is None:
                raise
            return self.sync(None)

    def batches(self, answer: Any, since: str | None) -> Iterator[Batch]:
        """The batches of an answer; none of them moves the state, since a timeline cut short is filled first."""
        for room, joined in (answer.get("rooms") or {}).get("join", {}).items():
            timeline = joined.get("timeline") or {}
            yield self._batch(timeline.get("events", ()), room)
            if timeline.get("limited") and timeline.get("prev_batch"):
                yield from self._history(room, timeline["prev_batch"], since)

    def again(self, id: str) -> list[Event]:
        """What became of a message since it was read: its redaction, its newest edit, or nothing."""
        self._ours = self._ours or list(self._web.get(f"{self._base}/joined_rooms").json()["joined_rooms"])
        for room in self._ours:
            try:
                raw = self._web.get(f"{self._base}/rooms/{quote(room)}/event/{quote(id)}").json()
            except (ConfigFault, AuthFault):
                continue
            self._ours.sort(key=lambda each, found=room: each != found)  # messages of one room mostly stand together
            newest = ((raw.get("unsigned") or {}).get("m.relations") or {}).get("m.replace") or raw
            if raw.get("type") != "m.room.message" or newest.get("sender") != raw.get("sender"):
                return []
            return self._batch([raw if "redacted_because" in (raw.get("unsigned") or {}) else newest], room).events
        return []

    def _history(self, room: str, start: str, until: str | None) -> Iterator[Batch]:
        place: str | None = start
        while place:
            asked = {"dir": "b", "from": place, "limit": str(PAGE), **({"to": until} if until else {})}
            page = self._web.get(f"{self._base}/rooms/{quote(room)}/messages", asked).json()
            yield self._batch(page.get("chunk", ()), room)
            place = page.get("end") if page.get("chunk") else None

    def _batch(self, events: Any, room: str) -> Batch:
        batch = Batch()
        for raw in events:
            try:
                event = event_of(raw, room, self._config.staff, self._config.stages.get(room))
                if event is not None and self._is_own(raw, room):
                    batch.events.append(event)
            except BadRecord as bad:
                batch.bad.append(bad)
        return batch

    def _is_own(self, raw: Any, room: str) -> bool:
        """Whether an edit comes from the author of what it edits: a homeserver lets anybody send one."""
        original = replaced(raw)
        if original is None:
            return True
        try:
            found = self._web.get(f"{self._base}/rooms/{quote(room)}/event/{quote(original)}").json()
        except ConfigFault:
            return False
        return found.get("sender") == raw.get("sender")


def _try(config: Config) -> None:
    with _web(config, threading.Event(), lambda: datetime.now(UTC)) as web:
        web.get(f"{config.server.rstrip('/')}/_matrix/client/v3/account/whoami", deadline_s=min(10, config.deadline_s)).json()


def _web(config: Config, stop: threading.Event, clock: Clock) -> Web:
    return Web(config, stop, clock, {"authorization": f"Bearer {config.token.get_secret_value()}"})
