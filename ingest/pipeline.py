"""From events to rows: masked, read, placed and measured, batch by batch; what cannot be stored is refused with its reason.

Pure: the same events, journey, names, key and moment give the same rows. Everything is read from the masked text, so that
reading a stored contact again gives what reading it the first time gave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from config.journey import Journey
from connectors.base import Event, Said
from ingest.keys import keyed
from ingest.learned import Learned, strictly
from ingest.measuring import SENTIMENT, Measurer
from ingest.payload import written
from metrics.knots import KnotsBook
from store.engine import ms
from store.rows import Observed, Placed, Refused, Row
from text.language import detect_all
from text.masking import MASK_VERSION, mask
from text.sentiment import ENGINE_VERSION, Sentiment, score_all
from text.stages import Placement, Placer
from text.themes import themes_of

AHEAD_MS = 10 * 60 * 1000
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LONGEST_TEXT = 100_000
SURROGATES = range(0xD800, 0xE000)
READABLE = {0: "\ufffd", **dict.fromkeys(SURROGATES, "\ufffd")}
KNOWN = ("nl", "en")


class _Read(NamedTuple):
    """What the text functions found in one message; `text` is masked."""

    text: str
    language: str
    sentiment: Sentiment
    placement: Placement | None
    themes: Sequence[str]


class Pipeline:
    """Prepares one source's events for one journey; built once, used for every batch."""

    def __init__(
        self,
        source: str,
        journey: Journey,
        own_names: Sequence[str],
        key: bytes,
        *,
        version: str = "",
        book: KnotsBook | None = None,
        learned: Learned | None = None,
    ) -> None:
        self.source, self.journey, self.version = source, journey, version
        self.own_names = tuple(dict.fromkeys((*journey.own_names, *own_names)))
        self._learned = learned or Learned()
        self._model = self._learned.stage
        self._key, self._placer, self._book = key, Placer(journey, self._model), book

    @property
    def _measurer(self) -> Measurer:
        """Under the knots of this moment: a calibration holds from the next batch on."""
        return Measurer(self._book or self._learned.book)

    def prepare(self, events: Sequence[Event], now_ms: int, import_id: int | None = None) -> tuple[list[Row], list[Refused]]:
        """The rows of the events that can be stored, in their order, and the others for quarantine; `now_ms` is UTC."""
        fit: list[tuple[Event, list[Observed]]] = []
        refused: list[Refused] = []
        for event in events:
            try:
                fit.append((event, self._measured(event, now_ms)))
            except ValueError as fault:
                refused.append(Refused(event.stream, written(event), str(fault), self.version))
        self._guard(fit)
        read = iter(self._read([event.said for event, _ in fit if event.said is not None]))
        rows = [self._bare(event, now_ms, import_id) for event, _ in fit]
        for row, (event, observed) in zip(rows, fit, strict=True):
            if event.said is not None:
                self._fill(row, event.said, observed, next(read))
        return rows, refused

    def reread(self, rows: Sequence[Row]) -> None:
        """Read stored rows anew, in place: language, sentiment, stage, themes and marks; what a source or a person said stays.

        Of a contact whose words were wiped (store.retention) only the marks are made anew: what was read in it stays.
        """
        wiped = [row for row in rows if not row.text and row.sentiment is not None]
        for row in wiped:
            row.observed = [self._measurer.again(seen, row.channel) for seen in row.observed]
            row.placed = [self._where_it_went(place) for place in row.placed]
        rows = [row for row in rows if row.text or row.sentiment is None]
        for row, read in zip(rows, self._read([_said_again(row) for row in rows]), strict=True):
            row.observed = [self._measurer.again(seen, row.channel) for seen in row.observed if seen.metric != SENTIMENT]
            row.placed = [*(place for place in row.placed if place.journey != self.journey.id), self._placed(read)]
            self._take(row, read)

    def _where_it_went(self, place: Placed) -> Placed:
        """The stage that took up one which the journey no longer has; any other stays."""
        stage = self.journey.stage_id(place.stage) if place.journey == self.journey.id else None
        return replace(place, stage=stage) if stage else place

    def _measured(self, event: Event, now_ms: int) -> list[Observed]:
        """The observations of an event; ValueError with the reason when it cannot be stored."""
        _check_moment(event, now_ms)
        if event.op == "delete":
            event.said = None
            return []
        if event.said is None:
            raise ValueError("said: found nothing, expected what an upsert says")
        if len(event.said.text) > LONGEST_TEXT:
            raise ValueError(f"text: found {len(event.said.text)} characters, expected at most {LONGEST_TEXT}")
        return self._measurer.observed(event.said)

    def _guard(self, fit: Sequence[tuple[Event, list[Observed]]]) -> None:
        leaked = self._learned.leaked
        for event, _ in fit if leaked else ():
            if event.said is not None and (self.source, event.stream, event.external_id) in leaked:
                strictly(event.said)

    def _place_all(self, *asked) -> list[Placement | None]:
        if self._learned.stage is not self._model:
            self._model = self._learned.stage
            self._placer = Placer(self.journey, self._model)
        return self._placer.place_all(*asked)

    def _read(self, said: Sequence[Said]) -> list[_Read]:
        plain = [_readable(each.text) for each in said]
        hints = [each.language if each.language in KNOWN else None for each in said]
        languages = [found.code for found in detect_all(plain, hints)]
        texts = [mask(text, code, self.own_names).text if text else "" for text, code in zip(plain, languages, strict=True)]
        sentiments = score_all(texts, languages, self.own_names, self._learned.sentiment)
        placements = self._place_all(texts, languages, [each.stage for each in said])
        by_customers = [text if each.provenance == "customer" else "" for text, each in zip(texts, said, strict=True)]
        themes = themes_of(by_customers, languages, self.journey)
        return [_Read(*parts) for parts in zip(texts, languages, sentiments, placements, themes, strict=True)]

    def _bare(self, event: Event, now_ms: int, import_id: int | None) -> Row:
        happened_at = ms(event.occurred_at)
        return Row(
            self.source, event.stream, event.external_id, event.version, event.op, happened_at, now_ms, import_id=import_id
        )

    def _fill(self, row: Row, said: Said, observed: list[Observed], read: _Read) -> None:
        row.kind, row.channel, row.provenance, row.url = said.kind, said.channel, said.provenance, said.url
        row.author_key, row.thread_key = self._hash(said.author), self._hash(said.thread)
        row.case_key = self._hash(_case(said))
        row.segments = said.segments
        row.placed, row.observed = [self._placed(read)], observed
        self._take(row, read)

    def _take(self, row: Row, read: _Read) -> None:
        """What reading gave, into the row: text, language, themes and, for a customer's words, the sentiment."""
        row.sentiment = None
        if not read.text:
            return
        row.text, row.mask_version, row.language = read.text, MASK_VERSION, read.language
        row.themes, row.engine = tuple(read.themes), ENGINE_VERSION
        if row.provenance == "customer" and _was_understood(read):
            row.sentiment = read.sentiment.score
            row.observed = [*row.observed, self._measurer.sentiment(read.sentiment.score)]

    def _placed(self, read: _Read) -> Placed:
        """Where it belongs; without a word only the source can know, whatever a model would guess."""
        placement = read.placement
        if placement is None or not (read.text or placement.by == "source"):
            return Placed(self.journey.id, "", "", 0.0)
        return Placed(self.journey.id, *placement)

    def _hash(self, id: str | None) -> str | None:
        return self.hash(id) if id else None

    def hash(self, id: str) -> str:
        """The keyed hash under which the store knows an author, thread or case of this source."""
        return keyed(self._key, self.source, id)


