"""What people enter: promises, changes, corrections, meetings, walls, and the audit of all of it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Big, BigId, Id, Instant, Long, Name


class Fact(Base):
    """What the store says of itself: `demo`, `company_nl`, `company_en`, `zone`, settings made on screen."""

    __tablename__ = "fact"
    key: Mapped[Name] = mapped_column(primary_key=True)
    value: Mapped[Long]


class JourneyVersion(Base):
    """A version of a journey, as `config.journey.as_dict` writes it; the newest active one is the truth."""

    __tablename__ = "journey_version"
    __table_args__ = (UniqueConstraint("journey", "version"),)
    id: Mapped[Id]
    journey: Mapped[Name]
    version: Mapped[int]
    data: Mapped[Long]
    active: Mapped[bool] = mapped_column(default=True)
    made_by: Mapped[Name]
    at: Mapped[Instant]


class KnotsVersion(Base):
    """A version of the knots by which values become marks."""

    __tablename__ = "knots_version"
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[Long]
    made_by: Mapped[Name]
    at: Mapped[Instant]


class Promise(Base):
    """A promise that marketing made; what it says stands in its versions."""

    __tablename__ = "promise"
    id: Mapped[Id]
    code: Mapped[Name] = mapped_column(unique=True)
    created_at: Mapped[Instant]


class PromiseVersion(Base):
    """A version of a promise, never overwritten. `state`: draft, approved, rejected, retired.

    Hard: `metric` within `threshold` (seconds, or the metric's unit) for a `share` of cases. Soft: `soft_mark` (6.5, 8, 9).
    """

    __tablename__ = "promise_version"
    __table_args__ = (UniqueConstraint("promise_id", "version"),)
    id: Mapped[Id]
    promise_id: Mapped[int] = mapped_column(BigId, ForeignKey("promise.id"))
    version: Mapped[int]
    state: Mapped[Name] = mapped_column(default="draft")
    text_nl: Mapped[Long]
    text_en: Mapped[Long]
    journey: Mapped[Name]
    stage: Mapped[Name]
    channel: Mapped[Name]
    segment: Mapped[Name]
    kind: Mapped[Name] = mapped_column(default="soft")
    metric: Mapped[Name]
    threshold: Mapped[float | None]
    share: Mapped[float | None]
    soft_mark: Mapped[float | None]
    valid_from: Mapped[Instant]
    valid_to: Mapped[int | None] = mapped_column(BigId)
    reach: Mapped[float] = mapped_column(default=1.0)
    emphasis: Mapped[int] = mapped_column(default=2)
    floor: Mapped[float | None]
    campaign_nl: Mapped[Name]
    campaign_en: Mapped[Name]
    said_where_nl: Mapped[Name]
    said_where_en: Mapped[Name]
    link: Mapped[Long]
    owner: Mapped[Name]
    evidence: Mapped[Long]
    made_by: Mapped[Name]
    approved_by: Mapped[Name]
    at: Mapped[Instant]


class Expectation(Base):
    """An expectation that was measured or set for a cell: mark, its variance, and how many answers it rests on."""

    __tablename__ = "expectation"
    id: Mapped[Id]
    journey: Mapped[Name]
    stage: Mapped[Name]
    channel: Mapped[Name]
    segment: Mapped[Name]
    mark: Mapped[float]
    variance: Mapped[float]
    n: Mapped[Big]
    from_at: Mapped[Instant]
    source: Mapped[Name]


class Change(Base):
    """An improvement: registered before it starts, one running per stage, checked with customers before it is decided."""

    __tablename__ = "change"
    id: Mapped[Id]
    code: Mapped[Name] = mapped_column(unique=True)
    what_nl: Mapped[Long]
    what_en: Mapped[Long]
    why_nl: Mapped[Long]
    why_en: Mapped[Long]
    kind: Mapped[Name]
    journey: Mapped[Name]
    stage: Mapped[Name]
    channel: Mapped[Name]
    metric: Mapped[Name]
    direction: Mapped[Name]
    expected: Mapped[float | None]
    state: Mapped[Name] = mapped_column(default="proposed")
    registered_at: Mapped[Instant]
    started_at: Mapped[Instant] = mapped_column(default=0)
    ramp_days: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[Instant] = mapped_column(default=0)
    due_at: Mapped[Instant] = mapped_column(default=0)
    proposed_by: Mapped[Name]
    owner: Mapped[Name]
    customer_check_nl: Mapped[Long]
    customer_check_en: Mapped[Long]
    checked_at: Mapped[Instant] = mapped_column(default=0)
    override_reason: Mapped[Long]
    cost_eur: Mapped[float | None]
    small: Mapped[bool] = mapped_column(default=False)


class Meeting(Base):
    """A customer-journey meeting: when, and what was decided."""

    __tablename__ = "meeting"
    id: Mapped[Id]
    at: Mapped[Instant]
    held: Mapped[bool] = mapped_column(default=False)
    notes_nl: Mapped[Long]
    notes_en: Mapped[Long]


class OneThing(Base):
    """The one thing that an invited colleague named: who came from which department, and what became of it."""

    __tablename__ = "one_thing"
    id: Mapped[Id]
    at: Mapped[Instant]
    guest_role: Mapped[Name]
    department: Mapped[Name]
    what_nl: Mapped[Long]
    what_en: Mapped[Long]
    journey: Mapped[Name]
    stage: Mapped[Name]
    outcome_nl: Mapped[Long]
    outcome_en: Mapped[Long]
    change_id: Mapped[int | None] = mapped_column(BigId)


class Annotation(Base):
    """A note on the time axis: campaign, outage, price change, or another event."""

    __tablename__ = "annotation"
    id: Mapped[Id]
    kind: Mapped[Name]
    text_nl: Mapped[Long]
    text_en: Mapped[Long]
    journey: Mapped[Name]
    stage: Mapped[Name]
    from_at: Mapped[Instant]
    to_at: Mapped[int | None] = mapped_column(BigId)
    made_by: Mapped[Name]
    at: Mapped[Instant]


class Correction(Base):
    """A person's correction of a stage or a sentiment: kept for good, feeds evaluation and training. `held_out` stays out."""

    __tablename__ = "correction"
    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(BigId)
    field: Mapped[Name]
    before: Mapped[Name]
    after: Mapped[Name]
    held_out: Mapped[bool] = mapped_column(default=False)
    applied: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[Name]
    at: Mapped[Instant]


class QuoteApproval(Base):
    """A person's approval (or refusal) of a quote for the wall, with the very text that was approved."""

    __tablename__ = "quote_approval"
    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(BigId)
    text: Mapped[Long]
    approved: Mapped[bool]
    made_by: Mapped[Name]
    at: Mapped[Instant]


class Panel(Base):
    """A customer on the panel, by kind: new, existing, critical, left, choosing. No names: a reference only."""

    __tablename__ = "panel"
    id: Mapped[Id]
    kind: Mapped[Name]
    reference: Mapped[Name]
    joined_at: Mapped[Instant]
    last_heard_at: Mapped[Instant] = mapped_column(default=0)


class Touchpoint(Base):
    """A touchpoint of a stage: as it is and as it should be."""

    __tablename__ = "touchpoint"
    id: Mapped[Id]
    journey: Mapped[Name]
    stage: Mapped[Name]
    name_nl: Mapped[Name]
    name_en: Mapped[Name]
    channel: Mapped[Name]
    moment_of_truth: Mapped[bool] = mapped_column(default=False)
    target: Mapped[float | None]
    as_is_nl: Mapped[Long]
    as_is_en: Mapped[Long]
    to_be_nl: Mapped[Long]
    to_be_en: Mapped[Long]


class Wall(Base):
    """A named screen: enrolled by a short-lived code, revocable, with its own language, playlist, distance, and quotes."""

    __tablename__ = "wall"
    id: Mapped[Id]
    name: Mapped[Name]
    code_hash: Mapped[Name]
    code_expires_at: Mapped[Instant] = mapped_column(default=0)
    token_hash: Mapped[Name]
    language: Mapped[Name]
    playlist: Mapped[Long]
    distance_m: Mapped[float] = mapped_column(default=5.0)
    quotes: Mapped[Name]
    confirmed_by: Mapped[Name]
    confirmed_at: Mapped[Instant] = mapped_column(default=0)
    revoked_at: Mapped[Instant] = mapped_column(default=0)
    seen_at: Mapped[Instant] = mapped_column(default=0)


class Alert(Base):
    """An alarm on a cell: when it began, how strong, and when it ended. `detail` is data, so that both languages say the same."""

    __tablename__ = "alert"
    __table_args__ = (Index("ix_alert_open", "ended_at"),)
    id: Mapped[Id]
    kind: Mapped[Name]
    journey: Mapped[Name]
    stage: Mapped[Name]
    channel: Mapped[Name]
    metric: Mapped[Name]
    began_at: Mapped[Instant]
    ended_at: Mapped[Instant] = mapped_column(default=0)
    severity: Mapped[float] = mapped_column(default=0.0)
    detail: Mapped[Long]


class Audit(Base):
    """Who did what, append-only; each row's hash covers the row before it, so that a change in the past shows."""

    __tablename__ = "audit"
    id: Mapped[Id]
    at: Mapped[Instant]
    who: Mapped[Name]
    action: Mapped[Name]
    subject: Mapped[Name]
    detail: Mapped[Long]
    previous_hash: Mapped[Name]
    hash: Mapped[Name]
