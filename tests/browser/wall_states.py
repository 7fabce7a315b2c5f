"""Every state of the wall, each as what was done to the textbook day to get it: for pictures and for tests alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from sqlalchemy import Engine, delete, insert, update

from metrics.bins import OPEN
from store.bulk import taking_turns
from store.rows import Batch, Observed
from store.tables import Alert, PromiseVersion, SourceState
from store.writes import save
from tests.browser.wall_store import HOUR, MINUTE, NOON, ZONE, contact, fill

Prepare = Callable[[Engine, int], None]
OPEN_QUESTION = [Observed("contacts", 1.0), Observed("first_response", 0.0, mark=None, bin=OPEN)]
NIGHT = int(datetime(2026, 11, 25, 1, 52, tzinfo=ZONE).timestamp() * 1000)
LATER = NOON + 60 * 24 * HOUR


@dataclass(frozen=True)
class State:
    """How to come to a state: the moment, what to do to the store, settings, and what to wait for on the screen."""

    prepare: Prepare
    now: int = NOON
    environ: Mapping[str, str] = field(default_factory=dict)
    wait: str = ".st"
    headers: Mapping[str, str] = field(default_factory=dict)
    playlist: str = ""


def live(engine: Engine, now: int) -> None:
    """The ordinary day."""
    fill(engine, now)


def real(engine: Engine, now: int) -> None:
    """The same day at a company that exists: no band."""
    fill(engine, now, demo=False)


def late(engine: Engine, now: int) -> None:
    """The survey has been silent for nearly three times its cadence."""
    fill(engine, now)
    silence(engine, "survey", now - 42 * MINUTE)


def none(engine: Engine, now: int) -> None:
    """The survey has been silent for so long that its numbers are taken away."""
    fill(engine, now)
    silence(engine, "survey", now - 5 * HOUR)


def few(engine: Engine, now: int) -> None:
    """A company that started this morning: three customers at one stage, twelve at another, none at the rest."""
    fill(engine, now, days=0)
    chance = Random(2)
    counts = {"arrive": 3, "fly": 14, "book": 60, "service": 40, "checkin": 45}
    rows = [
        contact(now - chance.randint(1, 300) * MINUTE, s, f"few-{s}-{i}", chance) for s, n in counts.items() for i in range(n)
    ]
    save(engine, Batch("mail", rows), now_ms=now, zone=ZONE.key)


def empty(engine: Engine, now: int) -> None:
    """Promises, and nobody heard yet."""
    fill(engine, now, days=0)


def unpromised(engine: Engine, now: int) -> None:
    """Customers, and no promise."""
    fill(engine, now)
    with taking_turns(engine) as connection:
        connection.exec_driver_sql("DELETE FROM expectation")
        connection.execute(update(PromiseVersion).values(state="rejected"))


def stopped(engine: Engine, now: int) -> None:
    """Ingest stands still: no source was heard for 35 minutes."""
    fill(engine, now)
    for source in ("mail", "chat", "phone", "survey", "x"):
        silence(engine, source, now - 35 * MINUTE)


def alerted(engine: Engine, now: int) -> None:
    """A promise broke four minutes ago."""
    fill(engine, now)
    row = {"kind": "promise_broken", "journey": "airline", "stage": "service", "channel": "email", "metric": "first_response"}
    with taking_turns(engine) as connection:
        connection.execute(insert(Alert).values(**row, began_at=now - 4 * MINUTE, severity=2.0, detail=json.dumps({})))


def dropped(engine: Engine, now: int) -> None:
    """A stage stands lower than usual since this morning, through chat and about waiting."""
    fill(engine, now)
    row = {"kind": "drop", "journey": "airline", "stage": "checkin", "channel": "", "metric": ""}
    parts = [{"channel": "chat", "effect": -0.86, "low": -1.0, "high": -0.72}]
    detail = {"before": 7.4, "now": 6.4, "n": 187, "chart": "hours", "parts": parts, "mostly_mix": False}
    detail |= {"themes": ["website_app"]}
    with taking_turns(engine) as connection:
        connection.execute(insert(Alert).values(**row, began_at=now - 4 * MINUTE, severity=1.1, detail=json.dumps(detail)))


def night(engine: Engine, now: int) -> None:
    """Closed since ten; 23 customers asked by e-mail since, and nobody answered."""
    fill(engine, NOON + 7 * HOUR)
    chance = Random(3)
    rows = [
        replace(contact(now - m * MINUTE, "service", f"night-{m}", chance), observed=OPEN_QUESTION) for m in range(10, 240, 10)
    ]
    save(engine, Batch("mail", rows), now_ms=now, zone=ZONE.key)
    for source in ("mail", "chat", "phone", "survey", "x"):
        silence(engine, source, now - MINUTE)


def silence(engine: Engine, source: str, heard_at: int) -> None:
    """Let a source be heard last at this moment."""
    values = {"heartbeat_at": heard_at, "last_event_at": heard_at}
    with taking_turns(engine) as connection:
        connection.execute(update(SourceState).where(SourceState.source == source).values(**values))


def forget_sources(engine: Engine) -> None:
    """Leave no live source, as an import of old messages does."""
    with taking_turns(engine) as connection:
        connection.execute(delete(SourceState))


def old(engine: Engine, now: int) -> None:
    """Messages of two months ago, imported."""
    fill(engine, NOON, demo=False)
    forget_sources(engine)


STATES: dict[str, State] = {
    "live": State(live),
    "real": State(real),
    "late": State(late),
    "none": State(none),
    "few": State(few),
    "empty": State(empty),
    "unpromised": State(unpromised),
    "stopped": State(stopped, wait=".strip-note"),
    "alert": State(alerted, wait=".slide.alert"),
    "drop": State(dropped, wait=".slide.alert"),
    "closed": State(night, now=NIGHT, environ={"KLANTBLIK_WALL_OPENING": "mon-sun 07:00-22:00, holidays"}, wait=".closed .st"),
    "old": State(old, now=LATER),
    "focus": State(live, playlist="focus", wait=".slide.focus"),
    "voices": State(live, playlist="voices", wait=".slide.says"),
    "promises": State(live, playlist="promises", wait=".slide.words"),
    "hours": State(live, playlist="hours", wait=".slide.day"),
    "days": State(live, playlist="journey:28d"),
    "far": State(live, environ={"KLANTBLIK_WALL_DISTANCE_M": "7"}),
    "enrol": State(live, headers={"x-forwarded-for": "192.0.2.7"}, wait=".code"),
    "dead": State(live, wait=".dead"),
    "broken": State(live, wait=".broken"),
}
