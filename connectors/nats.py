"""NATS JetStream: records from a durable consumer; acknowledged after they are stored, delivered again when they were not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from typing import Any, ClassVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from connectors.aside import Stopped
from connectors.base import AuthFault, BadRecord, Batch, Capabilities, CheckResult, Clock, ConfigFault, ConnectorError, Transient
from connectors.hints import checked
from connectors.hosts import NetConfig, addresses
from connectors.metering import called
from connectors.record import Fields, parse, to_event

GATHER = 200
PING_S = 20  # a line that is dead is given up at the third ping without an answer


class Config(NetConfig):
    """`durable` names the consumer at the server: keep it, and reading goes on where it stopped."""

    server: str = Field(description="tls://nats.example.org:4222")
    stream: str
    subject: str = ">"
    durable: str = Field(default="klantblik", min_length=1)
    token: SecretStr = SecretStr("")
    user: str = ""
    password: SecretStr = SecretStr("")
    fields: Fields = Fields()
    channel: str = "app"
    stage: str = ""


class Nats:
    """JSON records, one per message, at least once; without a version of its own a record has its place in the stream."""

    name: ClassVar[str] = "nats"
    channel: ClassVar[str] = "app"
    version: ClassVar[str] = "1"
    Config = Config
    capabilities: ClassVar[Capabilities] = Capabilities("stream", 60, edits=True, deletes=True, backfill=True)

    def check(self, config: Config) -> CheckResult:
        """Whether the server lets us in and knows the stream."""
        return checked(lambda: _try(config), "nats")

    def read(self, config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """What the consumer has not acknowledged yet, then what comes; the place is the server's."""
        try:
            with Consumer(config, stop) as consumer:
                consumer.subscribe()
                while not stop.is_set():
                    yield consumer.batch()
        except Stopped:
            return


class Consumer:
    """A connection with a loop in a thread of its own, so that a batch can be acknowledged from any thread."""

    def __init__(self, config: Config, stop: threading.Event) -> None:
        self._config, self._stop = config, stop
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="nats", daemon=True)
        self._connection: Any = None
        self._messages: Any = None

    def __enter__(self) -> Consumer:
        called()
        self._thread.start()
        try:
            self._connection = self._ask(self._open())
        finally:
            if self._connection is None:
                self._end()
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._run(self._connection.close(), quietly=True)
        except (ConnectorError, TimeoutError):
            return
        finally:
            self._end()

    def subscribe(self) -> None:
        """Bind to the durable consumer, and make it at the first time."""
        stream = self._config.stream
        self._messages = self._ask(
            self._connection.jetstream().pull_subscribe(self._config.subject, self._config.durable, stream)
        )

    def stream_info(self) -> None:
        """ConfigFault when the server has no such stream."""
        self._ask(self._connection.jetstream().stream_info(self._config.stream))

    def batch(self) -> Batch:
        """At most 200 messages, after waiting a second for the first; Transient when the connection is gone."""
        try:
            found = self._run(self._messages.fetch(GATHER, timeout=1))
        except TimeoutError:
            found = []
        if not self._connection.is_connected:
            raise Transient("the server of NATS hung up")
        batch = Batch(acknowledge=lambda: self._acknowledge(found))
        for message in found:
            try:
                batch.events.append(_event(message, self._config))
            except BadRecord as bad:
                batch.bad.append(bad)
        return batch

    def _acknowledge(self, messages: list[Any]) -> None:
        """Tell the server; when it is away the messages come again, and then change nothing."""
        if not messages or not self._thread.is_alive():
            return
        try:
            self._run(_acknowledge(messages), quietly=True)
        except (ConnectorError, TimeoutError):
            return

    async def _open(self) -> Any:
        import nats

        parts = urlsplit(self._config.server)
        addresses(parts.hostname or "", parts.port or 4222, self._config.inside_hosts, self._stop)
        given = {"token": self._config.token.get_secret_value(), "user": self._config.user,
                 "password": self._config.password.get_secret_value()}  # fmt: skip
        known = {name: value for name, value in given.items() if value}
        return await nats.connect(
            self._config.server, allow_reconnect=False, connect_timeout=min(5, int(self._config.deadline_s) or 1),
            ping_interval=PING_S, max_outstanding_pings=2, error_cb=_quiet, **known,
        )  # fmt: skip

    def _ask(self, work: Coroutine[Any, Any, Any]) -> Any:
        try:
            return self._run(work)
        except TimeoutError:
            raise Transient("NATS did not answer in time") from None

    def _run(self, work: Coroutine[Any, Any, Any], quietly: bool = False) -> Any:
        import nats.errors
        import nats.js.errors

        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        for _ in range(int(self._config.deadline_s * 4) + 1):
            try:
                return future.result(timeout=0.25)
            except TimeoutError:
                if future.done():
                    raise
                if self._stop.is_set() and not quietly:
                    future.cancel()
                    raise Stopped("stopped while waiting for NATS") from None
            except nats.js.errors.NotFoundError:
                raise ConfigFault(f"stream: the server has no {self._config.stream!r}") from None
            except (nats.js.errors.Error, nats.errors.Error, OSError) as fault:
                raise _fault(fault) from None
        future.cancel()
        raise Transient("NATS did not answer in time")

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(2)


async def _acknowledge(messages: list[Any]) -> None:
    for message in messages:
        await message.ack()


async def _quiet(fault: Exception) -> None:
    """nats-py would print a fault; each one reaches us as the fault of a call."""


def _fault(fault: Exception) -> Exception:
    words = str(fault).casefold()
    if "authorization" in words or "authentication" in words:
        return AuthFault("NATS refuses this user or token")
    return Transient(f"NATS does not answer or breaks off ({fault.__class__.__name__})")


def _event(message: Any, config: Config) -> Any:
    record = parse(message.data)
    if isinstance(record, dict):
        place = message.metadata.sequence.stream
        record = {config.fields.id: f"{config.stream}/{place}", config.fields.version: place, **record}
    return to_event(record, config.fields, message.subject, config.channel, message.data, config.stage or None)


def _try(config: Config) -> None:
    with Consumer(config, threading.Event()) as consumer:
        consumer.stream_info()
