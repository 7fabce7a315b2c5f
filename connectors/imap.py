"""IMAP: complaints and survey mail from one folder, pushed by IDLE; it is opened to read only: nothing is marked or moved."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from pydantic import Field, SecretStr

from connectors.aside import Stopped, aside
from connectors.base import AuthFault, BadRecord, Batch, Capabilities, CheckResult, Clock, ConfigFault, Transient
from connectors.hints import checked
from connectors.hosts import NetConfig, addresses
from connectors.mail import event_of
from connectors.metering import called

PAGE = 50
MOST = 2_000_000
HEARTBEAT = 10.0
IDLE_S = 9 * 60


class Config(NetConfig):
    """One folder of one mailbox. `own_senders` are addresses or domains of the company, whose mail is no customer's."""

    host: str
    port: int = Field(default=993, gt=0, lt=65536)
    tls: bool = True
    user: str = Field(min_length=1)
    password: SecretStr = Field(min_length=1)
    folder: str = "INBOX"
    stage: str = ""
    own_senders: tuple[str, ...] = ()


class Imap:
    """Mail, each once by its Message-ID; removing a mail from the folder is tidying, and no delete for us."""

    name: ClassVar[str] = "imap"
    channel: ClassVar[str] = "email"
    version: ClassVar[str] = "1"
    Config = Config
    capabilities: ClassVar[Capabilities] = Capabilities("stream", 30, backfill=True)

    def check(self, config: Config) -> CheckResult:
        """Whether the mailbox opens and holds this folder."""
        return checked(lambda: _try(config), "imap")

    def read(self, config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """Mail after the last one seen, then each that arrives; all again when the server renumbered the folder."""
        known = json.loads(state) if state else {"validity": 0, "uid": 0}
        try:
            with Folder(config, stop) as folder:
                uid = known["uid"] if known["validity"] == folder.validity else 0
                while not stop.is_set():
                    found = folder.after(uid)
                    for at in range(0, len(found), PAGE):
                        page = found[at : at + PAGE]
                        yield _batch(folder, page, config, clock())
                        uid = page[-1]
                    if not found:
                        yield Batch(state=json.dumps({"validity": folder.validity, "uid": uid}))
                        folder.wait()
        except Stopped:
            return


class Folder:
    """An open folder; every question ends by the deadline or at `stop`."""

    def __init__(self, config: Config, stop: threading.Event) -> None:
        self._config, self._stop, self.validity = config, stop, 0
        self._client: Any = None
        self._idle_until = 0.0

    def __enter__(self) -> Folder:
        self._client = self._ask(self._open)
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up at once: a folder that is read only has nothing to be said goodbye to."""
        self._client.shutdown()

    def after(self, uid: int) -> list[int]:
        """The numbers above `uid`. A server answers `n+1:*` with the last mail when nothing is new: that one is left out."""
        self._end_idle()
        return sorted(n for n in self._ask(lambda: self._client.search(["UID", f"{uid + 1}:*"])) if n > uid)

    def fetch(self, uids: list[int]) -> dict[int, dict[bytes, Any]]:
        """The first 2 MB of each mail, and when it arrived."""
        return self._ask(lambda: self._client.fetch(uids, [f"BODY.PEEK[]<0.{MOST}>", "INTERNALDATE"]))

    def wait(self) -> None:
        """Until the server says that something changed, at most 10 seconds; servers without IDLE are asked each 10 s."""
        if not self._client.has_capability("IDLE"):
            self._stop.wait(HEARTBEAT)
            return
        if not self._idle_until:
            self._ask(self._client.idle)
            self._idle_until = time.monotonic() + IDLE_S
        until = time.monotonic() + HEARTBEAT
        while time.monotonic() < until and not self._stop.is_set():
            if self._ask(lambda: self._client.idle_check(timeout=0.5)) or time.monotonic() > self._idle_until:
                return

    def _end_idle(self) -> None:
        if self._idle_until:
            self._ask(self._client.idle_done)
            self._idle_until = 0.0

    def _open(self) -> Any:
        from imapclient import IMAPClient, SocketTimeout

        called()
        addresses(self._config.host, self._config.port, self._config.inside_hosts, self._stop)
        limits = SocketTimeout(connect=min(5.0, self._config.deadline_s), read=self._config.deadline_s)
        client = IMAPClient(self._config.host, self._config.port, ssl=self._config.tls, timeout=limits)  # type: ignore[arg-type]
        client.login(self._config.user, self._config.password.get_secret_value())
        client.normalise_times = False
        self.validity = int(client.select_folder(self._config.folder, readonly=True)[b"UIDVALIDITY"])
        return client

    def _ask(self, call: Any) -> Any:
        from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

        try:
            return aside(call, self._stop, self._config.deadline_s)
        except LoginError:
            raise AuthFault("the mail server refuses this user and password") from None
        except IMAPClientAbortError as fault:
            raise Transient(f"the mail server broke off ({fault.__class__.__name__})") from None
        except IMAPClientError:
            raise ConfigFault(f"folder: the server does not open {self._config.folder!r}") from None
        except (OSError, ValueError) as fault:
            raise Transient(f"{self._config.host}:{self._config.port} does not answer ({fault.__class__.__name__})") from None


def _batch(folder: Folder, uids: list[int], config: Config, now: datetime) -> Batch:
    batch = Batch(state=json.dumps({"validity": folder.validity, "uid": uids[-1]}))
    for found in folder.fetch(uids).values():
        raw = next((value for name, value in found.items() if name.startswith(b"BODY[]")), b"") or b""
        try:
            event = event_of(raw, found.get(b"INTERNALDATE") or now, config.own_senders, config.stage)
            batch.events.extend([event] if event else [])
        except BadRecord as bad:
            batch.bad.append(bad)
    return batch


def _try(config: Config) -> None:
    with Folder(config, threading.Event()):
        pass
