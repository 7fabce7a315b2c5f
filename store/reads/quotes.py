"""What customers wrote, as far as a wall may quote it: the source allows it, it was placed in a stage, and not taken back."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, case, func, select

from store.engine import reading
from store.reads.wall import QUOTES
from store.tables import Contact, Placement, QuoteApproval, Result, SourceState


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact that may be quoted; `text` as stored, not yet masked as a wall needs. `negative`: its tone is below neutral."""

    id: int
    text: str
    channel: str
    stage: str
    language: str
    negative: bool
    author: str | None


def candidates(engine: Engine, journey: str, from_ms: int, limit: int = 1500) -> list[Candidate]:
    """The newest contacts since `from_ms` (UTC epoch ms) that may be quoted, newest first; never one that a person refused."""
    query = (
        _wanted(journey, from_ms)
        .where(Contact.id.not_in(_refused()))
        .order_by(Contact.happened_at.desc(), Contact.id.desc())
        .limit(limit)
    )
    with reading(engine) as connection:
        return [_candidate(row) for row in connection.execute(query)]


def approved(engine: Engine, journey: str, from_ms: int) -> list[Candidate]:
    """The quotes that a person approved, in the very words that were approved; a later refusal takes one away."""
    newest = _newest_judgements()
    query = _wanted(journey, from_ms).add_columns(QuoteApproval.text.label("said"))
    query = query.join(QuoteApproval, QuoteApproval.contact_id == Contact.id)
    query = query.where(QuoteApproval.id.in_(newest), QuoteApproval.approved).order_by(QuoteApproval.id.desc())
    with reading(engine) as connection:
        return [_candidate(row, row.said) for row in connection.execute(query)]


def base_rate(engine: Engine, journey: str, from_ms: int) -> dict[str, Any]:
    """How many contacts with words there were since then, of every source, and the share of them in a negative tone."""
    low = func.sum(case((Contact.sentiment < 0, 1), else_=0))
    query = select(func.count(), low).join(Placement, Placement.contact_id == Contact.id)
    query = query.where(Placement.journey == journey, Contact.happened_at >= from_ms, Contact.deleted_at.is_(None))
    query = query.where(Contact.sentiment.is_not(None), Contact.provenance == "customer")
    with reading(engine) as connection:
        n, negative = connection.execute(query).one()
    return {"n": n, "low_share": (negative or 0) / n if n else 0.0}


def still_said(engine: Engine, ids: Collection[int]) -> set[int]:
    """Which of these contacts still stand: not deleted, not erased, not refused by a person."""
    query = select(Contact.id).where(Contact.id.in_(list(ids)), Contact.deleted_at.is_(None), Contact.text != "")
    query = query.where(Contact.id.not_in(_refused()))
    with reading(engine) as connection:
        return set(connection.scalars(query))


def judged_since(engine: Engine, from_ms: int) -> bool:
    """Whether a person approved or refused any quote since then (UTC epoch ms)."""
    with reading(engine) as connection:
        return connection.scalar(select(QuoteApproval.id).where(QuoteApproval.at > from_ms).limit(1)) is not None


def kept_quotes(engine: Engine) -> tuple[int, dict[str, Any]]:
    """The quotes that hang there now: since when (UTC epoch ms), and what `ingest.quotes` wrote; (0, {}) when there are none."""
    query = select(Result.as_of, Result.data).where(Result.name == QUOTES).order_by(Result.as_of.desc()).limit(1)
    with reading(engine) as connection:
        row = connection.execute(query).first()
    return (row.as_of, json.loads(row.data)) if row else (0, {})


def _newest_judgements() -> Any:
    return select(func.max(QuoteApproval.id)).group_by(QuoteApproval.contact_id)


def _refused() -> Any:
    return select(QuoteApproval.contact_id).where(QuoteApproval.id.in_(_newest_judgements()), QuoteApproval.approved.is_(False))


def _wanted(journey: str, from_ms: int) -> Any:
    columns = (Contact.id, Contact.text, Contact.channel, Contact.language, Contact.sentiment, Contact.author_key)
    query = select(*columns, Placement.stage).join(Placement, Placement.contact_id == Contact.id)
    query = query.join(SourceState, SourceState.source == Contact.source)
    query = query.where(Placement.journey == journey, Placement.stage != "", SourceState.wall_quotes)
    query = query.where(Contact.happened_at >= from_ms, Contact.deleted_at.is_(None), Contact.kind == "contact")
    return query.where(Contact.text != "", Contact.provenance == "customer")


def _candidate(row: Any, text: str = "") -> Candidate:
    negative = row.sentiment is not None and row.sentiment < 0
    return Candidate(row.id, text or row.text, row.channel, row.stage, row.language, negative, row.author_key)
