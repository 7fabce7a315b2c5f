"""The contract of a connector: declare, check, read. It never sleeps, commits or retries: the runner does.

Errors, by what the caller must do:

    ConnectorError
    ├── ConfigFault     stop, and say which setting
    ├── AuthFault       stop, and ask to sign in again
    ├── RateLimited     wait until the source allows more
    ├── Transient       wait and try again
    └── BadRecord       quarantine this payload and go on
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict

Clock = Callable[[], datetime]


class ConnectorError(Exception):
    """Anything that went wrong between us and a source; the message never holds a secret or a payload."""


class ConfigFault(ConnectorError):
    """The settings cannot work; trying again will not help."""


class AuthFault(ConnectorError):
    """The source refuses our credentials: a person must sign in again."""


class RateLimited(ConnectorError):
    """The source asks us to wait until `until` (UTC)."""

    def __init__(self, message: str, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class Transient(ConnectorError):
    """The source is away for a while; `retry_after` seconds when it said so."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class BadRecord(ConnectorError):
    """One payload that cannot be read; it goes to quarantine and the rest goes on."""

    def __init__(self, raw: bytes, why: str, stream: str = "") -> None:
        super().__init__(why)
        self.raw, self.why, self.stream = raw, why, stream


@dataclass(slots=True)
class Reading:
    """One value that the source measured itself: metric id of metrics/registry, value in its unit, over `count` cases."""

    metric: str
    value: float
    count: float = 1.0
    weight: float = 1.0


@dataclass(slots=True)
class Said:
    """What an event says, in the product's own words; everything a source does not know stays at its default.

    `stage` is the source's own name of a stage (an id or alias of the journey). `author` is the source's id of the customer:
    it becomes a keyed hash before it is stored. `open_since` marks a question that nobody answered yet.
    """

    channel: str
    text: str = ""
    language: str | None = None
    author: str | None = None
    thread: str | None = None
    case: str | None = None
    stage: str | None = None
    segments: tuple[str, ...] = ()
    url: str = ""
    kind: Literal["contact", "measure"] = "contact"
    provenance: Literal["customer", "employee"] = "customer"
    readings: list[Reading] = field(default_factory=list)
    unanswered: tuple[str, ...] = ()


@dataclass(slots=True)
class Event:
    """One thing that happened at a source, in one of its versions. Newer versions replace older ones; a delete has its own."""

    stream: str
    external_id: str
    version: int
    op: Literal["upsert", "delete"]
    occurred_at: datetime
    said: Said | None = None
    raw: bytes = b""


@dataclass(slots=True)
class Missing:
    """A span that the source cannot replay; `reason` is a key under [gap] of the language files."""

    stream: str
    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a batch comes from, as an import that people can take back; `since` (epoch ms) is when it was first met.

    `mapping` says how its columns were read (JSON); `ended` when this is its last batch.
    """

    file: str
    sha256: str
    mapping: str
    since: int
    ended: bool = False


@dataclass(slots=True)
class Batch:
    """What one step of reading gave: events, bad records, the state after them (JSON text), and perhaps a gap.

    `erased` are the source's ids of authors whose account went away upstream.
    """

    events: list[Event] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)
    state: str | None = None
    gap: Missing | None = None
    erased: tuple[str, ...] = ()
    acknowledge: Callable[[], None] | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What `check` found, with a hint in both languages: what to do next."""

    code: Literal["ok", "config", "sign_in", "unreachable", "scope"]
    hint_nl: str = ""
    hint_en: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a connector can do and how often it should be heard; `wall_quotes` False where the source forbids altered quotes.

    `batch` is the most items that one batch brings, `items_per_month` the budget where none is set (0: no limit), and
    `verify_every_h` within how many hours everything stored should be looked up again.
    """

    mode: Literal["stream", "poll", "push", "once"]
    cadence_s: float
    edits: bool = False
    deletes: bool = False
    backfill: bool = False
    verify: bool = False
    wall_quotes: bool = True
    batch: int = 1
    items_per_month: int = 0
    verify_every_h: float = 168.0


class ConnectorConfig(BaseModel):
    """The settings of one connector; unknown keys are refused, secrets mask themselves."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Connector(Protocol):
    """A source, one class per file. `read` yields at least every heartbeat, also an empty batch, and ends when `stop` is set.

    A `stream` reads until `stop`. A `poll` ends when it has caught up: the runner reads again after `capabilities.cadence_s`.
    A `push` source is a Receiver and has no `read`; `once` ends for good.
    """

    name: ClassVar[str]
    channel: ClassVar[str]
    version: ClassVar[str]
    Config: ClassVar[type[ConnectorConfig]]
    capabilities: ClassVar[Capabilities]

    def check(self, config: Any) -> CheckResult:
        """Whether these settings reach the source, and if not, what to do."""
        ...

    def read(self, config: Any, state: str | None, stop: threading.Event, clock: Clock) -> Iterator[Batch]:
        """Batches from the state on (None: from the beginning)."""
        ...


class Verifier(Protocol):
    """A connector that can say whether posts still exist upstream."""

    def verify(self, config: Any, ids: Sequence[str]) -> Iterable[Event]:
        """Deletes and edits for those of `ids` that changed upstream."""
        ...


class Expiring(Protocol):
    """A connector whose vendor says until when our secret is good."""

    def expires(self, config: Any) -> datetime | None:
        """When the secret ends (UTC); None when the vendor sets no end, or does not say."""
        ...


class Receiver(Protocol):
    """A push source: the vendor calls us. Every method is pure, and whatever the signature does not cover is not believed.

    The inbox calls `authenticate` before it stores a delivery, and `events` when it processes what it stored.
    """

    name: ClassVar[str]
    channel: ClassVar[str]
    version: ClassVar[str]
    Config: ClassVar[type[ConnectorConfig]]
    capabilities: ClassVar[Capabilities]

    def check(self, config: Any) -> CheckResult:
        """Whether these settings can verify a delivery, and if not, what to do."""
        ...

    def authenticate(self, config: Any, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """The delivery's id, the same for each retry of it; AuthFault (401) when not signed by the source, or too old."""
        ...

    def events(self, config: Any, headers: Mapping[str, str], body: bytes) -> list[Event]:
        """What an authenticated delivery says; BadRecord when it cannot be read."""
        ...

    def accept(self, config: Any, headers: Mapping[str, str], body: bytes, now: datetime) -> list[Event]:
        """Both in one: signature first, then the events."""
        ...

    def handshake(self, config: Any, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> str | None:
        """The text that proves to the vendor that this address is ours; None when the request is no such question."""
        ...
