"""Rollups: the sums that screens read, kept exactly equal to a recount of the observations.

Every figure is a whole number, so that adding and taking away leaves nothing behind:
n cases · w sum of weights in thousandths · w2 sum of squared weights in millionths · m1 sum of weight x mark in thousandths ·
m2 sum of weight x mark squared in millionths · v sum of weight x value in thousandths of the metric's unit.
`segment` is '' for all customers; a segment has rows of its own, and segments are never summed. `stage` '' is: not placed.
`bin` is the duration bin (metrics/bins.py) for metrics that have bins, else 0.
Buckets: minute and hour are whole minutes and hours since 1970 UTC; day is 20261125 and week 202648 in the company's zone.
"""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Big, Instant, Name


class _Rollup:
    bucket: Mapped[Instant] = mapped_column(primary_key=True, autoincrement=False)
    journey: Mapped[Name] = mapped_column(primary_key=True)
    stage: Mapped[Name] = mapped_column(primary_key=True)
    channel: Mapped[Name] = mapped_column(primary_key=True)
    segment: Mapped[Name] = mapped_column(primary_key=True)
    metric: Mapped[Name] = mapped_column(primary_key=True)
    bin: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[Big]
    w: Mapped[Big]
    w2: Mapped[Big]
    m1: Mapped[Big]
    m2: Mapped[Big]
    v: Mapped[Big]


class RollupMinute(_Rollup, Base):
    """By the minute, kept 48 hours."""

    __tablename__ = "rollup_minute"
    __table_args__ = {"sqlite_with_rowid": False}


class RollupHour(_Rollup, Base):
    """By the hour (UTC), kept 400 days."""

    __tablename__ = "rollup_hour"
    __table_args__ = {"sqlite_with_rowid": False}


class RollupDay(_Rollup, Base):
    """By the local day, kept for good."""

    __tablename__ = "rollup_day"
    __table_args__ = {"sqlite_with_rowid": False}


class RollupWeek(_Rollup, Base):
    """By the local ISO week, kept for good."""

    __tablename__ = "rollup_week"
    __table_args__ = {"sqlite_with_rowid": False}


class RollupTheme(Base):
    """Contacts per theme: level is hour, day or week; n contacts, nm of them with a mark, m1 sum of those (thousandths)."""

    __tablename__ = "rollup_theme"
    __table_args__ = {"sqlite_with_rowid": False}

    level: Mapped[Name] = mapped_column(primary_key=True)
    bucket: Mapped[Instant] = mapped_column(primary_key=True, autoincrement=False)
    journey: Mapped[Name] = mapped_column(primary_key=True)
    stage: Mapped[Name] = mapped_column(primary_key=True)
    channel: Mapped[Name] = mapped_column(primary_key=True)
    theme: Mapped[Name] = mapped_column(primary_key=True)
    n: Mapped[Big]
    nm: Mapped[Big]
    m1: Mapped[Big]


LEVELS: dict[str, type] = {"minute": RollupMinute, "hour": RollupHour, "day": RollupDay, "week": RollupWeek}
