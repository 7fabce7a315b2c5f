"""Jobs: long work that survives a closed tab and a restart; the web process asks, ingest does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, case, insert, or_, select, update

from store.bulk import taking_turns
from store.counters import beat
from store.engine import reading, writing
from store.tables import Job as JobTable

TABLE: Any = JobTable.__table__
OPEN = ("waiting", "running", "cancelling")


@dataclass(frozen=True, slots=True)
class Job:
    """One job. `state`: waiting, running, cancelling, done, failed, cancelled; `total` 0 is: not known. Times are UTC ms."""

    id: int
    kind: str
    arguments: dict[str, Any]
    state: str
    done: int
    total: int
    created_at: int
    started_at: int
    heartbeat_at: int
    finished_at: int
    result: dict[str, Any]


def ask(engine: Engine, kind: str, arguments: dict[str, Any], now_ms: int) -> int:
    """Ask for a job and return its number."""
    with writing(engine) as connection:
        number = ask_within(connection, kind, arguments, now_ms)
        beat(connection, now_ms)
        return number


def ask_within(connection: Connection, kind: str, arguments: dict[str, Any], now_ms: int) -> int:
    """Ask for a job within the caller's transaction, so that what it is about and the job are kept together or not at all."""
    values = {"kind": kind, "arguments": json.dumps(arguments), "created_at": now_ms, "result": "{}"}
    made = connection.execute(insert(JobTable).values(**values))
    return int(made.inserted_primary_key[0])  # type: ignore[index]


def claim(engine: Engine, now_ms: int, dead_ms: int) -> Job | None:
    """The oldest job that waits, or that runs without a heartbeat for `dead_ms`: its worker died. It runs from now on.

    None when there is nothing to do. A cancelled job whose worker died is closed on the way. Whether there is anything is read
    first: who looks every second must not wait for a long write, nor hold one up.
    """
    dead = TABLE.c.heartbeat_at < now_ms - dead_ms
    free = or_(TABLE.c.state == "waiting", (TABLE.c.state == "running") & dead)
    lost = (TABLE.c.state == "cancelling") & dead
    with reading(engine) as connection:
        if connection.execute(select(TABLE.c.id).where(free | lost).limit(1)).first() is None:
            return None
    with taking_turns(engine) as connection:
        connection.execute(update(TABLE).where(lost).values(state="cancelled", finished_at=now_ms))
        found = connection.execute(select(TABLE).where(free).order_by(TABLE.c.id).limit(1)).first()
        if found is None:
            return None
        started = case((TABLE.c.started_at == 0, now_ms), else_=TABLE.c.started_at)
        claimed = update(TABLE).where(TABLE.c.id == found.id)
        connection.execute(claimed.values(state="running", heartbeat_at=now_ms, started_at=started))
        return _job(connection.execute(select(TABLE).where(TABLE.c.id == found.id)).one())


def progress(engine: Engine, job_id: int, done: int, total: int, now_ms: int, so_far: dict[str, Any] | None = None) -> bool:
    """Say how far a job is, and what a next worker needs to go on; False when it was cancelled meanwhile: its worker stops."""
    values: dict[str, Any] = {"done": done, "total": total, "heartbeat_at": now_ms}
    if so_far is not None:
        values["result"] = json.dumps(so_far)
    with writing(engine) as connection:
        connection.execute(update(TABLE).where(TABLE.c.id == job_id).values(values))
        return connection.scalar(select(TABLE.c.state).where(TABLE.c.id == job_id)) == "running"


def close(engine: Engine, job_id: int, state: str, result: dict[str, Any], now_ms: int) -> None:
    """End a job as done, failed or cancelled, with its result."""
    with writing(engine) as connection:
        ended = {"state": state, "result": json.dumps(result), "finished_at": now_ms, "heartbeat_at": now_ms}
        connection.execute(update(TABLE).where(TABLE.c.id == job_id).values(ended))
        beat(connection, now_ms)


def put_back(engine: Engine, job_id: int) -> None:
    """Let another worker go on with a job that runs here, since this process stops."""
    with writing(engine) as connection:
        running = (TABLE.c.id == job_id, TABLE.c.state == "running")
        connection.execute(update(TABLE).where(*running).values(state="waiting"))


def cancel(engine: Engine, job_id: int, now_ms: int) -> bool:
    """Ask a job to stop; one that only waits is cancelled at once. False when it had ended already."""
    state = case((TABLE.c.state == "waiting", "cancelled"), else_="cancelling")
    ended = case((TABLE.c.state == "waiting", now_ms), else_=0)
    with writing(engine) as connection:
        asked = update(TABLE).where(TABLE.c.id == job_id, TABLE.c.state.in_(OPEN))
        return connection.execute(asked.values(state=state, finished_at=ended)).rowcount == 1


def jobs(engine: Engine, limit: int = 50, kinds: Sequence[str] = ()) -> list[Job]:
    """The newest jobs first, at most `limit`; of these kinds when given."""
    query = select(TABLE).order_by(TABLE.c.id.desc()).limit(limit)
    with reading(engine) as connection:
        return [_job(row) for row in connection.execute(query.where(TABLE.c.kind.in_(kinds)) if kinds else query)]


def _job(row: Row) -> Job:
    values = dict(row._mapping)
    return Job(**{**values, "arguments": json.loads(row.arguments or "{}"), "result": json.loads(row.result or "{}")})
