"""Voices: the contacts themselves, masked, by index and a page at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, String, and_, cast, func, literal, or_, select

from metrics.registry import metrics
from store.engine import reading
from store.tables import Contact, Correction, Observation, Placement

PAGE = 50
PRIVACY_FLOOR = 5
COUNTED = 1000
LOW = 5.5
TONE = "sentiment"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which voices: '' and None mean any; `provenance` is customer or employee.

    Times are UTC epoch milliseconds, from included, to not; marks are 1-10.
    """

    journey: str
    stage: str | None = None
    channel: str = ""
    theme: str = ""
    segment: str = ""
    language: str = ""
    source: str = ""
    provenance: str = ""
    words: str = ""
    from_at: int | None = None
    to_at: int | None = None
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """One contact with words: where and when it was said, what it was placed as and by whom, and the mark it came with.

    `mark` is the customer's own where there is one (`own`), else the one read from the tone; None without either.
    """

    id: int
    happened_at: int
    source: str
    channel: str
    language: str
    text: str
    themes: tuple[str, ...]
    segments: tuple[str, ...]
    url: str
    provenance: str
    stage: str
    by: str
    confidence: float
    mark: float | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class BaseRate:
    """Of the newest voices (at most 1,000): how many, how many with a mark, and how many of those below 5.5."""

    voices: int
    marked: int
    low: int

    @property
    def capped(self) -> bool:
        """Whether there may be more voices than were counted."""
        return self.voices >= COUNTED


@dataclass(frozen=True, slots=True)
class VoicePage:
    """At most 50 voices, newest first; `after` continues where they end, None at the end."""

    voices: list[Voice]
    after: tuple[int, int] | None


def read_voices(engine: Engine, wanted: Wanted, after: tuple[int, int] | None = None, limit: int = PAGE) -> VoicePage:
    """A page of voices, newest first; `after` is (happened_at, id) of the last one shown."""
    query = _filtered(_columns(), wanted)
    if after:
        at, id = after
        query = query.where(or_(Contact.happened_at < at, and_(Contact.happened_at == at, Contact.id < id)))
    query = query.order_by(Contact.happened_at.desc(), Contact.id.desc()).limit(limit + 1)
    with reading(engine) as connection:
        rows = connection.execute(query).all()
        marks = _marks(connection, [row.id for row in rows[:limit]], wanted.journey)
    voices = [_voice(row, marks) for row in rows[:limit]]
    last = voices[-1] if len(rows) > limit else None
    return VoicePage(voices, (last.happened_at, last.id) if last else None)


def typical_voices(engine: Engine, wanted: Wanted, near: float, limit: int = 3) -> list[Voice]:
    """Voices of readable length whose mark lies nearest to `near`: typical of their group, not the fiercest.

    Chosen among the newest 200 that `wanted` names, each text once.
    """
    page = read_voices(engine, wanted, limit=200)
    readable = [voice for voice in page.voices if voice.mark is not None and 40 <= len(voice.text) <= 220]
    ranked = sorted(readable, key=lambda voice: (abs((voice.mark or 0.0) - near), -voice.happened_at))
    chosen: list[Voice] = []
    for voice in ranked:
        if all(voice.text != other.text for other in chosen):
            chosen.append(voice)
    return chosen[:limit]


def count_voices(engine: Engine, wanted: Wanted, at_most: int = 1000) -> int:
    """How many voices `wanted` names, counted up to `at_most`, so that a large store answers at once."""
    inner = _filtered(select(Contact.id), wanted).limit(at_most).subquery()
    with reading(engine) as connection:
        return int(connection.scalar(select(func.count()).select_from(inner)) or 0)


def base_rate(engine: Engine, wanted: Wanted) -> BaseRate:
    """How many of the newest voices that `wanted` names are below 5.5, whatever range of marks it asks for."""
    newest = _filtered(select(Contact.id), replace(wanted, lowest=None, highest=None))
    newest = newest.order_by(Contact.happened_at.desc(), Contact.id.desc()).limit(COUNTED)
    with reading(engine) as connection:
        ids = list(connection.scalars(newest))
        marks = _marks(connection, ids, wanted.journey)
    return BaseRate(len(ids), len(marks), sum(mark < LOW for mark, _ in marks.values()))


def enough_customers(engine: Engine, wanted: Wanted, floor: int = PRIVACY_FLOOR) -> bool:
    """Whether at least `floor` different customers are behind what `wanted` names; the count stops there.

    A contact whose author is not known counts as a customer of its own.
    """
    author = func.coalesce(Contact.author_key, literal("#") + cast(Contact.id, String))
    inner = _filtered(select(author.label("author")), wanted, words=False).distinct().limit(floor).subquery()
    with reading(engine) as connection:
        return int(connection.scalar(select(func.count()).select_from(inner)) or 0) >= floor


