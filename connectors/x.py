"""X: the filtered stream through tweepy, recent search to catch up, and look-ups of what is stored; each post is paid for."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal

from pydantic import Field, SecretStr, field_validator

from connectors.aside import Stopped, aside
from connectors.base import BadRecord, Batch, Capabilities, CheckResult, Clock, Event, Missing
from connectors.hints import checked
from connectors.hosts import NetConfig
from connectors.moments import FINAL
from connectors.x_client import Client
from connectors.x_posts import FIELDS, STREAM, event_of, stamp
from connectors.x_stream import Tap

REPLAY = timedelta(days=7)
HEARTBEAT = 1.0
PAGE = 100


class Config(NetConfig):
    """`rules` are X's own search rules, one per stream of posts, such as `(@klm OR klm) lang:nl -is:retweet`."""

    token: SecretStr = Field(description="bearer token of an app with access to the filtered stream or recent search")
    rules: tuple[str, ...] = Field(min_length=1)
    listen: Literal["stream", "search"] = "stream"
    search_every_s: float = Field(default=60.0, ge=5)
    idle_s: float = Field(default=40.0, gt=0, description="seconds without X's keep-alive (every 20 s) that end it")
    api: str = "https://api.twitter.com"

    @field_validator("rules")
    @classmethod
    def _short(cls, rules: tuple[str, ...]) -> tuple[str, ...]:
        for rule in rules:
            if not 0 < len(rule) <= 512:
                raise ValueError(f"rules: found one of {len(rule)} characters, expected 1 to 512")
        return rules


class X:
    """Posts that match the rules. X forbids showing a post altered, so walls get its numbers and never its words."""

    name: ClassVar[str] = "x"
    channel: ClassVar[str] = "social"
    version: ClassVar[str] = "1"
    Config = Config
    capabilities: ClassVar[Capabilities] = Capabilities(
        "stream", 60, edits=True, deletes=True, backfill=True, verify=True, wall_quotes=False,
        batch=PAGE, items_per_month=10_000, verify_every_h=24,
    )  # fmt: skip

    def check(self, config: Config) -> CheckResult:
        """Whether the token may search for the first rule."""
        client = Client(config, threading.Event(), lambda: datetime.now(UTC))
        return checked(lambda: aside(lambda: client.search(config.rules[0], None, None), threading.Event(), 10), "x")

    def read(self, config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """What was missed (at most seven days back), then what comes."""
        place = Place(state, config, clock())
        client = Client(config, stop, clock)
        try:
            yield from _missed(client, config, place, stop, clock)
            if config.listen == "stream":
                yield from _stream(client, config, place, stop)
            while not stop.wait(HEARTBEAT):
                yield Batch(state=place.state)
                if place.search_due(clock(), config.search_every_s):
                    yield from _missed(client, config, place, stop, clock)
        except Stopped:
            return

    def verify(self, config: Config, ids: Sequence[str]) -> Iterable[Event]:
        """A final delete for each post that is gone or protected, and the newest version of each that was edited."""
        client = Client(config, threading.Event(), lambda: datetime.now(UTC))
        for at in range(0, len(ids), PAGE):
            asked = ids[at : at + PAGE]
            found = {post["id"]: post for post in client.posts(asked)}
            newest = [post["edit_history_tweet_ids"][-1] for post in found.values() if _edited(post)]
            yield from (event_of(post) for post in (client.posts(newest) if newest else ()))
            yield from (Event(STREAM, id, FINAL, "delete", datetime.now(UTC)) for id in asked if id not in found)


class Place:
    """How far each rule was read: its highest post id."""

    def __init__(self, state: str | None, config: Config, now: datetime) -> None:
        known = json.loads(state) if state else {}
        self.since: dict[str, str] = {rule: id for rule, id in known.get("since", {}).items() if rule in config.rules}
        self.searched = now

    def seen(self, rule: str, id: str) -> None:
        """Take in the id of a post: longer is higher, as ids are numbers."""
        self.since[rule] = max(self.since.get(rule, ""), id, key=lambda known: (len(known), known))

    def search_due(self, now: datetime, every_s: float) -> bool:
        """Whether it is time for the next search."""
        return (now - self.searched).total_seconds() >= every_s

    @property
    def state(self) -> str:
        """The state of the connector at this place."""
        return json.dumps({"since": self.since})


def _missed(client: Client, config: Config, place: Place, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
    place.searched = clock()
    for rule in config.rules:
        since = place.since.get(rule)
        oldest = clock() - REPLAY
        if since is not None and stamp(since) < oldest:
            yield Batch(gap=Missing(STREAM, stamp(since), oldest, "seven_days"))
            since = None
        page, highest = None, []
        while True:
            posts, page = aside(lambda s=since, p=page, r=rule: client.search(r, s, p), stop, config.deadline_s)
            highest.extend(str(post["id"]) for post in posts)
            if page is None:
                for id in highest:
                    place.seen(rule, id)
            yield _batch(posts, place)
            if page is None:
                break


def _stream(client: Client, config: Config, place: Place, stop: threading.Event) -> Iterator[Batch]:
    aside(lambda: client.keep_rules(config.rules), stop, config.deadline_s)
    with Tap(client, FIELDS) as tap:
        while not stop.is_set():
            found = tap.gather(PAGE, HEARTBEAT)
            if found is None:
                raise tap.ended()
            yield _heard(found, config, place)


def _heard(lines: list[bytes], config: Config, place: Place) -> Batch:
    posts, bad = [], []
    for line in lines:
        try:
            said = json.loads(line)
            post = said["data"]
            for rule in said.get("matching_rules", ()):
                if rule.get("tag") in config.rules:
                    place.seen(rule["tag"], str(post["id"]))
            posts.append(post)
        except (ValueError, KeyError, TypeError, RecursionError) as fault:
            bad.append(BadRecord(line, f"no line of the filtered stream: {fault!r}", STREAM))
    batch = _batch(posts, place)
    batch.bad.extend(bad)
    return batch


def _batch(posts: Sequence[Any], place: Place) -> Batch:
    batch = Batch(state=place.state)
    for post in posts:
        try:
            batch.events.append(event_of(post))
        except BadRecord as bad:
            batch.bad.append(bad)
    return batch


def _edited(post: Any) -> bool:
    return len(post.get("edit_history_tweet_ids") or ()) > 1 and post["edit_history_tweet_ids"][-1] != post["id"]
