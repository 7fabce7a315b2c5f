"""Bluesky: posts from a firehose (`subscribeRepos`) or from Jetstream, with edits, deletes and accounts that go."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Literal

from pydantic import Field

from connectors.aside import Stopped
from connectors.base import Batch, Capabilities, CheckResult, Clock, Event, Missing
from connectors.bluesky_posts import COLLECTION, Change, FutureCursor, event_of
from connectors.hints import checked
from connectors.hosts import NetConfig
from connectors.moments import moment
from connectors.socketed import Frames
from connectors.tid import number_at
from connectors.web import Web

REMEMBERED = 50_000
GATHER = 200
STREAM = "posts"


class Config(NetConfig):
    """`words` are looked for in the text, in any case; without words every post counts. `repos` limits to some accounts."""

    service: str = Field(default="wss://jetstream2.us-east.bsky.network", description="where the stream is served")
    transport: Literal["jetstream", "firehose"] = "jetstream"
    words: tuple[str, ...] = ()
    repos: tuple[str, ...] = Field(default=(), description="account ids (did:plc:...) to listen to, without: all")
    api: str = Field(default="https://public.api.bsky.app", description="where verify looks posts up")
    history: bool = Field(
        default=False, description="read at the first start also what the service still has: gigabytes of a relay"
    )
    retention_h: float = Field(default=24.0, gt=0, description="how far back the service can replay")
    idle_s: float = Field(default=45.0, gt=0, description="seconds without an answered ping after which the stream is dead")


class Bluesky:
    """The posts that match, from one stream; a delete is obeyed at once for posts seen lately, by `verify` for older ones."""

    name: ClassVar[str] = "bluesky"
    channel: ClassVar[str] = "social"
    version: ClassVar[str] = "1"
    Config = Config
    capabilities: ClassVar[Capabilities] = Capabilities("stream", 15, edits=True, deletes=True, backfill=True, verify=True)

    def check(self, config: Config) -> CheckResult:
        """Whether the stream opens."""
        return checked(lambda: self._try(config), "bluesky")

    def read(self, config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """What was missed, as far as the service replays, then each change as it happens; at most 200 per batch."""
        place = Place(state, 0 if config.history else None)
        stale = place.stale(clock() - timedelta(hours=config.retention_h))
        if stale is not None:
            yield Batch(gap=stale)
        chosen = Chosen(config)
        try:
            yield from _listen(config, place, chosen, stop)
        except FutureCursor:
            place.restart()
            yield from _listen(config, place, chosen, stop)

    def verify(self, config: Config, ids: Sequence[str]) -> Iterable[Event]:
        """A delete for each post that the network no longer shows, with the revision of this moment."""
        now = datetime.now(UTC)
        with Web(config, threading.Event(), lambda: now) as web:
            for at in range(0, len(ids), 25):
                asked = ids[at : at + 25]
                query = "&".join(f"uris={uri}" for uri in asked)
                answer = web.get(f"{config.api.rstrip('/')}/xrpc/app.bsky.feed.getPosts?{query}").json()
                found = {post.get("uri") for post in answer.get("posts", ())}
                yield from (Event(STREAM, uri, number_at(now), "delete", now) for uri in asked if uri not in found)

    def _try(self, config: Config) -> None:
        with Frames(_address(config, Place(None)), config, threading.Event(), 10):
            pass


class Place:
    """How far the stream was read: its sequence number and the moment of the last change."""

    def __init__(self, state: str | None, first: int | None = None) -> None:
        known = json.loads(state) if state else {}
        self.seq: int | None = known.get("seq", first)
        self.at: datetime | None = moment(known["at"]) if known.get("at") else None

    def move(self, seq: int | None, at: datetime) -> None:
        """Take in a change: numbers only rise, and a jump is normal, since the changes of a removed account vanish."""
        if seq is not None:
            self.seq, self.at = max(seq, self.seq or 0), max(at, self.at or at)

    def restart(self) -> None:
        """Begin again: the server knows only lower numbers, as another one, or one restored from a backup, does."""
        self.seq, self.at = 0, None

    def stale(self, oldest: datetime) -> Missing | None:
        """The span that the service cannot replay when the last change lies before `oldest`."""
        if self.at is None or self.at >= oldest:
            return None
        return Missing(STREAM, self.at, oldest, "no_history")

    @property
    def state(self) -> str | None:
        """The state of the connector at this place."""
        return json.dumps({"seq": self.seq, "at": self.at.isoformat()}) if self.seq is not None and self.at else None


class Chosen:
    """Which posts are ours: those with one of the words, and those we took before (bounded, in memory)."""

    def __init__(self, config: Config) -> None:
        self._words = tuple(word.casefold() for word in config.words)
        self._repos = frozenset(config.repos)
        self._taken: OrderedDict[str, None] = OrderedDict()

    def takes(self, change: Change) -> bool:
        """Whether to take the change; a removal or an edit is taken without a word when the post was."""
        if self._repos and change.repo not in self._repos:
            return False
        if not self._words:
            return True
        if change.record is not None:
            text = str(change.record.get("text", "")).casefold()
            if any(word in text for word in self._words):
                self._remember(change.uri)
                return True
        return change.uri in self._taken

    def _remember(self, uri: str) -> None:
        self._taken[uri] = None
        if len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)


def _listen(config: Config, place: Place, chosen: Chosen, stop: threading.Event) -> Iterator[Batch]:
    try:
        with Frames(_address(config, place), config, stop, config.idle_s) as frames:
            while not stop.is_set():
                yield _batch(frames.gather(GATHER), config, place, chosen)
    except Stopped:
        return


def _batch(frames: list[bytes], config: Config, place: Place, chosen: Chosen) -> Batch:
    from connectors import bluesky_firehose, bluesky_jetstream

    module = bluesky_firehose if config.transport == "firehose" else bluesky_jetstream
    batch, gone = Batch(), []
    for frame in frames:
        told = module.told(frame)
        if told.outdated and place.at is not None:
            batch.gap = Missing(STREAM, place.at, datetime.now(UTC), "no_history")
        batch.bad.extend(told.bad)
        for change in told.changes:
            if chosen.takes(change):
                event_of(change, batch)
        if told.gone:
            gone.append(told.gone)
        if told.at is not None:
            place.move(told.seq, told.at)
    batch.erased, batch.state = tuple(gone), place.state
    return batch


def _address(config: Config, place: Place) -> str:
    base = config.service.rstrip("/")
    if config.transport == "firehose":
        return f"{base}/xrpc/com.atproto.sync.subscribeRepos" + (f"?cursor={place.seq}" if place.seq is not None else "")
    wanted = [f"wantedCollections={COLLECTION}", *(f"wantedDids={repo}" for repo in config.repos)]
    if place.seq is not None:
        wanted.append(f"cursor={place.seq}")
    return f"{base}/subscribe?{'&'.join(wanted)}"
