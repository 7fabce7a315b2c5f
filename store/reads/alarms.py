"""Alarms as screens and charts read them: what stands, what stood in a span, and what customers of one stage said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, or_, select

from store.engine import reading
from store.tables import Alert, Contact, Placement


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm, from and until when (UTC epoch ms; `ended_at` 0 while it stands); `detail` is data, never words of ours."""

    id: int
    kind: str
    stage: str
    channel: str
    metric: str
    began_at: int
    ended_at: int
    severity: float
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Saying:
    """What one contact said: its masked text, language, and themes."""

    text: str
    language: str
    themes: tuple[str, ...]


def alarms_between(engine: Engine, journey: str, from_ms: int, to_ms: int, kind: str = "") -> list[Alarm]:
    """The alarms that stood at any moment from `from_ms` to `to_ms` (UTC epoch ms, end left out), the strongest first."""
    query = select(Alert.__table__).where(Alert.journey == journey, Alert.began_at < to_ms)
    query = query.where(or_(Alert.ended_at == 0, Alert.ended_at > from_ms)).order_by(Alert.severity.desc(), Alert.id)
    if kind:
        query = query.where(Alert.kind == kind)
    with reading(engine) as connection:
        return [_alarm(row) for row in connection.execute(query)]


def open_alarms(connection: Connection, journey: str) -> list[Alarm]:
    """The alarms that have not ended, the strongest first, within the caller's transaction."""
    query = select(Alert.__table__).where(Alert.ended_at == 0, Alert.journey == journey)
    return [_alarm(row) for row in connection.execute(query.order_by(Alert.severity.desc(), Alert.id))]


def said(engine: Engine, journey: str, stage: str, from_ms: int, to_ms: int, limit: int = 2000) -> list[Saying]:
    """What customers said of a stage from `from_ms` to `to_ms` (end left out), newest first; never what was taken back."""
    query = select(Contact.text, Contact.language, Contact.themes).join(Placement, Placement.contact_id == Contact.id)
    query = query.where(Placement.journey == journey, Placement.stage == stage, Contact.deleted_at.is_(None), Contact.text != "")
    query = query.where(Contact.happened_at >= from_ms, Contact.happened_at < to_ms)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(Contact.happened_at.desc(), Contact.id.desc()).limit(limit)).all()
    return [Saying(row.text, row.language, tuple((row.themes or "").split())) for row in rows]


def _alarm(row: Row) -> Alarm:
    names = ("id", "kind", "stage", "channel", "metric", "began_at", "ended_at", "severity")
    return Alarm(**{name: getattr(row, name) for name in names}, detail=json.loads(row.detail or "{}"))
