"""tweepy with what it lacks: a time-out on every request, allowed addresses only, faults of ours, and a way to end a hang."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
import tweepy
from requests.adapters import HTTPAdapter

from connectors.base import AuthFault, Clock, ConfigFault, ConnectorError, RateLimited, Transient
from connectors.hosts import addresses
from connectors.metering import called
from connectors.web import retry_at
from connectors.x_posts import FIELDS

if TYPE_CHECKING:
    from connectors.x import Config

OFFICIAL = "https://api.twitter.com"
TAG = "klantblik"


def by_status(status: int) -> ConnectorError:
    """The fault of a refused request: X asks to wait 5 s after its own failures; the token and the rules are ours to mend."""
    if status in (401, 403):
        return AuthFault(f"X answered {status}: the token is refused or lacks this right")
    if status in (420, 429):
        return RateLimited(f"X answered {status}: too many requests or connections")
    if status >= 500:
        return Transient(f"X answered {status}", retry_after=5)
    return ConfigFault(f"X answered {status}: check the rules")


class Adapter(HTTPAdapter):
    """Sends tweepy's requests to `api`, each with a time-out (connect, silence), to an allowed address only."""

    def __init__(self, config: Config, silence_s: float, stop: threading.Event) -> None:
        super().__init__(max_retries=0)
        self._config, self._silence, self._stop = config, silence_s, stop
        self._sockets: list[socket.socket] = []
        _remember(self.poolmanager, self._sockets)

    def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
        """The answer; Transient, ConfigFault as `addresses` raises them, Spent when the budget has no call left."""
        called()
        request.url = str(request.url).replace(OFFICIAL, self._config.api.rstrip("/"), 1)
        parts = urlsplit(request.url)
        if parts.scheme != "https" and parts.hostname not in self._config.inside_hosts:
            raise ConfigFault(f"api: found {parts.scheme}://{parts.hostname}, expected https")
        addresses(parts.hostname or "", parts.port or 443, self._config.inside_hosts, self._stop)
        return super().send(request, stream=stream, timeout=(10.0, self._silence), verify=verify, cert=cert, proxies={})

    def hang_up(self) -> None:
        """End every connection, which wakes a thread that waits for it."""
        for sock in self._sockets:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


def _remember(manager: Any, sockets: list[socket.socket]) -> None:
    """Make urllib3's connections note their sockets: its documented way is a ConnectionCls of one's own."""

    def noting(pool: Any) -> Any:
        class Connection(pool.ConnectionCls):
            def connect(self) -> None:
                super().connect()
                sockets.append(self.sock)

        return type(pool.__name__, (pool,), {"ConnectionCls": Connection})

    manager.pool_classes_by_scheme = {scheme: noting(pool) for scheme, pool in manager.pool_classes_by_scheme.items()}


class Client:
    """The three questions that the connector asks X."""

    def __init__(self, config: Config, stop: threading.Event, clock: Clock) -> None:
        self.config, self._stop, self._clock = config, stop, clock
        self._tweepy = tweepy.Client(config.token.get_secret_value(), return_type=dict, wait_on_rate_limit=False)  # type: ignore[arg-type]
        self._tweepy.session.mount(OFFICIAL, Adapter(config, config.deadline_s, stop))

    def search(self, rule: str, since: str | None, page: str | None) -> tuple[list[dict[str, Any]], str | None]:
        """A page of posts that match, newest first, and the next page's token."""
        answer = self._ask(
            lambda: self._tweepy.search_recent_tweets(rule, since_id=since, next_token=page, max_results=100, tweet_fields=FIELDS)
        )
        posts = answer.get("data") or []
        if not isinstance(posts, list):
            raise Transient("the answer of the search holds no list of posts")
        return posts, (answer.get("meta") or {}).get("next_token")

    def posts(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Those of up to 100 posts that can still be seen."""
        return self._ask(lambda: self._tweepy.get_tweets(list(ids), tweet_fields=FIELDS)).get("data") or []

    def keep_rules(self, rules: Iterable[str]) -> None:
        """Make X's stream follow exactly these rules, each tagged with itself."""
        stream = self.stream()
        known = self._ask(stream.get_rules).get("data") or []
        wanted = set(rules)
        stale = [rule["id"] for rule in known if rule.get("value") not in wanted]
        missing = wanted - {rule.get("value") for rule in known if rule.get("tag") == rule.get("value")}
        if stale:
            self._ask(lambda: stream.delete_rules(stale))
        if missing:
            self._ask(lambda: stream.add_rules([tweepy.StreamRule(value, value) for value in sorted(missing)]))

    def stream(self, kind: type[tweepy.StreamingClient] = tweepy.StreamingClient) -> tweepy.StreamingClient:
        """A streaming client of this `kind` through an adapter of its own."""
        client = kind(self.config.token.get_secret_value(), return_type=dict, daemon=True)  # type: ignore[arg-type]
        client.session.mount(OFFICIAL, Adapter(self.config, self.config.idle_s, self._stop))
        return client

    def _ask(self, question: Any) -> Any:
        try:
            found = question()
        except tweepy.TooManyRequests as fault:
            until = retry_at({name.lower(): value for name, value in fault.response.headers.items()}, self._clock())
            raise RateLimited("X: too many requests", until=until or self._clock() + timedelta(seconds=60)) from None
        except tweepy.HTTPException as fault:
            raise by_status(fault.response.status_code) from None
        except (requests.RequestException, ValueError, RecursionError, tweepy.TweepyException) as fault:
            raise Transient(f"X does not answer or breaks off ({fault.__class__.__name__})") from None
        if not isinstance(found, dict):
            raise Transient(f"X answered with {type(found).__name__}, expected an object")
        return found
