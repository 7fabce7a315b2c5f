"""What people say of what customers said: its stage, its tone, whether a wall may quote it, and what slipped through the mask."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, insert, select, update

from store.corridor.jobs import ask_within
from store.engine import reading
from store.people.audit import record
from store.people.errors import NotFound, Refused
from store.people.journeys import current_journey
from store.people.writing import writing
from store.reads.wall import QUOTES
from store.tables import Contact, Correction, Placement, QuoteApproval, Result

STAGE, SENTIMENT, LEAK = "stage", "sentiment", "leak"
FEELINGS = ("negative", "neutral", "positive")
HELD_OUT = 0.2  # of all texts: no model ever learns from their corrections, so that these can still test it
SHORTEST_QUOTE, LONGEST_QUOTE = 16, 44  # letters that a wall can show large enough to be read across a room
REMASK, TRAIN = "remask", "train"


@dataclass(frozen=True, slots=True)
class Corrected:
    """One correction; `journey` is that of a stage. `applied`: ingest has moved the observations."""

    id: int
    contact_id: int
    field: str
    before: str
    after: str
    held_out: bool
    applied: bool
    made_by: str
    at: int


def correct_stage(engine: Engine, contact_id: int, journey: str, stage: str, who: str, now_ms: int) -> int:
    """Say which stage a contact belongs to ('' is: none); ingest moves its observations. NotFound when it is gone."""
    known = [each.id for each in current_journey(engine, journey).stages]
    if stage and stage not in known:
        raise Refused(f"stage: found {stage!r}, expected one of {', '.join(known)}, or '' for none.", what="stage")
    with writing(engine, now_ms) as connection:
        _still_there(connection, contact_id)
        place = select(Placement.stage).where(Placement.contact_id == contact_id, Placement.journey == journey)
        before = connection.scalar(place) or ""
        return _keep(connection, contact_id, STAGE, before, f"{journey}/{stage}", who, now_ms)


def follow(connection: Connection, journey: str, gone: str, into: str, who: str, now_ms: int) -> None:
    """Correct what a person placed in a stage that goes: within the caller's transaction it goes where the stage goes."""
    mine = (Placement.journey == journey, Placement.stage == gone, Placement.by == "person")
    for id in list(connection.scalars(select(Placement.contact_id).where(*mine))):
        _keep(connection, id, STAGE, gone, f"{journey}/{into}", who, now_ms)


def correct_sentiment(engine: Engine, contact_id: int, feeling: str, who: str, now_ms: int) -> int:
    """Say how a contact was meant: negative, neutral or positive.

    It trains and tests the model; no mark changes by it: people correct what strikes them, and a mean of what struck somebody
    is no mean of what customers said.
    """
    if feeling not in FEELINGS:
        raise Refused(f"sentiment: found {feeling!r}, expected one of {', '.join(FEELINGS)}.", what="sentiment")
    with writing(engine, now_ms) as connection:
        contact = _still_there(connection, contact_id)
        before = "" if contact.sentiment is None else f"{contact.sentiment:.3f}"
        return _keep(connection, contact_id, SENTIMENT, before, feeling, who, now_ms)


def report_leak(engine: Engine, contact_id: int, who: str, now_ms: int) -> int:
    """Say that a name or number still stands in a contact: hidden from every page and off the wall at once, and never quoted.

    Ingest masks it strictly, wherever it stands, in the job that is asked for here; only then can it be read again.
    """
    with writing(engine, now_ms) as connection:
        _still_there(connection, contact_id)
        row = {"contact_id": contact_id, "text": "", "approved": False, "made_by": who, "at": now_ms}
        connection.execute(insert(QuoteApproval).values(**row))
        _off_the_wall(connection, contact_id)
        ask_within(connection, REMASK, {"contact": contact_id}, now_ms)
        return _keep(connection, contact_id, LEAK, "", "hidden", who, now_ms)


