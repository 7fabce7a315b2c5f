"""The corridor's own bookkeeping: cursors, gaps, inbox, quarantine, imports, jobs and the pulse."""

from __future__ import annotations

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Big, BigId, Id, Instant, Long, Name


class Cursor(Base):
    """How far a source was read. `epoch` rises at each start; a stale runner's commit is refused (fencing)."""

    __tablename__ = "cursor"
    source: Mapped[Name] = mapped_column(primary_key=True)
    state: Mapped[Long]
    epoch: Mapped[Big]
    updated_at: Mapped[Instant]


class SourceState(Base):
    """How a source is doing: its state, its counts (received = stored + duplicates + quarantined), and its own cadence.

    `status`: live, waiting, late, stopped, sign_in, expired, config, unreachable, done. `detail` is a text key with its values
    (JSON). `budget` lists each limit with what was used of it (JSON); `expires_at` is when its secret ends, 0 is: not known.
    """

    __tablename__ = "source_state"
    source: Mapped[Name] = mapped_column(primary_key=True)
    connector: Mapped[Name]
    channel: Mapped[Name]
    status: Mapped[Name]
    detail: Mapped[Long]
    since_at: Mapped[Instant] = mapped_column(default=0)
    heartbeat_at: Mapped[Instant] = mapped_column(default=0)
    last_event_at: Mapped[Instant] = mapped_column(default=0)
    last_stored_at: Mapped[Instant] = mapped_column(default=0)
    cadence_s: Mapped[float] = mapped_column(default=3600.0)
    live: Mapped[bool] = mapped_column(default=False)
    wall_quotes: Mapped[bool] = mapped_column(default=True)
    expires_at: Mapped[Instant] = mapped_column(default=0)
    budget: Mapped[Long]
    received: Mapped[Big]
    stored: Mapped[Big]
    duplicates: Mapped[Big]
    quarantined: Mapped[Big]


class Usage(Base):
    """What a source used of its budget in one hour (UTC): `measure` calls or items."""

    __tablename__ = "usage"
    source: Mapped[Name] = mapped_column(primary_key=True)
    measure: Mapped[Name] = mapped_column(primary_key=True)
    hour_at: Mapped[Instant] = mapped_column(primary_key=True, autoincrement=False)
    amount: Mapped[Big]


class Upkeep(Base):
    """What ingest does for a source beside reading it, and how far it is: `kind` verify or missed; `place` is where it goes on.

    `finished_at` 0 is: under way. `detail` is a text key with its values (JSON): why it stands still.
    """

    __tablename__ = "upkeep"
    source: Mapped[Name] = mapped_column(primary_key=True)
    kind: Mapped[Name] = mapped_column(primary_key=True)
    place: Mapped[Long]
    began_at: Mapped[Instant] = mapped_column(default=0)
    finished_at: Mapped[Instant] = mapped_column(default=0)
    checked: Mapped[Big]
    gone: Mapped[Big]
    edited: Mapped[Big]
    detail: Mapped[Long]


class Pulse(Base):
    """One row whose version rises with every commit that changes what a screen may show; the wall looks at nothing else."""

    __tablename__ = "pulse"
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[Big]
    at: Mapped[Instant] = mapped_column(default=0)


class Gap(Base):
    """A span that a source could not replay: drawn as a gap, never as calm."""

    __tablename__ = "gap"
    id: Mapped[Id]
    source: Mapped[Name]
    stream: Mapped[Name]
    from_at: Mapped[Instant]
    to_at: Mapped[Instant]
    reason: Mapped[Name]


class Inbox(Base):
    """A webhook's raw delivery, committed before it is answered."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("source", "delivery_id"), Index("ix_inbox_state", "state"))
    id: Mapped[Id]
    source: Mapped[Name]
    delivery_id: Mapped[Name]
    received_at: Mapped[Instant]
    headers: Mapped[Long]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[Name] = mapped_column(default="new")


class Quarantine(Base):
    """A payload that could not be read: raw bytes (256 kB at most), why, and by which version of the connector."""

    __tablename__ = "quarantine"
    __table_args__ = (Index("ix_quarantine_source", "source", "state"),)
    id: Mapped[Id]
    source: Mapped[Name]
    stream: Mapped[Name]
    received_at: Mapped[Instant]
    reason: Mapped[Long]
    connector_version: Mapped[Name]
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    attempts: Mapped[int] = mapped_column(default=1)
    state: Mapped[Name] = mapped_column(default="held")
    import_id: Mapped[int | None] = mapped_column(BigId)


class ImportBatch(Base):
    """One import of one file, with its mapping and counts; it can be undone."""

    __tablename__ = "import_batch"
    id: Mapped[Id]
    source: Mapped[Name]
    file: Mapped[Long]
    sha256: Mapped[Name]
    mapping: Mapped[Long]
    started_at: Mapped[Instant]
    finished_at: Mapped[Instant] = mapped_column(default=0)
    undone_at: Mapped[Instant] = mapped_column(default=0)
    received: Mapped[Big]
    stored: Mapped[Big]
    duplicates: Mapped[Big]
    quarantined: Mapped[Big]


class Job(Base):
    """Long work, done by ingest: progress, speed, cancel and resume."""

    __tablename__ = "job"
    id: Mapped[Id]
    kind: Mapped[Name]
    arguments: Mapped[Long]
    state: Mapped[Name] = mapped_column(default="waiting")
    done: Mapped[Big]
    total: Mapped[Big]
    created_at: Mapped[Instant]
    started_at: Mapped[Instant] = mapped_column(default=0)
    heartbeat_at: Mapped[Instant] = mapped_column(default=0)
    finished_at: Mapped[Instant] = mapped_column(default=0)
    result: Mapped[Long]


class Result(Base):
    """What a job computed for a screen, with the moment that it holds for."""

    __tablename__ = "result"
    name: Mapped[Name] = mapped_column(primary_key=True)
    as_of: Mapped[Instant] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[Long]


class Erasure(Base):
    """An author or account that must not be stored again: checked on each later insert. `source` '' is every source."""

    __tablename__ = "erasure"
    __table_args__ = (UniqueConstraint("author_key", "source"),)
    id: Mapped[Id]
    source: Mapped[Name]
    author_key: Mapped[Name]
    at: Mapped[Instant]
    reason: Mapped[Name]
