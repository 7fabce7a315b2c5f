"""Mastodon: a server-sent stream of one timeline, with the timeline itself to catch up after an outage."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, ClassVar, Literal
from urllib.parse import quote

from pydantic import Field, SecretStr, model_validator

from connectors.aside import Stopped
from connectors.base import (
    BadRecord,
    Batch,
    Capabilities,
    CheckResult,
    Clock,
    ConfigFault,
    Event,
    Said,
    Transient,
)
from connectors.hints import checked
from connectors.hosts import NetConfig
from connectors.markup import plain_text
from connectors.moments import FINAL, milliseconds, moment
from connectors.record import parse, plain
from connectors.sse import events
from connectors.web import Web

STREAM = "statuses"
PAGE = 40


class Config(NetConfig):
    """`timeline` is what to listen to: home (what an account follows), public, local, or one hashtag (`tag`)."""

    server: str = Field(description="address of the server, such as https://mastodon.nl")
    token: SecretStr = Field(default=SecretStr(""), description="access token with the scope read")
    timeline: Literal["home", "public", "local", "hashtag"] = "hashtag"
    tag: str = ""
    idle_s: float = Field(default=60.0, gt=0, description="seconds without a heartbeat after which the stream counts as dead")

    @model_validator(mode="after")
    def _tag_or_token(self) -> Config:
        if self.timeline == "hashtag" and not self.tag.strip("#"):
            raise ValueError("tag: found nothing, expected a hashtag such as 'klantenservice'")
        if self.timeline == "home" and not self.token.get_secret_value():
            raise ValueError("token: found nothing, expected an access token, since home is an account's own timeline")
        return self

    @property
    def path(self) -> str:
        """The timeline's path under /api/v1, for reading and (with `streaming`) for listening."""
        return {"home": "home", "hashtag": f"tag/{quote(self.tag.strip('#'))}"}.get(self.timeline, "public")

    @property
    def streaming(self) -> str:
        """The stream's path under /api/v1/streaming."""
        names = {"home": "user", "public": "public", "local": "public/local", "hashtag": "hashtag"}
        return names[self.timeline]