def ask_training(engine: Engine, who: str, now_ms: int) -> int:
    """Ask ingest to learn from the corrections; the number of the job, whose result says what came of it."""
    with writing(engine, now_ms) as connection:
        number = ask_within(connection, TRAIN, {}, now_ms)
        record(connection, who, "train", f"job {number}", {}, now_ms)
        return number


def approve_quote(engine: Engine, contact_id: int, text: str, who: str, now_ms: int) -> None:
    """Approve a part of what a contact says for the wall, in these very words; a later refusal takes it away again.

    Refused when the contact does not say so (any more), or when it is too short or too long for a wall.
    """
    said = " ".join(text.split())
    if not SHORTEST_QUOTE <= len(said) <= LONGEST_QUOTE:
        raise Refused(
            f"quote: found {len(said)} letters, expected {SHORTEST_QUOTE} to {LONGEST_QUOTE}. Choose one short sentence.",
            what="quote_length",
        )
    with writing(engine, now_ms) as connection:
        contact = _still_there(connection, contact_id)
        if said not in " ".join(contact.text.split()):
            raise Refused(
                f"quote {contact_id}: these are not the customer's own words, expected a part of what was said. Read it again.",
                what="quote_words",
            )
        _judge(connection, contact_id, said, True, who, now_ms)


def refuse_quote(engine: Engine, contact_id: int, who: str, now_ms: int) -> None:
    """Keep a contact off the wall, now and from now on, whatever the policy."""
    with writing(engine, now_ms) as connection:
        _still_there(connection, contact_id)
        _judge(connection, contact_id, "", False, who, now_ms)
        _off_the_wall(connection, contact_id)


def pending(engine: Engine, limit: int = 100) -> list[Corrected]:
    """Stage corrections that ingest has not applied yet, oldest first."""
    columns = [getattr(Correction, name) for name in Corrected.__dataclass_fields__]
    query = select(*columns).where(Correction.applied.is_(False), Correction.field == STAGE).order_by(Correction.id).limit(limit)
    with reading(engine) as connection:
        return [Corrected(*row) for row in connection.execute(query)]


def mark_applied(engine: Engine, correction_id: int, now_ms: int) -> None:
    """Say that a correction's observations were moved."""
    with writing(engine, now_ms) as connection:
        connection.execute(update(Correction).where(Correction.id == correction_id).values(applied=True))


def lessons(engine: Engine, field: str, journey: str = "") -> list[tuple[str, str, str]]:
    """What can be learned from: (masked text, language, the right label) of each contact's newest correction of `field`.

    Stages only of `journey`; what was said to belong to no stage teaches nothing. Contacts that are gone are left out.
    """
    newest = select(func.max(Correction.id)).where(Correction.field == field).group_by(Correction.contact_id)
    query = select(Contact.text, Contact.language, Correction.after).join(Correction, Correction.contact_id == Contact.id)
    query = query.where(Correction.id.in_(newest), Contact.deleted_at.is_(None), Contact.text != "").order_by(Correction.id)
    with reading(engine) as connection:
        rows = [(row.text, row.language, row.after) for row in connection.execute(query)]
    if field != STAGE:
        return rows
    own = [(text, code, *after.split("/", 1)) for text, code, after in rows]
    return [(text, code, stage) for text, code, where, stage in own if where == journey and stage]


def corrected(engine: Engine, contact_ids: Collection[int]) -> dict[int, list[Corrected]]:
    """The corrections of these contacts, oldest first."""
    columns = [getattr(Correction, name) for name in Corrected.__dataclass_fields__]
    query = select(*columns).where(Correction.contact_id.in_(list(contact_ids))).order_by(Correction.id)
    found: dict[int, list[Corrected]] = {}
    with reading(engine) as connection:
        for row in connection.execute(query):
            found.setdefault(row.contact_id, []).append(Corrected(*row))
    return found


def count_corrections(engine: Engine) -> int:
    """How many stages and sentiments people have corrected."""
    query = select(func.count()).select_from(Correction).where(Correction.field.in_((STAGE, SENTIMENT)))
    with reading(engine) as connection:
        return int(connection.scalar(query) or 0)


