"""Expectations that customers stated themselves, or that were set, per stage: they outweigh what marketing guessed."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace

from sqlalchemy import Engine, insert, select

from config.journey import Journey
from metrics.knots import KnotsBook
from metrics.promise import Promise as Measured
from metrics.promise import Survey, promised_mark
from metrics.weekly import Told
from store.people.audit import record
from store.people.errors import Refused
from store.people.knots import current_book
from store.people.promises import Promise, register
from store.people.writing import writing
from store.tables import Expectation as ExpectationTable


@dataclass(frozen=True, slots=True)
class Expectation:
    """What n customers expected of a stage from `from_at` (UTC epoch ms) on: the mean mark, and the variance of that mean."""

    journey: str
    stage: str
    mark: float
    variance: float
    n: int
    from_at: int
    channel: str = ""
    segment: str = ""
    source: str = ""


def save_expectation(engine: Engine, stated: Expectation, who: str, now_ms: int) -> None:
    """Keep an expectation; Refused for a mark outside 1-10, a variance below zero, or no answers."""
    if not (1 <= stated.mark <= 10 and stated.variance >= 0 and stated.n > 0):
        raise Refused(f"expectation: found {stated.mark} ± {stated.variance} of {stated.n}, expected a mark from 1 to 10.")
    with writing(engine, now_ms) as connection:
        connection.execute(insert(ExpectationTable).values(**asdict(stated)))
        record(connection, who, "save", f"expectation {stated.stage}", asdict(stated), now_ms)


def expectations(engine: Engine, journey: str) -> list[Expectation]:
    """Every stated expectation of a journey, oldest first."""
    columns = [getattr(ExpectationTable, name) for name in Expectation.__dataclass_fields__]
    query = select(*columns).where(ExpectationTable.journey == journey).order_by(ExpectationTable.from_at, ExpectationTable.id)
    with engine.connect() as connection:
        return [Expectation(**row._mapping) for row in connection.execute(query)]


def told(engine: Engine, journey: Journey, segment: str = "") -> dict[str, Told]:
    """Per stage what customers were told and what they stated: every approved version of each promise that may still be heard.

    For a segment, the promises made to it and those made to all; for all customers ('') only those made to all.
    """
    book = current_book(engine)
    said = [p for p in register(engine, journey.id) if p.state == "approved" and p.segment in ("", segment)]
    stated = [e for e in expectations(engine, journey.id) if e.channel == "" and e.segment in ("", segment)]
    return {
        stage.id: Told(
            promises=tuple(_measured(p, stage.moment_of_truth, book) for p in said if p.stage == stage.id),
            surveys=tuple((e.from_at, Survey(e.mark, math.sqrt(e.variance * e.n), e.n)) for e in stated if e.stage == stage.id),
            followed=frozenset(p.measured().id for p in said if p.stage == stage.id and p.followed),
        )
        for stage in journey.stages
    }


def _measured(promise: Promise, truth: bool, book: KnotsBook) -> Measured:
    """The promise with the mark that it raises under the store's own knots."""
    plain = promise.measured(truth)
    return replace(plain, mark=promised_mark(plain, book)[0]) if promise.kind == "hard" else plain
