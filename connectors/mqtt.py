"""MQTT 5: records from topics, in a session that the broker keeps while we are away; acknowledged after they are stored."""

from __future__ import annotations

import hashlib
import queue
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar

from pydantic import Field, SecretStr

from connectors.aside import Stopped, aside
from connectors.base import AuthFault, BadRecord, Batch, Capabilities, CheckResult, Clock, ConfigFault, ConnectorError, Transient
from connectors.hints import checked
from connectors.hosts import NetConfig, addresses
from connectors.metering import called
from connectors.record import Fields, parse, to_event

IN_FLIGHT = 200
GATHER = 100
KEEPALIVE_S = 20  # a line that is dead is given up after twice this
REFUSED = (0x84, 0x86, 0x87, 0x8C)


class Config(NetConfig):
    """`client_id` names the session at the broker: keep it, and nothing is missed for `session_s` of absence."""

    host: str
    port: int = Field(default=8883, gt=0, lt=65536)
    tls: bool = True
    user: str = ""
    password: SecretStr = SecretStr("")
    client_id: str = Field(default="klantblik", min_length=1, max_length=65)
    topics: tuple[str, ...] = Field(min_length=1)
    fields: Fields = Fields()
    channel: str = "app"
    stage: str = ""
    session_s: int = Field(default=7 * 86400, ge=60)


class Mqtt:
    """JSON records, one per message, at least once."""

    name: ClassVar[str] = "mqtt"
    channel: ClassVar[str] = "app"
    version: ClassVar[str] = "1"
    Config = Config
    capabilities: ClassVar[Capabilities] = Capabilities("stream", 60, edits=True, deletes=True)

    def check(self, config: Config) -> CheckResult:
        """Whether the broker lets us in."""
        return checked(lambda: _try(config), "mqtt")

    def read(self, config: Config, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """What the session held, then what comes; the place is the broker's, so there is no state of ours."""
        try:
            with Session(config, stop) as session:
                while not stop.is_set():
                    yield session.batch()
        except Stopped:
            return


class Session:
    """An open session; at most 200 messages are in flight, so that a slow store holds the broker back."""

    def __init__(self, config: Config, stop: threading.Event, client_id: str | None = None) -> None:
        import paho.mqtt.client as paho
        from paho.mqtt.enums import CallbackAPIVersion

        self._config, self._stop = config, stop
        self._inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id or config.client_id, protocol=paho.MQTTv5, manual_ack=True
        )
        if config.user:
            self._client.username_pw_set(config.user, config.password.get_secret_value())
        if config.tls:
            self._client.tls_set()
        self._client.on_connect = lambda client, data, flags, reason, properties: self._inbox.put(reason)
        self._client.on_disconnect = lambda client, data, flags, reason, properties: self._inbox.put(
            Transient("the broker hung up")
        )
        self._client.on_message = lambda client, data, message: self._inbox.put(message)

    def __enter__(self) -> Session:
        from paho.mqtt.packettypes import PacketTypes
        from paho.mqtt.properties import Properties

        called()
        addresses(self._config.host, self._config.port, self._config.inside_hosts, self._stop)
        wanted = Properties(PacketTypes.CONNECT)
        wanted.SessionExpiryInterval, wanted.ReceiveMaximum = self._config.session_s, IN_FLIGHT
        self._client.connect_timeout = min(5.0, self._config.deadline_s)
        try:
            aside(lambda: self._connect(wanted), self._stop, self._config.deadline_s)
        except (OSError, ValueError) as fault:
            raise Transient(f"{self._config.host}:{self._config.port} does not answer ({fault.__class__.__name__})") from None
        self._client.loop_start()
        self._welcome()
        self._client.subscribe([(topic, 1) for topic in self._config.topics])
        return self

    def __exit__(self, *_: object) -> None:
        self._client.on_disconnect = None
        self._client.disconnect()
        self._client.loop_stop()

    def batch(self) -> Batch:
        """At most 100 messages, after waiting a second for the first; acknowledged when the batch is committed."""
        found = self._gather()
        batch = Batch(acknowledge=lambda: self._acknowledge(found))
        for message in found:
            try:
                batch.events.append(_event(message.topic, message.payload, self._config))
            except BadRecord as bad:
                batch.bad.append(bad)
        return batch

    def _connect(self, wanted: Any) -> None:
        self._client.connect(self._config.host, self._config.port, KEEPALIVE_S, clean_start=False, properties=wanted)

    def _acknowledge(self, messages: list[Any]) -> None:
        for message in messages:
            self._client.ack(message.mid, message.qos)

    def _gather(self) -> list[Any]:
        found: list[Any] = []
        until = time.monotonic() + 1.0
        while len(found) < GATHER and not self._stop.is_set():
            try:
                message = self._inbox.get(timeout=0.001 if found else 0.25)
            except queue.Empty:
                if found or time.monotonic() > until:
                    break
                continue
            if isinstance(message, ConnectorError):
                if found:
                    self._inbox.put(message)
                    break
                raise message
            found.append(message)
        return found

    def _welcome(self) -> None:
        until = time.monotonic() + self._config.deadline_s
        while time.monotonic() < until:
            try:
                reason = self._inbox.get(timeout=0.25)
            except queue.Empty:
                if self._stop.is_set():
                    raise Stopped("stopped while waiting for the broker") from None
                continue
            if isinstance(reason, ConnectorError):
                raise reason
            if not reason.is_failure:
                return
            raise (
                AuthFault(f"the broker refuses this user ({reason})")
                if reason.value in REFUSED
                else ConfigFault(f"broker: {reason}")
            )
        raise Transient("the broker did not answer in time")


def _event(topic: str, payload: bytes, config: Config) -> Any:
    record = parse(payload)
    if isinstance(record, dict) and config.fields.id not in record:
        record = {**record, config.fields.id: hashlib.sha256(topic.encode() + b"\0" + payload).hexdigest()[:32]}
    return to_event(record, config.fields, topic, config.channel, payload, config.stage or None)


def _try(config: Config) -> None:
    stop = threading.Event()
    with Session(config, stop, f"{config.client_id}-check-{int(datetime.now(UTC).timestamp())}"[:65]):
        pass