def count_applied(engine: Engine) -> int:
    """How many stage corrections ingest has obeyed: a page that keeps its numbers for a while looks anew when this rises."""
    query = select(func.count()).select_from(Correction).where(Correction.applied, Correction.field == STAGE)
    with reading(engine) as connection:
        return int(connection.scalar(query) or 0)


def leaks(engine: Engine) -> set[tuple[str, str, str]]:
    """Every contact that a leak was reported in, as (source, stream, external id): whatever comes of it is masked strictly."""
    query = select(Contact.source, Contact.stream, Contact.external_id).join(Correction, Correction.contact_id == Contact.id)
    with reading(engine) as connection:
        found = connection.execute(query.where(Correction.field == LEAK))
        return {(row.source, row.stream, row.external_id) for row in found}


def leak_closed(engine: Engine, contact_id: int, contact_ids: Collection[int], now_ms: int) -> None:
    """Say that a leak was masked: the contact can be read again, and what was approved of `contact_ids` is forgotten."""
    ids = list(contact_ids)
    with writing(engine, now_ms) as connection:
        connection.execute(update(QuoteApproval).where(QuoteApproval.contact_id.in_(ids)).values(text="", approved=False))
        for id in ids:
            _off_the_wall(connection, id)
        mine = (Correction.contact_id == contact_id, Correction.field == LEAK)
        connection.execute(update(Correction).where(*mine).values(applied=True))
        record(connection, "ingest", "remask", f"contact {contact_id}", {"contacts": len(ids)}, now_ms)


def is_held_out(text: str) -> bool:
    """Whether corrections of this text are kept out of training for good.

    It depends on the text alone, so that the same words never both teach a model and test it (text.company splits likewise).
    """
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 2**32 < HELD_OUT


def _judge(connection: Connection, contact_id: int, text: str, approved: bool, who: str, now_ms: int) -> None:
    row = {"contact_id": contact_id, "text": text, "approved": approved, "made_by": who, "at": now_ms}
    connection.execute(insert(QuoteApproval).values(**row))
    record(connection, who, "approve" if approved else "refuse", f"quote {contact_id}", {}, now_ms)


def _off_the_wall(connection: Connection, contact_id: int) -> None:
    """Empty the contact's quote where it hangs now; the choosing itself is ingest's, and comes round later."""
    row = connection.execute(select(Result.as_of, Result.data).where(Result.name == QUOTES)).first()
    if row is None:
        return
    data = json.loads(row.data)
    quotes = [{**quote, "text": ""} if quote["id"] == contact_id else quote for quote in data.get("quotes", [])]
    if quotes != data.get("quotes", []):
        text = json.dumps({**data, "quotes": quotes}, ensure_ascii=False)
        connection.execute(update(Result).where(Result.name == QUOTES, Result.as_of == row.as_of).values(data=text))


def _keep(connection: Connection, contact_id: int, field: str, before: str, after: str, who: str, now_ms: int) -> int:
    text = connection.scalar(select(Contact.text).where(Contact.id == contact_id)) or ""
    row = {"contact_id": contact_id, "field": field, "before": before, "after": after, "held_out": is_held_out(text)}
    made = connection.execute(insert(Correction).values(**row, made_by=who, at=now_ms))
    record(connection, who, "correct", f"contact {contact_id}", {"field": field, "before": before, "after": after}, now_ms)
    return int(made.inserted_primary_key[0])  # type: ignore[index]


def _still_there(connection: Connection, contact_id: int):
    query = select(Contact.id, Contact.text, Contact.sentiment).where(Contact.id == contact_id, Contact.deleted_at.is_(None))
    contact = connection.execute(query).first()
    if contact is None:
        raise NotFound(
            f"contact: found {contact_id}, expected one that is still stored. It was deleted meanwhile.", what=contact_id
        )
    return contact
