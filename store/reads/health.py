"""How each source is doing, for the watchdog."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from store.tables import SourceState


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source's state and counts; times in UTC epoch milliseconds, 0 for never."""

    source: str
    status: str
    live: bool
    heartbeat_at: int
    last_event_at: int
    cadence_s: float
    received: int
    stored: int
    duplicates: int
    quarantined: int


def read_health(engine: Engine) -> list[SourceHealth] | None:
    """Every source, by name; None when the store does not answer."""
    state = SourceState
    wanted = [getattr(state, name) for name in SourceHealth.__dataclass_fields__]
    try:
        with engine.connect() as connection:
            return [SourceHealth(*row) for row in connection.execute(select(*wanted).order_by(state.source))]
    except SQLAlchemyError:
        return None
