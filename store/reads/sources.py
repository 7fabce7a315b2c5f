"""Every source as the store knows it: its state, its counts, and when it was last heard."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from store.engine import instant, reading
from store.tables import Gap, ImportBatch, Job, Quarantine, SourceState, Upkeep

PAGE = 50
DAY_MS = 86_400_000
ANNOUNCED_DAYS, URGENT_DAYS = 14, 7


@dataclass(frozen=True, slots=True)
class Source:
    """One source. Times in UTC epoch milliseconds, 0 for never; received = stored + duplicates + quarantined."""

    source: str
    connector: str
    channel: str
    status: str
    detail: str
    since_at: int
    heartbeat_at: int
    last_event_at: int
    last_stored_at: int
    cadence_s: float
    live: bool
    received: int
    stored: int
    duplicates: int
    quarantined: int
    expires_at: int = 0
    budget: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a source's reader should know: the key of a text with its values."""

    key: str
    values: dict[str, Any]
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A payload in quarantine, without the payload itself: why, since when, and how often it was tried."""

    id: int
    source: str
    stream: str
    received_at: int
    reason: str
    connector_version: str
    attempts: int
    state: str


@dataclass(frozen=True, slots=True)
class Import:
    """One import of one file, with its counts; `undone_at` 0 while it stands."""

    id: int
    source: str
    file: str
    started_at: int
    finished_at: int
    undone_at: int
    received: int
    stored: int
    duplicates: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Work:
    """A job: long work done by ingest, with its progress and what came of it."""

    id: int
    kind: str
    state: str
    done: int
    total: int
    created_at: int
    started_at: int
    heartbeat_at: int
    finished_at: int
    result: str


def read_sources(engine: Engine) -> list[Source]:
    """Every source, by name."""
    return _all(engine, SourceState, Source, SourceState.source)


def sources_if_reachable(engine: Engine) -> list[Source] | None:
    """Every source, by name; None when the store does not answer, which a watchdog must be told rather than fall over."""
    try:
        return read_sources(engine)
    except SQLAlchemyError:
        return None


def notices(source: Source, now_ms: int) -> list[Notice]:
    """What must be said of a source beside its state: its secret ends, or how much of its budget is left."""
    end = ending(source.expires_at, now_ms)
    left = [line for line in json.loads(source.budget or "[]") if line["until"] > now_ms]
    return [*([end] if end else []), *(Notice(f"ingest.left_{line['limit']}", _left(line)) for line in left)]


def ending(end_ms: int, now_ms: int) -> Notice | None:
    """That a secret ends within 14 days, or has ended; None while it is good for longer, or when its end (0) is not known.

    >>> ending(9 * DAY_MS, 2 * DAY_MS).values["days"], ending(40 * DAY_MS, 0), ending(0, 1)
    (7, None, None)
    """
    left = end_ms - now_ms
    if not end_ms or left > ANNOUNCED_DAYS * DAY_MS:
        return None
    values = {"date": f"{instant(end_ms):%Y-%m-%d}", "days": -(-left // DAY_MS)}
    if left <= 0:
        return Notice("ingest.has_expired", values, urgent=True)
    return Notice("ingest.expires_day" if values["days"] == 1 else "ingest.expires_days", values, left <= URGENT_DAYS * DAY_MS)


def _left(line: dict[str, Any]) -> dict[str, Any]:
    return {
        "left": f"{max(0, line['most'] - line['used']):g}",
        "most": f"{line['most']:g}",
        "until": f"{instant(line['until']):%Y-%m-%d %H:%M} UTC",
    }


def read_quarantine(engine: Engine, state: str = "held", limit: int = PAGE) -> list[Held]:
    """The newest payloads in quarantine in that state, at most `limit`."""
    return _all(engine, Quarantine, Held, Quarantine.id.desc(), limit, Quarantine.state == state)


def count_quarantine(engine: Engine) -> int:
    """How many payloads are held."""
    with reading(engine) as connection:
        return int(connection.scalar(select(func.count()).select_from(Quarantine).where(Quarantine.state == "held")) or 0)


def read_upkeep(engine: Engine, source: str) -> list[Notice]:
    """What looking up again and asking for missed deliveries gave for one source, and why either stands still."""
    columns = (Upkeep.kind, Upkeep.checked, Upkeep.gone, Upkeep.edited, Upkeep.detail)
    with reading(engine) as connection:
        rows = connection.execute(select(*columns).where(Upkeep.source == source).order_by(Upkeep.kind)).all()
    found = [Notice(f"ingest.upkeep_{r.kind}", {"checked": r.checked, "gone": r.gone, "edited": r.edited}) for r in rows]
    stuck = [json.loads(row.detail) for row in rows if row.detail]
    return found + [Notice(each["key"], each["values"]) for each in stuck]


def read_imports(engine: Engine, limit: int = PAGE) -> list[Import]:
    """The newest imports first."""
    return _all(engine, ImportBatch, Import, ImportBatch.id.desc(), limit)


def read_jobs(engine: Engine, limit: int = 20) -> list[Work]:
    """The newest jobs first."""
    return _all(engine, Job, Work, Job.id.desc(), limit)


def read_gaps(engine: Engine, from_ms: int) -> list[tuple[str, int, int, str]]:
    """Spans that no source could replay and that end after `from_ms`: source, from, to (UTC epoch ms), and why."""
    query = select(Gap.source, Gap.from_at, Gap.to_at, Gap.reason).where(Gap.to_at >= from_ms).order_by(Gap.from_at)
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(query)]  # type: ignore[misc]


def _all(engine: Engine, table, kind: type, order, limit: int | None = None, *conditions) -> list:
    columns = [getattr(table, name) for name in kind.__dataclass_fields__]
    query = select(*columns).where(*conditions).order_by(order)
    with reading(engine) as connection:
        return [kind(*row) for row in connection.execute(query if limit is None else query.limit(limit))]
