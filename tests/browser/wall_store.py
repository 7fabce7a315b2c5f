"""A store for the wall's tests, benchmarks and pictures: the made-up airline's day, as a textbook would have it."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, insert

from config.journey import load_journey
from metrics.bins import OPEN, bin_of
from metrics.marks import mark_of
from store.bulk import taking_turns
from store.people.expectations import Expectation, save_expectation
from store.people.facts import write_fact
from store.people.promises import Promise, save_promise
from store.people.writing import writing
from store.rows import Batch, Observed, Placed, Row
from store.tables import Result, SourceState
from store.writes import save

ZONE = ZoneInfo("Europe/Amsterdam")
NOON = int(datetime(2026, 11, 24, 14, 36, tzinfo=ZONE).timestamp() * 1000)
HOUR, MINUTE = 3_600_000, 60_000
SOURCES = {"mail": "email", "chat": "chat", "phone": "phone", "survey": "survey", "x": "social"}


@dataclass(frozen=True)
class Day:
    """A stage's ordinary day: mean mark, what is promised (mix of 6.5 and 8), customers a day, and their channel."""

    mean: float
    promised: float
    n: int
    channel: str


STAGES = {
    "orient": Day(7.8, 7.4, 240, "survey"),
    "book": Day(7.5, 7.6, 460, "survey"),
    "checkin": Day(6.4, 7.8, 370, "chat"),
    "fly": Day(8.2, 7.6, 190, "survey"),
    "arrive": Day(7.0, 7.3, 150, "survey"),
    "service": Day(5.2, 7.8, 412, "email"),
    "loyalty": Day(6.9, 7.0, 120, "phone"),
}
WORDS = {
    "orient": {"text_nl": "In drie klikken je reis vinden", "text_en": "Find your trip in three clicks"},
    "book": {"text_nl": "Boeken zonder kleine lettertjes", "text_en": "Booking without small print"},
    "checkin": {"text_nl": "Inchecken zonder rij", "text_en": "Check in without a queue"},
    "fly": {"text_nl": "Aan boord voelt u zich thuis", "text_en": "On board you feel at home"},
    "arrive": {"text_nl": "Uw koffer is er als u er bent", "text_en": "Your bag is there when you are"},
    "service": {"text_nl": "Altijd een mens aan de lijn", "text_en": "Always a person on the line"},
    "loyalty": {"text_nl": "Trouw wordt beloond", "text_en": "Loyalty is rewarded"},
}
TALK = ("service", "checkin", "book")  # stages whose customers name the journey's first, second and third theme
QUOTES = [
    ("Drie uur gewacht op antwoord.", "email", "service"),
    ("[naam] aan boord was geweldig.", "survey", "fly"),
    ("App liep vast bij inchecken.", "chat", "checkin"),
]


def fill(engine: Engine, now_ms: int = NOON, *, days: int = 10, seed: int = 1, demo: bool = True) -> None:
    """Fill an empty, prepared store as of `now_ms`: sources, promises, ten days of customers, quotes."""
    chance = random.Random(seed)
    seed_people(engine, now_ms, demo)
    rows = [row for back in range(days) for row in _day(now_ms, back, chance)]
    for start in range(0, len(rows), 2000):
        save(engine, Batch("mail", rows[start : start + 2000]), now_ms=now_ms, zone=ZONE.key)
    with taking_turns(engine) as connection:
        connection.execute(SourceState.__table__.delete())
        for source, channel in SOURCES.items():
            connection.execute(insert(SourceState).values(**_state(source, channel, now_ms)))
        data = {"policy": "strict", "base": {"n": 1942, "low_share": 0.31}, "quotes": [_quote(*q) for q in QUOTES]}
        connection.execute(insert(Result).values(name="wall_quotes", as_of=now_ms, data=json.dumps(data)))


