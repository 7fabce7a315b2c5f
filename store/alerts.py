"""Alerts: an alarm begins once and ends once, and the screens hear of both."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, insert, select, update

from store.bulk import taking_turns
from store.counters import beat
from store.engine import reading
from store.tables import Alert


@dataclass(frozen=True, slots=True)
class Begun:
    """An alarm that should be open: what names it, and since when (UTC epoch ms). `detail` is data, never words."""

    kind: str
    journey: str
    stage: str
    channel: str
    metric: str
    began_at: int
    severity: float
    detail: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same alarm the next time."""
        return (self.kind, self.journey, self.stage, self.channel, self.metric, str(self.detail.get("code", "")))


def keep_alerts(engine: Engine, kind: str, wanted: Mapping[tuple[str, ...], Begun], now_ms: int) -> int:
    """Open what is wanted and not open yet, end what is open and not wanted any more (of this kind); how many changed."""
    held = open_alerts(engine, kind)
    fresh = [begun for key, begun in wanted.items() if key not in held]
    over = [id for key, id in held.items() if key not in wanted]
    if not fresh and not over:
        return 0
    with taking_turns(engine) as connection:
        for begun in fresh:
            values = {
                name: getattr(begun, name) for name in ("kind", "journey", "stage", "channel", "metric", "began_at", "severity")
            }
            connection.execute(insert(Alert).values(**values, detail=json.dumps(dict(begun.detail))))
        if over:
            connection.execute(update(Alert).where(Alert.id.in_(over)).values(ended_at=now_ms))
        beat(connection, now_ms)
    return len(fresh) + len(over)


def open_alerts(engine: Engine, kind: str) -> dict[tuple[str, ...], int]:
    """The open alarms of a kind: their key and id."""
    query = select(Alert.__table__).where(Alert.kind == kind, Alert.ended_at == 0)
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return {
        (row.kind, row.journey, row.stage, row.channel, row.metric, str(json.loads(row.detail or "{}").get("code", ""))): row.id
        for row in rows
    }
