"""A source that plays what a test writes down, and a stand-in for a receiver."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from connectors.base import AuthFault, BadRecord, Batch, Capabilities, CheckResult, ConnectorConfig
from ingest.sources import Source

from .conftest import event


class Config(ConnectorConfig):
    pass


@dataclass
class Scripted:
    """Plays its script once per call of `read`: a batch is yielded, a fault raised, a function called; the last one repeats."""

    scripts: list[list[Any]]
    mode: str = "stream"
    cadence_s: float = 0.05
    name: str = "scripted"
    channel: str = "social"
    version: str = "1"
    Config: type = Config
    states: list[str | None] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)
    read_at: list[float] = field(default_factory=list)

    @property
    def capabilities(self):
        return Capabilities(self.mode, self.cadence_s)

    def check(self, config):
        return CheckResult("ok")

    def read(self, config, state, stop, clock):
        self.states.append(state)
        self.read_at.append(time.monotonic())
        script = self.scripts[min(len(self.states), len(self.scripts)) - 1]
        for step in script:
            if stop.is_set():
                return
            if isinstance(step, Exception):
                raise step
            if callable(step):
                step = step(stop)
                if step is None:
                    continue
            yield step

    def source(self, name="fake"):
        return Source(name, self, Config())


def told(*ids, state=None, bad=0, acknowledge=None, **more):
    """A batch of events with these ids."""
    events = [event(str(id)) for id in ids]
    return Batch(events, [BadRecord(b"raw", "broken") for _ in range(bad)], state, acknowledge=acknowledge, **more)


def idle(stop: threading.Event):
    """A source that has nothing to say until it is stopped."""
    while not stop.wait(0.02):
        pass


def quiet(stop: threading.Event):
    """A moment without news, with the heartbeat that the contract asks for."""
    stop.wait(0.02)
    return Batch()


class Signed:
    """A receiver whose deliveries are signed with the word `secret`."""

    name, channel, version, Config = "signed", "chat", "1", Config
    capabilities = Capabilities("push", 60)

    def check(self, config):
        return CheckResult("ok")

    def authenticate(self, config, headers, body, now):
        if headers.get("signature") != "secret":
            raise AuthFault("signature: not right")
        return headers["delivery"]

    def events(self, config, headers, body):
        if body == b"broken":
            raise BadRecord(body, "not understood")
        return [event(body.decode(), channel="chat")]

    def handshake(self, config, query, headers, body):
        return query.get("challenge") or (body.decode().removeprefix("challenge ") if body.startswith(b"challenge ") else None)