class Mastodon:
    """Posts of one timeline, with edits and deletes; what was missed is fetched upwards from the last id seen."""

    name: ClassVar[str] = "mastodon"
    channel: ClassVar[str] = "social"
    version: ClassVar[str] = "1"
    Config = Config
    capabilities: ClassVar[Capabilities] = Capabilities("stream", 30, edits=True, deletes=True, backfill=True, verify=True)

    def check(self, config: Config) -> CheckResult:
        """Whether the server answers and the token may read this timeline."""
        return checked(lambda: self._try(config), "mastodon")

    def read(self, config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """First what was missed, then each status, edit and delete as it happens; a heartbeat is an empty batch."""
        seen = Seen(json.loads(state)["id"] if state else None)
        try:
            with _web(config, stop, clock) as web, web.stream(*_listen(config), idle_s=config.idle_s) as lines:
                told = (_heard(name, data, seen) for name, data in events(lines))
                for batch in chain(_missed(web, config, seen), told):
                    yield batch
                    if stop.is_set():
                        return
        except Stopped:
            return
        raise Transient("the server ended the stream")

    def verify(self, config: Config, ids: Sequence[str]) -> Iterable[Event]:
        """A delete for each status that is gone, the newest text of each other; up to 20 per question."""
        with _web(config, threading.Event(), lambda: datetime.now(UTC)) as web:
            for at in range(0, len(ids), 20):
                asked = ids[at : at + 20]
                url = f"{_api(config)}/statuses?" + "&".join(f"id[]={quote(i)}" for i in asked)
                found = {str(status["id"]): status for status in web.get(url).json()}
                yield from (upsert(found[i]) if i in found else delete(i, datetime.now(UTC)) for i in asked)

    def expires(self, config: Config) -> datetime | None:
        """When the token ends, as the server's OAuth library says it; None without a token, or where that question is closed.

        Source: doorkeeper-gem/doorkeeper wiki, "API endpoint descriptions and examples", GET /oauth/token/info.
        """
        if not config.token.get_secret_value():
            return None
        with _web(config, threading.Event(), lambda: datetime.now(UTC)) as web:
            try:
                left = web.get(f"{config.server.rstrip('/')}/oauth/token/info").json().get("expires_in")
            except (ConfigFault, AttributeError):
                return None
        return datetime.now(UTC) + timedelta(seconds=left) if isinstance(left, int) else None

    def _try(self, config: Config) -> None:
        with _web(config, threading.Event(), lambda: datetime.now(UTC)) as web:
            web.get(f"{_api(config)}/timelines/{config.path}", {"limit": 1}, deadline_s=min(10, config.deadline_s)).json()


class Seen:
    """The highest id of a status so far: longer is higher, as ids are numbers without leading zeros."""

    def __init__(self, id: str | None) -> None:
        self.id = id

    def add(self, id: str) -> None:
        """Take `id` in when it is higher."""
        if id and (self.id is None or (len(id), id) > (len(self.id), self.id)):
            self.id = id

    @property
    def state(self) -> str | None:
        """The state of the connector after this id."""
        return json.dumps({"id": self.id}) if self.id else None


def upsert(status: Any, raw: bytes = b"") -> Event:
    """The event of a status, versioned by its last edit; BadRecord when it lacks what a status has."""
    try:
        at = moment(status["created_at"])
        edited = moment(status["edited_at"]) if status.get("edited_at") else at
        said = Said(
            channel="social",
            text=plain(plain_text(str(status["content"]))),
            language=(status.get("language") or "")[:2] or None,
            author=plain(status["account"]["id"]),
            thread=plain(status.get("in_reply_to_id")) or None,
            url=plain(status.get("url"), 2000),
        )
        return Event(STREAM, plain(status["id"]), milliseconds(edited), "upsert", at, said, raw)
    except (KeyError, TypeError, ValueError) as fault:
        raise BadRecord(raw or json.dumps(status, default=str).encode(), f"no status: {fault!r}", STREAM) from None


def delete(id: str, at: datetime) -> Event:
    """The delete of a status: final, because the server never gives an id twice."""
    return Event(STREAM, plain(id), FINAL, "delete", at)


def _missed(web: Web, config: Config, seen: Seen) -> Iterator[Batch]:
    """Pages from the last id upwards. `min_id` walks; `since_id` would give the newest page and lose the middle."""
    while seen.id is not None:
        asked: dict[str, Any] = {"min_id": seen.id, "limit": PAGE}
        if config.timeline == "local":
            asked["local"] = "true"
        page = web.get(f"{_api(config)}/timelines/{config.path}", asked).json()
        if not page:
            return
        yield _batch(page, seen)


def _heard(name: str, data: str, seen: Seen) -> Batch:
    if name == "delete":
        return Batch(events=[delete(data.strip(), datetime.now(UTC))], state=seen.state)
    if name not in ("update", "status.update"):
        return Batch(state=seen.state)
    try:
        return _batch([parse(data.encode())], seen)
    except BadRecord as bad:
        return Batch(bad=[bad], state=seen.state)


def _batch(page: list[Any], seen: Seen) -> Batch:
    batch = Batch()
    for status in page:
        try:
            batch.events.append(upsert(status))
            seen.add(batch.events[-1].external_id)
        except BadRecord as bad:
            batch.bad.append(bad)
            seen.add(str(status.get("id", "")) if isinstance(status, dict) else "")
    batch.state = seen.state
    return batch


def _api(config: Config) -> str:
    return f"{config.server.rstrip('/')}/api/v1"


def _listen(config: Config) -> tuple[str, dict[str, str] | None]:
    tag = {"tag": config.tag.strip("#")} if config.timeline == "hashtag" else None
    return f"{_api(config)}/streaming/{config.streaming}", tag


def _web(config: Config, stop: threading.Event, clock: Clock) -> Web:
    token = config.token.get_secret_value()
    return Web(config, stop, clock, {"authorization": f"Bearer {token}"} if token else {})
