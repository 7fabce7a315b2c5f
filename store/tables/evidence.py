"""What customers said and lived: contacts, where they were placed, and the values observed."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Big, BigId, Id, Instant, Long, Name


class Contact(Base):
    """One post, review, conversation, call or survey answer (kind `contact`), or a reading without one (kind `measure`).

    A deleted contact stays as a tombstone: text, author and url emptied, version kept, so that a late edit cannot revive it.
    `themes` and `segments` are ids separated by single spaces, sorted. `import_id` is the import that its present state came
    from; `import_new` says that the same import brought it: an undo then removes it, and else keeps it.
    """

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("source", "stream", "external_id"),
        Index("ix_contact_case", "case_key"),
        Index("ix_contact_author", "author_key"),
        Index("ix_contact_happened", "happened_at"),
        Index(
            "ix_contact_import",
            "import_id",
            sqlite_where=text("import_id IS NOT NULL"),
            postgresql_where=text("import_id IS NOT NULL"),
        ),
        Index(
            "ix_contact_employee",
            "happened_at",
            sqlite_where=text("provenance = 'employee'"),
            postgresql_where=text("provenance = 'employee'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    source: Mapped[Name]
    stream: Mapped[Name]
    external_id: Mapped[Name]
    version: Mapped[Big]
    kind: Mapped[Name] = mapped_column(default="contact")
    channel: Mapped[Name]
    happened_at: Mapped[Instant]
    received_at: Mapped[Instant]
    author_key: Mapped[str | None]
    thread_key: Mapped[str | None]
    case_key: Mapped[str | None]
    language: Mapped[Name]
    text: Mapped[Long]
    mask_version: Mapped[int] = mapped_column(default=0)
    themes: Mapped[Name]
    segments: Mapped[Name]
    url: Mapped[Long]
    engine: Mapped[Name]
    sentiment: Mapped[float | None]
    provenance: Mapped[Name] = mapped_column(default="customer")
    import_id: Mapped[int | None] = mapped_column(BigId)
    import_new: Mapped[bool] = mapped_column(default=False)
    deleted_at: Mapped[int | None] = mapped_column(BigId)


class Placement(Base):
    """The stage of a contact within a journey, and by whom: source, rule, model or person (a person's wins for good)."""

    __tablename__ = "placement"
    contact_id: Mapped[int] = mapped_column(BigId, ForeignKey("contact.id"), primary_key=True)
    journey: Mapped[Name] = mapped_column(primary_key=True)
    stage: Mapped[Name]
    by: Mapped[Name]
    confidence: Mapped[float] = mapped_column(default=1.0)


class Observation(Base):
    """One measured value, with its place, its buckets, and its exact contribution to the rollups.

    The contribution (n, w, w2, m1, m2, v: see store/contributions.py) counts per case: of several observations of one case,
    metric, stage and channel, the earliest carries the case's mean and the others carry nothing (n = 0).
    """

    __tablename__ = "observation"
    __table_args__ = (
        Index("ix_observation_contact", "contact_id"),
        Index("ix_observation_case", "case_key", "metric"),
        Index("ix_observation_cell", "journey", "stage", "happened_at"),
    )

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(BigId, ForeignKey("contact.id"))
    metric: Mapped[Name]
    value: Mapped[float]
    count: Mapped[float] = mapped_column(default=1.0)
    weight: Mapped[float] = mapped_column(default=1.0)
    mark: Mapped[float | None]
    knots: Mapped[int] = mapped_column(default=0)
    journey: Mapped[Name]
    stage: Mapped[Name]
    channel: Mapped[Name]
    segments: Mapped[Name]
    case_key: Mapped[str | None]
    happened_at: Mapped[Instant]
    minute: Mapped[Big]
    hour: Mapped[Big]
    day: Mapped[Big]
    week: Mapped[Big]
    bin: Mapped[int] = mapped_column(default=0)
    n: Mapped[Big]
    w: Mapped[Big]
    w2: Mapped[Big]
    m1: Mapped[Big]
    m2: Mapped[Big]
    v: Mapped[Big]
