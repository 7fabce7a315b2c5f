"""Annotations: notes on the time axis (campaign, outage, price change) that every chart draws."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Engine, insert, or_, select

from store.people.audit import record
from store.people.errors import Refused
from store.people.languages import in_language
from store.people.writing import writing
from store.tables import Annotation as AnnotationTable

KINDS = ("campaign", "outage", "price", "event")


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note on a moment or a span (UTC epoch milliseconds; `to_at` None for a moment); stage '' is the whole journey."""

    kind: str
    text_nl: str
    text_en: str
    journey: str
    from_at: int
    to_at: int | None = None
    stage: str = ""
    id: int = 0

    def text(self, language: str) -> str:
        """Its words in `language` (nl or en), or in the other one where it was never translated."""
        return in_language(language, self.text_nl, self.text_en)


def annotate(engine: Engine, note: Annotation, who: str, now_ms: int) -> int:
    """Keep a note and return its id; Refused without words, with an unknown kind, or with an end before its start."""
    if note.kind not in KINDS:
        raise Refused(f"annotation kind: found {note.kind!r}, expected one of {', '.join(KINDS)}.", what="kind")
    if not (note.text_nl or note.text_en):
        raise Refused("annotation text: found nothing, expected what happened.", what="text")
    if note.to_at is not None and note.to_at < note.from_at:
        raise Refused(f"annotation end: found {note.to_at}, expected a moment after {note.from_at}.", what="valid_to")
    row = {name: value for name, value in asdict(note).items() if name != "id"}
    with writing(engine, now_ms) as connection:
        made = connection.execute(insert(AnnotationTable).values(**row, made_by=who, at=now_ms))
        id = int(made.inserted_primary_key[0])  # type: ignore[index]
        record(connection, who, "annotate", f"annotation {id}", row, now_ms)
        return id


def annotations_between(engine: Engine, journey: str, from_ms: int, to_ms: int) -> list[Annotation]:
    """The notes that touch the span from `from_ms` up to `to_ms`, oldest first."""
    table = AnnotationTable
    columns = [getattr(table, name) for name in Annotation.__dataclass_fields__]
    touches = or_(table.to_at >= from_ms, table.from_at >= from_ms)
    query = select(*columns).where(table.journey == journey, table.from_at < to_ms, touches).order_by(table.from_at)
    with engine.connect() as connection:
        return [Annotation(**row._mapping) for row in connection.execute(query)]
