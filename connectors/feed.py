"""Feeds: RSS, Atom and app-store reviews, asked with the last ETag; an entry that changed is a new version."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit
from xml.sax import SAXException

from connectors.aside import Stopped
from connectors.base import BadRecord, Batch, Capabilities, CheckResult, Clock, Event, Reading, Said, Transient
from connectors.hints import checked
from connectors.hosts import NetConfig
from connectors.markup import plain_text
from connectors.moments import milliseconds, moment
from connectors.record import number, plain
from connectors.web import Web

STREAM = "entries"
RATINGS = ("im_rating", "rating", "review_rating")


class Config(NetConfig):
    """One feed. `rating` names the metric that an entry's stars (1-5) measure."""

    url: str
    stage: str = ""
    channel: str = "review"
    rating: str = "csat"


class Feed:
    """The entries of one feed, as often as it changes."""

    name: ClassVar[str] = "feed"
    channel: ClassVar[str] = "review"
    version: ClassVar[str] = "1"
    Config = Config
    capabilities: ClassVar[Capabilities] = Capabilities("poll", 900, edits=True)

    def check(self, config: Config) -> CheckResult:
        """Whether there is a feed at the address."""
        return checked(lambda: _ask(config, Place(None), threading.Event(), lambda: datetime.now(UTC)), "feed")

    def read(self, config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """The entries that are new or changed since the state."""
        place = Place(state)
        try:
            entries = _ask(config, place, stop, clock)
        except Stopped:
            return
        batch = Batch()
        for entry in entries:
            try:
                batch.events.extend(_event(entry, config, place, clock()))
            except (ValueError, TypeError, AttributeError) as fault:
                batch.bad.append(BadRecord(json.dumps(entry, default=str).encode(), f"no entry: {fault}", STREAM))
        batch.state = place.state
        yield batch


class Place:
    """The feed's validators, and per entry still in it the hash of its words and how often they changed."""

    def __init__(self, state: str | None) -> None:
        known = json.loads(state) if state else {}
        self.etag, self.modified = known.get("etag", ""), known.get("modified", "")
        self._seen: dict[str, list] = known.get("seen", {})
        self._now: dict[str, list] = {}

    def change(self, id: str, words: str) -> int | None:
        """How often the entry changed so far; None when it is as we saw it."""
        digest = hashlib.sha256(words.encode()).hexdigest()[:16]
        old = self._seen.get(id)
        count = 0 if old is None else old[1] + (old[0] != digest)
        self._now[id] = [digest, count]
        return None if old is not None and old[0] == digest else count

    @property
    def state(self) -> str:
        """The state of the connector: entries that left the feed are forgotten."""
        return json.dumps({"etag": self.etag, "modified": self.modified, "seen": self._now or self._seen})


def _ask(config: Config, place: Place, stop: threading.Event, clock: Clock) -> list[Any]:
    import feedparser

    conditions = {"if-none-match": place.etag, "if-modified-since": place.modified}
    with Web(config, stop, clock) as web:
        answer = web.get(config.url, headers={name: value for name, value in conditions.items() if value})
    if answer.status == 304:
        return []
    found = feedparser.parse(answer.body, sanitize_html=False)
    broken = found.get("bozo_exception")
    if isinstance(broken, SAXException) or not found.get("version"):
        raise Transient(f"{urlsplit(config.url).hostname} gave no whole feed ({broken.__class__.__name__})")
    place.etag, place.modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
    return list(found.entries)


def _event(entry: Mapping[str, Any], config: Config, place: Place, now: datetime) -> list[Event]:
    id = plain(entry.get("id") or entry.get("link"), 500)
    if not id:
        raise ValueError("id: found neither id nor link")
    body = entry.get("content") or ()
    parts = (entry.get("title"), body[0].get("value") if body else entry.get("summary"))
    words = "\n".join(plain(plain_text(part)) for part in parts if part)
    stars = next((entry[name] for name in RATINGS if entry.get(name) not in (None, "")), None)
    count = place.change(id, f"{words}|{stars}|{entry.get('updated', '')}")
    if count is None:
        return []
    stamp = entry.get("published") or entry.get("updated")
    at = min(moment(stamp), now) if stamp else now
    updated = milliseconds(moment(entry["updated"])) if entry.get("updated") else 0
    readings = [Reading(config.rating, number(stars, config.rating))] if stars is not None else []
    author = plain(entry.get("author") or "", 300) or None
    said = Said(
        config.channel, words, author=author, stage=config.stage or None, url=plain(entry.get("link"), 2000), readings=readings
    )
    return [Event(STREAM, id, max(updated, milliseconds(at)) + count, "upsert", at, said)]
