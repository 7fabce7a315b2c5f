"""Who did what: append-only, each row's hash covering the row before it, the head kept apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Row, insert, select, update

from store.tables import Audit, Fact

HEAD = "audit_head"


@dataclass(frozen=True, slots=True)
class Broken:
    """A row of the audit that does not fit the one before it (id 0: rows are missing at the end)."""

    id: int
    why: str


def record(connection: Connection, who: str, action: str, subject: str, detail: Mapping[str, object] | str, now_ms: int) -> str:
    """Append a row within the caller's transaction (`store.people.writing`) and return its hash (64 hexadecimal digits).

    `detail` is kept as JSON with sorted keys; never put a customer's words or a secret in it.
    """
    data = detail if isinstance(detail, str) else json.dumps(detail, sort_keys=True, ensure_ascii=False)
    previous = connection.scalar(select(Audit.hash).order_by(Audit.id.desc()).limit(1)) or ""
    digest = chained(previous, (now_ms, who, action, subject, data))
    row = {"at": now_ms, "who": who, "action": action, "subject": subject, "detail": data}
    connection.execute(insert(Audit).values(**row, previous_hash=previous, hash=digest))
    _keep_head(connection, digest)
    return digest


def chained(previous: str, row: Sequence[object]) -> str:
    """SHA-256 over the previous hash and the row (at, who, action, subject, detail), as 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps([previous, *row], ensure_ascii=False).encode()).hexdigest()


def verify(engine: Engine) -> list[Broken]:
    """Every row whose content, hash or place in the chain was changed; an empty list when the audit is whole."""
    with engine.connect() as connection:
        rows = connection.execute(select(Audit.__table__).order_by(Audit.id)).all()
        head = connection.scalar(select(Fact.value).where(Fact.key == HEAD)) or ""
    broken, previous = [], ""
    for row in rows:
        why = _fault(row, previous)
        if why:
            broken.append(Broken(row.id, why))
        previous = row.hash
    if head != previous:
        broken.append(Broken(0, f"the last row is {previous[:12] or 'missing'}, expected {head[:12] or 'none'}"))
    return broken


def entries(engine: Engine, subject: str = "", limit: int = 100) -> list[Row]:
    """The newest audit rows first, at most `limit`; of one subject (such as `promise B-07`) when given."""
    query = select(Audit.__table__).order_by(Audit.id.desc()).limit(limit)
    if subject:
        query = query.where(Audit.subject == subject)
    with engine.connect() as connection:
        return list(connection.execute(query).all())


def _fault(row: Row, previous: str) -> str:
    if row.previous_hash != previous:
        return f"follows {row.previous_hash[:12] or 'nothing'}, expected {previous[:12] or 'nothing'}"
    if row.hash != chained(previous, (row.at, row.who, row.action, row.subject, row.detail)):
        return "its content does not match its hash"
    return ""


def _keep_head(connection: Connection, digest: str) -> None:
    if not connection.execute(update(Fact).where(Fact.key == HEAD).values(value=digest)).rowcount:
        connection.execute(insert(Fact).values(key=HEAD, value=digest))
