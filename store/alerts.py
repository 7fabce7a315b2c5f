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


def keep_alerts(engine: Engine, kind: str, wanted: Mapping[tuple[str, ...], Begun], now_ms: int, again_ms: int = 0) -> int:
    """Open what is wanted and not open yet, end what is open and not wanted any more (of this kind); how many changed.

    What stands keeps the moment at which it began; its strength and its detail are told anew. What ended less than `again_ms`
    ago and is wanted again is that same alarm, which goes on.
    """
    held = open_alerts(engine, kind)
    resumed = {key: one for key, one in open_alerts(engine, kind, now_ms - again_ms).items() if key in wanted and key not in held}
    held |= resumed
    fresh = [begun for key, begun in wanted.items() if key not in held]
    over = [one.id for key, one in held.items() if key not in wanted]
    told = {key: json.dumps(dict(begun.detail)) for key, begun in wanted.items()}
    anew = [key for key in held if key in told and (key in resumed or held[key].detail != told[key])]
    if not fresh and not over and not anew:
        return 0
    with taking_turns(engine) as connection:
        for begun in fresh:
            values = {
                name: getattr(begun, name) for name in ("kind", "journey", "stage", "channel", "metric", "began_at", "severity")
            }
            connection.execute(insert(Alert).values(**values, detail=told[begun.key]))
        for key in anew:
            now = {"detail": told[key], "severity": wanted[key].severity, "ended_at": 0}
            connection.execute(update(Alert).where(Alert.id == held[key].id).values(**now))
        if over:
            connection.execute(update(Alert).where(Alert.id.in_(over)).values(ended_at=now_ms))
        beat(connection, now_ms)
    return len(fresh) + len(over) + len(anew)


@dataclass(frozen=True, slots=True)
class Held:
    """An alarm that is open: its row, since when (UTC epoch ms), and its detail as stored."""

    id: int
    began_at: int
    detail: str


def open_alerts(engine: Engine, kind: str, ended_after: int | None = None) -> dict[tuple[str, ...], Held]:
    """The open alarms of a kind by what names them; with `ended_after` (UTC epoch ms) those that ended since then instead."""
    over = Alert.ended_at == 0 if ended_after is None else Alert.ended_at > max(0, ended_after)
    query = select(Alert.__table__).where(Alert.kind == kind, over).order_by(Alert.id)
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return {
        (row.kind, row.journey, row.stage, row.channel, row.metric, str(json.loads(row.detail or "{}").get("code", ""))): Held(
            row.id, row.began_at, row.detail
        )
        for row in rows
    }
