"""X's filtered stream, tapped: tweepy reads in a thread of its own, we take from a bounded queue, and it never reconnects.

tweepy 4.17 reconnects without pause after a close (121 connections in 2 s), dies at one malformed line, and sleeps 60 s on a 429
that nothing can interrupt. Here every end of a connection ends the tap: the runner alone decides when to come back.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from typing import TYPE_CHECKING

import tweepy

from connectors.base import ConnectorError, Transient
from connectors.metering import called
from connectors.x_client import by_status

if TYPE_CHECKING:
    from connectors.x_client import Client

HELD = 1000


class _Stream(tweepy.StreamingClient):
    lines: queue.Queue[bytes]
    fault: ConnectorError | None = None

    def on_data(self, raw_data):
        """Hand the line on as it is; an operational disconnect ends the tap."""
        if b'"errors"' in raw_data and self._told_to_go(raw_data):
            return
        while self.running and not self._put(raw_data):
            continue

    def _put(self, raw: bytes) -> bool:
        try:
            self.lines.put(raw, timeout=0.25)
        except queue.Full:
            return False
        return True

    def _told_to_go(self, raw: bytes) -> bool:
        try:
            said = json.loads(raw)
        except (ValueError, RecursionError):
            return False
        if not isinstance(said, dict) or "data" in said:
            return False
        titles = ", ".join(str(each.get("title", "")) for each in said.get("errors", ()) if isinstance(each, dict))
        self._end(Transient(f"X ended the stream: {titles[:100]}"))
        return True

    def on_closed(self, response):
        """X closed the connection."""
        self._end(Transient("X closed the stream"))

    def on_connection_error(self):
        """The connection broke, or nothing came for too long."""
        self._end(Transient("the stream of X broke or fell silent"))

    def on_request_error(self, status_code):
        """X refused to open the stream."""
        self._end(by_status(status_code))

    def on_exception(self, exception):
        """Whatever else went wrong in tweepy's thread."""
        ours = isinstance(exception, ConnectorError)
        self._end(exception if ours else Transient(f"the stream of X ended ({exception.__class__.__name__})"))

    def _end(self, fault: ConnectorError) -> None:
        self.fault = self.fault or fault
        self.disconnect()


class Tap:
    """The open stream; `gather` gives lines, an empty list after a silence, and None when it has ended."""

    def __init__(self, client: Client, fields: list[str]) -> None:
        self._stream: _Stream = client.stream(_Stream)  # type: ignore[assignment]
        self._stream.lines = queue.Queue(HELD)
        self._fields, self._thread = fields, None

    def __enter__(self) -> Tap:
        called()  # here, since tweepy's thread knows no meter
        self._stream.running = False
        self._thread = self._stream.filter(threaded=True, tweet_fields=self._fields)
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.disconnect()
        for adapter in self._stream.session.adapters.values():
            getattr(adapter, "hang_up", lambda: None)()

    def gather(self, most: int, wait_s: float) -> list[bytes] | None:
        """At most `most` lines, after waiting up to `wait_s` for the first."""
        found: list[bytes] = []
        until = time.monotonic() + wait_s
        while len(found) < most:
            left = until - time.monotonic()
            try:
                found.append(self._stream.lines.get(timeout=0.05 if not found and left > 0 else 0.0001))
            except queue.Empty:
                if found or left <= 0 or not self._alive():
                    break
        return found if found or self._alive() else None

    def ended(self) -> ConnectorError:
        """Why the stream ended."""
        return self._stream.fault or Transient("the stream of X ended")

    def _alive(self) -> bool:
        return isinstance(self._thread, threading.Thread) and self._thread.is_alive()
