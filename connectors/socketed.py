"""Frames of a WebSocket, in handfuls: bounded, with pings that notice a half-open connection, and ended by `stop`."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

from connectors.aside import aside
from connectors.base import AuthFault, ConfigFault, RateLimited, Transient
from connectors.hosts import NetConfig, open_socket

MAX_FRAME = 5 * 1024 * 1024
HEARTBEAT = 1.0


class Frames:
    """An open WebSocket; `gather` gives what came, and nothing after a second of silence."""

    def __init__(self, address: str, config: NetConfig, stop: threading.Event, idle_s: float) -> None:
        self._address, self._config, self._stop, self._idle = address, config, stop, idle_s
        self._socket: Any = None
        self._open_ones = ExitStack()

    def __enter__(self) -> Frames:
        self._socket = aside(self._open, self._stop, self._config.deadline_s)
        return self

    def __exit__(self, *_: object) -> None:
        aside(self._open_ones.close, threading.Event(), 3.0)

    def gather(self, most: int) -> list[bytes]:
        """At most `most` frames: all that are here, after waiting up to a second for the first; Transient when it broke."""
        from websockets.exceptions import ConnectionClosed

        found: list[bytes] = []
        until = time.monotonic() + HEARTBEAT
        try:
            while len(found) < most and not self._stop.is_set():
                wait = 0.0 if found else max(0.0, min(0.25, until - time.monotonic()))
                try:
                    frame = self._socket.recv(timeout=wait)
                    found.append(frame if isinstance(frame, bytes) else frame.encode())
                except TimeoutError:
                    if found or time.monotonic() >= until:
                        break
        except ConnectionClosed as fault:
            if not found:
                raise Transient(f"the stream was closed ({fault.__class__.__name__})") from None
        return found

    def _open(self) -> Any:
        from websockets.exceptions import InvalidHandshake, InvalidStatus, InvalidURI
        from websockets.sync.client import connect

        parts = urlsplit(self._address)
        if parts.scheme not in ("ws", "wss") or (parts.scheme == "ws" and parts.hostname not in self._config.inside_hosts):
            raise ConfigFault(
                f"service: found {parts.scheme}://{parts.hostname}, expected wss:// (ws:// for listed inside hosts)"
            )
        port = parts.port or (443 if parts.scheme == "wss" else 80)
        sock = open_socket(parts.hostname or "", port, self._config, self._stop)
        try:
            opening = connect(
                self._address, sock=sock, proxy=None, open_timeout=self._config.deadline_s, close_timeout=1,
                ping_interval=self._idle / 2, ping_timeout=self._idle / 2, max_size=MAX_FRAME, max_queue=64,
            )  # fmt: skip
            return self._open_ones.enter_context(opening)
        except InvalidStatus as fault:
            raise _refused(parts.hostname, fault.response.status_code) from None
        except (InvalidHandshake, InvalidURI, EOFError, OSError) as fault:
            raise Transient(f"{parts.hostname} does not open a stream ({fault.__class__.__name__})") from None


def _refused(host: str | None, status: int) -> Exception:
    where = f"{host} answered {status}"
    if status in (401, 403):
        return AuthFault(where)
    if status == 429:
        return RateLimited(where)
    return Transient(where) if status >= 500 else ConfigFault(f"{where}: check the address of the service")