def _columns() -> Select:
    names = ("id", "happened_at", "source", "channel", "language", "text", "themes", "segments", "url", "provenance")
    return select(*(getattr(Contact, name) for name in names), Placement.stage, Placement.by, Placement.confidence)


def read_voice(engine: Engine, journey: str, id: int) -> Voice | None:
    """One voice by its number; None when it is gone, or hidden after a leak was reported."""
    query = _filtered(_columns(), Wanted(journey)).where(Contact.id == id)
    with reading(engine) as connection:
        row = connection.execute(query).first()
        return _voice(row, _marks(connection, [id], journey)) if row else None


def _filtered(query: Select, wanted: Wanted, words: bool = True) -> Select:
    query = query.select_from(Contact).join(
        Placement, and_(Placement.contact_id == Contact.id, Placement.journey == wanted.journey)
    )
    query = query.where(Contact.kind == "contact", Contact.deleted_at.is_(None))
    if words:
        leaked = select(Correction.contact_id).where(Correction.field == "leak", Correction.applied.is_(False))
        query = query.where(Contact.text != "", Contact.id.not_in(leaked))
    for condition in _conditions(wanted):
        query = query.where(condition)
    return query


def holds(column: Any, word: str) -> ColumnElement[bool]:
    """The condition that a column of words between spaces (themes, segments) holds this one."""
    return (literal(" ") + column + literal(" ")).contains(f" {word} ", autoescape=True)


def _conditions(wanted: Wanted) -> list:
    found = [] if wanted.stage is None else [Placement.stage == wanted.stage]
    for column, value in (
        (Contact.channel, wanted.channel),
        (Contact.language, wanted.language),
        (Contact.source, wanted.source),
        (Contact.provenance, wanted.provenance),
    ):
        found += [column == value] if value else []
    for column, value in ((Contact.themes, wanted.theme), (Contact.segments, wanted.segment)):
        found += [holds(column, value)] if value else []
    found += [Contact.text.icontains(wanted.words, autoescape=True)] if wanted.words else []
    found += [] if wanted.from_at is None else [Contact.happened_at >= wanted.from_at]
    found += [] if wanted.to_at is None else [Contact.happened_at < wanted.to_at]
    return found + _mark_conditions(wanted)


def _mark_conditions(wanted: Wanted) -> list:
    """The mark as a voice shows it: the mean of the customer's own, else that of the tone."""
    if wanted.lowest is None and wanted.highest is None:
        return []
    low, high = wanted.lowest or 1.0, 10.0 if wanted.highest is None else wanted.highest
    own = [name for name, metric in metrics().items() if metric.group == "experience"]
    # Within an expression the journey offers the planner no index: it must find these few rows by their contact.
    here = (Observation.journey + "") == wanted.journey
    mine = select(func.avg(Observation.mark)).where(Observation.contact_id == Contact.id, here, Observation.mark.is_not(None))
    given = mine.where(Observation.metric.in_(own)).scalar_subquery()
    tone = mine.where(Observation.metric == TONE).scalar_subquery()
    return [func.coalesce(given, tone).between(low, high)]


def _marks(connection: Connection, ids: list[int], journey: str) -> dict[int, tuple[float, bool]]:
    """The mark of each contact: its ratings' mean, else that of its tone."""
    query = select(Observation.contact_id, Observation.metric, Observation.mark)
    here = (Observation.journey + "") == journey  # the planner must go by contact, not read the whole journey
    query = query.where(Observation.contact_id.in_(ids), here, Observation.mark.is_not(None))
    own: dict[int, list[float]] = {}
    tone: dict[int, float] = {}
    for row in connection.execute(query):
        if row.metric == TONE:
            tone[row.contact_id] = row.mark
        elif _is_own(row.metric):
            own.setdefault(row.contact_id, []).append(row.mark)
    return {id: (mark, False) for id, mark in tone.items()} | {id: (sum(all) / len(all), True) for id, all in own.items()}


def _is_own(name: str) -> bool:
    return name in metrics() and metrics()[name].group == "experience"


def _voice(row: Row, marks: dict[int, tuple[float, bool]]) -> Voice:
    mark, own = marks.get(row.id, (None, False))
    values: dict[str, Any] = dict(row._mapping) | {"themes": tuple(row.themes.split()), "segments": tuple(row.segments.split())}
    return Voice(**values, mark=mark, own=own)