def seed_people(engine: Engine, now_ms: int, demo: bool) -> None:
    """Promises and facts only: what people entered."""
    with writing(engine, now_ms) as connection:
        for key, value in {"demo": "1" if demo else "0", "company_nl": "Noordvlucht", "company_en": "Northflight"}.items():
            write_fact(connection, key, value)
    start = now_ms - 60 * 24 * HOUR
    for stage, day in STAGES.items():
        mark = 8.0 if day.promised > 7.2 else 6.5
        said = Promise(
            code=f"S-{stage}", journey="airline", stage=stage, soft_mark=mark, valid_from=start, reach=0.6, **WORDS[stage]
        )
        save_promise(engine, said, now_ms)
        save_expectation(engine, Expectation("airline", stage, day.promised, 0.006, 300, start, source="survey"), "test", now_ms)
    texts = {"text_nl": "Antwoord binnen 1 uur, ook in het weekend", "text_en": "An answer within 1 hour, weekends too"}
    hard = {
        "kind": "hard",
        "metric": "first_response",
        "threshold": 3600.0,
        "share": 0.9,
        "channel": "email",
        "reach": 0.01,
        "emphasis": 1,
    }
    save_promise(engine, Promise(code="B-07", journey="airline", stage="service", valid_from=start, **texts, **hard), now_ms)


def contact(at: int, stage: str, id: str, chance: random.Random, mean: float | None = None, channel: str = "") -> Row:
    """One customer who gives a mark (and, at `service`, waited for an answer)."""
    day = STAGES[stage]
    grade = min(10.0, max(1.0, round(chance.gauss(mean if mean is not None else day.mean, 1.3))))
    channel = channel or day.channel
    seen = [Observed("contacts", 1.0), Observed("csat10", grade, mark=mark_of("csat10", grade))]
    if stage == "service":
        answered = chance.random() < 0.71
        wait = chance.uniform(300, 3500) if answered else chance.uniform(3700, 20_000)
        bin, value = (bin_of(wait), wait) if chance.random() > 0.02 else (OPEN, 0.0)
        mark = mark_of("first_response", value, channel="email") if bin != OPEN else 1.0
        seen.append(Observed("first_response", value, mark=mark, bin=bin))
    themes = tuple(theme for theme, of in zip(theme_ids(), TALK, strict=False) if of == stage and chance.random() < 0.3)
    where = [Placed("airline", stage, "source")]
    return Row("mail", "contacts", id, 1, "upsert", at, at, channel=channel, text="…", themes=themes, placed=where, observed=seen)


@lru_cache(maxsize=1)
def theme_ids() -> tuple[str, ...]:
    """The ids of the journey's themes."""
    return tuple(theme.id for theme in load_journey("airline").themes)


def _day(now_ms: int, back: int, chance: random.Random) -> list[Row]:
    midnight = datetime.fromtimestamp(now_ms / 1000, ZONE).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(
        days=back
    )
    start = int(midnight.timestamp() * 1000) + 6 * HOUR
    span = min(17 * HOUR, now_ms - start) if back == 0 else 17 * HOUR
    rows = []
    for stage, day in STAGES.items():
        count = max(20, round(day.n * max(span, HOUR) / (17 * HOUR))) if back == 0 else day.n // 3
        for i in range(count):
            rows.append(contact(start + int(chance.random() * max(span, 1)), stage, f"{back}-{stage}-{i}", chance))
    return rows


def _state(source: str, channel: str, now_ms: int) -> dict[str, object]:
    heard = now_ms - chance_of(source) * MINUTE
    return {
        "source": source,
        "connector": "sample",
        "channel": channel,
        "status": "live",
        "detail": "",
        "heartbeat_at": heard,
        "last_event_at": heard,
        "last_stored_at": heard,
        "cadence_s": 900.0,
        "live": True,
        "wall_quotes": source != "x",
    }


def chance_of(source: str) -> int:
    """How many minutes ago a source was heard; x is silent since long ago."""
    return {"mail": 0, "chat": 0, "phone": 1, "survey": 6, "x": 324}[source]


def _quote(text: str, channel: str, stage: str) -> dict[str, str]:
    return {"text": text, "channel": channel, "stage": stage, "language": "nl"}
