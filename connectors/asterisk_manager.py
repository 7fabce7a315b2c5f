"""Asterisk's manager interface, asked once: how many wait and how many agents are there, per queue."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

from connectors.base import AuthFault, Transient
from connectors.hints import ScopeFault
from connectors.hosts import open_socket

if TYPE_CHECKING:
    from connectors.asterisk import Config

MOST = 1024 * 1024


class Manager:
    """One short conversation per sample: sign in, ask QueueSummary, sign off."""

    def __init__(self, config: Config, stop: threading.Event) -> None:
        self._config, self._stop, self._rest = config, stop, b""

    def queues(self) -> list[tuple[str, int, int]]:
        """(queue, callers waiting, agents signed in) of every queue; AuthFault, ScopeFault or Transient when it will not say."""
        with open_socket(self._config.host, self._config.port, self._config, self._stop) as sock:
            sock.settimeout(self._config.deadline_s)
            try:
                return self._ask(sock)
            except (OSError, UnicodeError, ValueError) as fault:
                raise Transient(f"the manager of {self._config.host} broke off ({fault.__class__.__name__})") from None

    def _ask(self, sock: socket.socket) -> list[tuple[str, int, int]]:
        secret = self._config.secret.get_secret_value()
        self._say(sock, Action="Login", Username=self._config.user, Secret=secret, Events="off")
        if self._reply(sock, "Response").get("Response") != "Success":
            raise AuthFault("the manager interface refuses this user and secret")
        self._say(sock, Action="QueueSummary", ActionID="klantblik")
        answer = self._reply(sock, "Response")
        if answer.get("Response") != "Success":
            raise ScopeFault(f"the manager account may not ask for queues ({answer.get('Message', '')[:80]})")
        found = []
        while (event := self._reply(sock, "Event")).get("Event") != "QueueSummaryComplete":
            if event.get("Event") == "QueueSummary":
                found.append((event["Queue"], int(event.get("Callers", 0)), int(event.get("LoggedIn", 0))))
        self._say(sock, Action="Logoff")
        return found

    def _say(self, sock: socket.socket, **fields: str) -> None:
        if any("\r" in value or "\n" in value for value in fields.values()):
            raise AuthFault("user, secret: found a line break, expected none")
        sock.sendall("".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode() + b"\r\n")

    def _reply(self, sock: socket.socket, kind: str) -> dict[str, str]:
        """The next packet that is a `kind`; others are passed over."""
        while True:
            while b"\r\n\r\n" not in self._rest:
                part = sock.recv(65536)
                if not part or len(self._rest) > MOST:
                    raise ConnectionError
                self._rest += part
            packet, _, self._rest = self._rest.partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in packet.decode("utf-8", "replace").split("\r\n") if ": " in line)
            if kind in fields:
                return fields
