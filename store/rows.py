"""What the pipeline hands to the store: a batch of prepared rows, ready to be written in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Observed:
    """One value of one metric, in its unit (a mean when `count` > 1); `mark` 1-10, None for shares; `bin` for durations."""

    metric: str
    value: float
    mark: float | None = None
    bin: int = 0
    count: float = 1.0
    weight: float = 1.0
    knots: int = 0


@dataclass(slots=True)
class Placed:
    """A stage within a journey, by source, rule, model or person; stage '' is: not placed."""

    journey: str
    stage: str
    by: str
    confidence: float = 1.0


@dataclass(slots=True)
class Row:
    """One event, prepared. Times are UTC epoch milliseconds; text is masked already; a delete carries only its identity."""

    source: str
    stream: str
    external_id: str
    version: int
    op: str
    happened_at: int
    received_at: int
    kind: str = "contact"
    channel: str = ""
    author_key: str | None = None
    thread_key: str | None = None
    case_key: str | None = None
    language: str = ""
    text: str = ""
    mask_version: int = 0
    themes: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    url: str = ""
    engine: str = ""
    sentiment: float | None = None
    provenance: str = "customer"
    import_id: int | None = None
    placed: list[Placed] = field(default_factory=list)
    observed: list[Observed] = field(default_factory=list)


@dataclass(slots=True)
class Refused:
    """A payload for quarantine: raw bytes and the reason."""

    stream: str
    raw: bytes
    reason: str
    connector_version: str = ""


@dataclass(slots=True)
class Missed:
    """A span that the source cannot replay, in UTC epoch milliseconds."""

    stream: str
    from_at: int
    to_at: int
    reason: str


@dataclass(slots=True)
class Batch:
    """Everything of one transaction: rows, refused payloads, gaps, and the cursor that may move only with them."""

    source: str
    rows: list[Row] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    state: str | None = None
    epoch: int | None = None
    import_id: int | None = None
    import_ended: bool = False
    forgotten: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a batch: received = stored + duplicates + quarantined."""

    received: int
    stored: int
    duplicates: int
    quarantined: int
