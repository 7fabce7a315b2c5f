"""The fan-out: the newest frame to every listener, a heartbeat in between, and nobody waits for a slow one.

Each listener holds no queue, only the wish to be woken: it always gets the newest frame, never an old one late. A listener that
does not take what is sent within SLOW_S is dropped; its browser connects again and gets the present state at once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Receive, Scope, Send

BEAT_S = 2.0
SLOW_S = 10.0
FULL = 1000
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


def event(name: str, data: Mapping[str, Any] | str, id: str = "") -> bytes:
    r"""One server-sent event, encoded; `data` becomes one line of JSON.

    >>> event("beat", {"now": 1}, id="a1")
    b'id: a1\nevent: beat\ndata: {"now":1}\n\n'
    """
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    head = f"id: {id}\n" if id else ""
    return f"{head}event: {name}\ndata: {text}\n\n".encode()


@dataclass(eq=False)
class Listener:
    """One open stream: what it has had, which enrolled screen it is (0: none), its rule for quotes, and its own events."""

    wall: int = 0
    quotes: str = ""
    had: str = ""
    own: list[bytes] = field(default_factory=list)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    beats: int = 0
    closed: bool = False


class Hub:
    """The newest frame and everyone who listens; all methods belong to the event loop's thread."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.frame, self.frame_id, self.beat = b"", "", b""
        self.told: Mapping[str, Any] = {}
        self.others: Mapping[str, Mapping[str, Any]] = {}
        self.encoded: dict[str, bytes] = {}
        self.beats, self.dropped, self.closing = 0, 0, False

    def join(self, wall: int = 0, had: str = "", quotes: str = "") -> Listener:
        """A new listener; `had` is the id of the last frame it saw, which it is not sent again; `quotes` its own rule, if any."""
        listener = Listener(wall=wall, quotes=quotes, had=had, beats=self.beats, closed=self.closing)
        self.listeners.add(listener)
        listener.wake.set()
        return listener

    def leave(self, listener: Listener) -> None:
        """Forget this listener."""
        self.listeners.discard(listener)

    def publish(self, frame: Mapping[str, Any], id: str, others: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Make this the newest frame and wake everyone; `others` is what differs in it by rule for quotes."""
        self.frame, self.frame_id = event("frame", frame, id), id
        self.told, self.others, self.encoded = frame, others or {}, {}
        self._wake(self.listeners)

    def quote(self, wall: int, quotes: str) -> None:
        """Let the streams of this enrolled screen follow this rule for quotes; they get the newest frame by it at once."""
        mine = [listener for listener in self.listeners if listener.wall == wall]
        for listener in mine:
            listener.quotes = quotes
        self._wake(mine)

    def pulse(self, data: Mapping[str, Any]) -> None:
        """Send a heartbeat to everyone."""
        self.beat, self.beats = event("beat", data), self.beats + 1
        self._wake(self.listeners)

    def tell(self, wall: int, message: bytes, close: bool = False) -> None:
        """Send an event to the streams of one enrolled screen; with `close`, end them after it."""
        mine = [listener for listener in self.listeners if listener.wall == wall]
        for listener in mine:
            listener.own.append(message)
            listener.closed = listener.closed or close
        self._wake(mine)

    def close(self) -> None:
        """End every stream, so that the server can stop at once."""
        self.closing = True
        for listener in self.listeners:
            listener.closed = True
        self._wake(self.listeners)

    async def chunks(self, listener: Listener) -> AsyncIterator[bytes]:
        """What this listener still has to get, as it comes; ends when the hub or the listener is closed."""
        while True:
            await listener.wake.wait()
            listener.wake.clear()
            while listener.own:
                yield listener.own.pop(0)
            if listener.closed:
                return
            id = f"{self.frame_id}-{listener.quotes}" if listener.quotes in self.others else self.frame_id
            if self.frame and listener.had != id:
                listener.had = id
                yield self._frame(listener.quotes, id)
            if self.beat and listener.beats != self.beats:
                listener.beats = self.beats
                yield self.beat

    def _frame(self, quotes: str, id: str) -> bytes:
        if quotes not in self.others:
            return self.frame
        if quotes not in self.encoded:
            self.encoded[quotes] = event("frame", {**self.told, **self.others[quotes]}, id)
        return self.encoded[quotes]

    @staticmethod
    def _wake(listeners: set[Listener] | list[Listener]) -> None:
        for listener in listeners:
            listener.wake.set()


class Stream:
    """An ASGI answer that streams a listener's events until either side ends, or the other side stops taking them."""

    def __init__(self, hub: Hub, listener: Listener, slow_s: float = SLOW_S) -> None:
        self.hub, self.listener, self.slow_s = hub, listener, slow_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.create_task(self._gone(receive))
        try:
            await self._send_all(send)
        except TimeoutError:
            self.hub.dropped += 1
        except OSError:
            pass  # the other side is gone; there is nobody left to tell
        finally:
            gone.cancel()
            self.hub.leave(self.listener)

    async def _send_all(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
        async for chunk in self.hub.chunks(self.listener):
            async with asyncio.timeout(self.slow_s):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.listener.closed = True
        self.listener.wake.set()