def prepare_rows(
    events: Sequence[Event],
    source: str,
    journey: Journey,
    own_names: Sequence[str],
    key: bytes,
    now_ms: int,
    import_id: int | None = None,
) -> tuple[list[Row], list[Refused]]:
    """`Pipeline.prepare` for a single batch; build a Pipeline for several."""
    return Pipeline(source, journey, own_names, key).prepare(events, now_ms, import_id)


def _check_moment(event: Event, now_ms: int) -> None:
    at = event.occurred_at
    if at.tzinfo is None:
        raise ValueError(f"occurred_at: found {at.isoformat()}, expected a moment with its offset from UTC")
    if at < EARLIEST:
        raise ValueError(f"occurred_at: found {at.isoformat()}, expected 1990 or later. Correct the source's clock or its dates.")
    ahead_ms = ms(at) - now_ms
    if ahead_ms > AHEAD_MS and event.op != "delete":
        ahead = f"{ahead_ms / 60_000:.0f} minutes" if ahead_ms < 7_200_000 else f"{ahead_ms / 3_600_000:.0f} hours"
        todo = "Correct the source's clock, or try again when that moment has come."
        raise ValueError(f"occurred_at: found {at.isoformat()}, which is {ahead} ahead, expected at most 10 minutes. {todo}")


def _case(said: Said) -> str | None:
    """What one case is: the source's own, else one customer within one conversation."""
    if said.case:
        return f"case {said.case}"
    return f"thread {said.thread} {said.author}" if said.thread and said.author else None


def _said_again(row: Row) -> Said:
    """What a stored row said; its stage only where the source named it."""
    stage = next((place.stage for place in row.placed if place.by == "source"), None)
    provenance = "employee" if row.provenance == "employee" else "customer"
    return Said(row.channel, row.text, row.language or None, stage=stage, provenance=provenance)


def _was_understood(read: _Read) -> bool:
    """Whether the score says something: in a language that we do not read, no known word or sign is not the same as neutral."""
    return read.language in KNOWN or read.sentiment.lexicon != 0


def _readable(text: str) -> str:
    """The text with what no store can hold (NUL, half characters) shown as the replacement character."""
    if text.isascii() and "\0" not in text:
        return text
    return text.translate(READABLE)
