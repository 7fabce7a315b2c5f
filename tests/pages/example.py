"""A small made-up company for the tests of pages: 53 weeks, seven stages, five channels, a chatbot that broke something."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, insert, text

from metrics.bins import OPEN, bin_of
from metrics.marks import mark_of
from store.calendar import buckets
from store.people.annotations import Annotation, annotate
from store.people.changes import Change, save_change
from store.people.expectations import Expectation, save_expectation
from store.people.facts import set_fact
from store.people.meetings import Meeting, OneThing, save_meeting, save_one_thing
from store.people.promises import Promise, save_promise
from store.tables import LEVELS, Contact, Observation, Placement, RollupTheme, SourceState

PEOPLE = Path(__file__).with_name("example.json")
ZONE = "Europe/Amsterdam"
LAST = date(2026, 11, 22)  # the Sunday that ends week 47
BOT = date(2026, 11, 18)
CAMPAIGN = date(2026, 8, 31)
LEVEL = {"orient": 7.6, "book": 7.9, "checkin": 8.0, "fly": 7.4, "arrive": 6.9, "service": 6.8, "loyalty": 7.1}
TURN = {"social": -0.9, "chat": -0.1, "phone": 0.0, "email": -0.3, "survey": 0.4}
SHARE = {"orient": 5, "book": 9, "checkin": 6, "fly": 7, "arrive": 6, "service": 9, "loyalty": 2}
WORDS = {
    "bot": ("De chatbot begrijpt mij niet en ik krijg geen medewerker te spreken, drie keer geprobeerd.", 3.0),
    "waiting": ("Na 25 minuten wachten was mijn vraag in twee zinnen opgelost, waarom dan zo lang?", 5.4),
    "refund": ("Mijn terugbetaling laat al twee weken op zich wachten en niemand zegt waarom.", 5.8),
    "staff": ("Vlucht omgeboekt in drie minuten, keurig geholpen door een vriendelijke medewerker.", 8.7),
    "baggage": ("Mijn koffer kwam een uur later dan ik zelf op het vliegveld aan.", 5.9),
}


class Rows:
    """The rows of the example as they are made, inserted in one go."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.contacts: list[dict] = []
        self.placements: list[dict] = []
        self.observations: list[dict] = []
        self.themes: dict[tuple, list[int]] = defaultdict(lambda: [0, 0, 0])

    def contact(self, day: date, stage: str, channel: str, journey: str = "airline") -> None:
        id = len(self.contacts) + 1
        local = datetime.combine(day, time(self.dice.randint(7, 22), self.dice.randint(0, 59)), ZoneInfo(ZONE))
        at = round(local.timestamp() * 1000)
        theme = self._theme(day, stage, channel)
        words, lived = WORDS[theme]
        mean = LEVEL[stage] + TURN[channel] + self._bot(day, stage, channel)
        own = min(10.0, max(1.0, self.dice.gauss(0.8 * mean + 0.2 * lived - 0.1, 1.7)))
        segment = "new" if id % 5 == 0 else "existing"
        self.contacts.append(
            {
                "id": id, "source": channel, "stream": "x", "external_id": str(id), "version": 1, "channel": channel,
                "happened_at": at, "received_at": at, "author_key": f"a{id % 4001}", "language": "nl", "text": words,
                "themes": theme, "segments": segment, "sentiment": (own - 5.5) / 4.5,
            }
        )  # fmt: skip
        self.placements.append({"contact_id": id, "journey": journey, "stage": stage, "by": "source", "confidence": 1.0})
        place = (id, at, journey, stage, channel, segment)
        self.observe(place, "contacts", 1.0, None)
        if channel == "social":
            self.observe(place, "sentiment", (own - 5.5) / 4.5, own)
        else:
            self.observe(place, "csat10", own, own)
        if channel == "survey":
            self.observe(place, "nps", max(0.0, min(10.0, own + self.dice.gauss(0, 1))), None)
        if channel == "email":
            self._answered(place, day)
        self._count_theme(day, journey, stage, channel, theme, own)

    def observe(self, place: tuple, metric: str, value: float, marked: float | None, bin: int = 0) -> None:
        id, at, journey, stage, channel, segment = place
        m = (
            marked
            if marked is not None
            else (mark_of(metric, value, channel=channel) if metric in ("nps", "first_response") else 0.0)
        )
        minute, hour, day, week = buckets(at, ZONE)
        self.observations.append(
            {
                "contact_id": id, "metric": metric, "value": value, "mark": m or None, "journey": journey, "stage": stage,
                "channel": channel, "segments": segment, "happened_at": at, "minute": minute, "hour": hour, "day": day,
                "week": week, "bin": bin, "n": 1, "w": 1000, "w2": 1_000_000, "m1": round(1000 * m),
                "m2": round(1_000_000 * m * m), "v": round(1000 * value),
            }
        )  # fmt: skip

    def _theme(self, day: date, stage: str, channel: str) -> str:
        if stage == "service" and channel == "chat" and day >= BOT and self.dice.random() < 0.5:
            return "bot"
        common = ["staff", "staff", "waiting", "refund", "baggage" if stage == "arrive" else "staff", "bot"]
        return common[self.dice.randrange(6 if stage == "service" else 5)]

    def _bot(self, day: date, stage: str, channel: str) -> float:
        return -2.4 if stage == "service" and channel == "chat" and day >= BOT else 0.0

    def _answered(self, place: tuple, day: date) -> None:
        seconds = self.dice.lognormvariate(8.6, 1.35)
        answered = self.dice.random() > 0.03
        self.observe(place, "first_response", seconds, None, bin_of(seconds) if answered else OPEN)

    def _count_theme(self, day: date, journey: str, stage: str, channel: str, theme: str, own: float) -> None:
        year, week, _ = day.isocalendar()
        for level, bucket in (("week", year * 100 + week), ("day", day.year * 10_000 + day.month * 100 + day.day)):
            sums = self.themes[(level, bucket, journey, stage, channel, theme)]
            for i, value in enumerate((1, 1, round(1000 * own))):
                sums[i] += value


def fill(engine: Engine, weeks: int = 53, density: float = 1.0, last: date = LAST, demo: bool = True, seed: int = 7) -> None:
    """Fill a store with contacts up to `last` and roll them up, with promises, a campaign, changes and one-things."""
    rows = Rows(seed)
    for back in range(weeks * 7):
        day = last - timedelta(days=back)
        for stage, size in SHARE.items():
            for channel in TURN:
                for _ in range(rows.dice.choices((0, 1, 2, 3), (1, size, size * density, size * density / 2))[0]):
                    rows.contact(day, stage, channel)
    _insert(engine, rows)
    _people(engine, last, demo)


def ms(day: date) -> int:
    """The UTC epoch milliseconds at which a local day begins."""
    return round(datetime.combine(day, time(), ZoneInfo(ZONE)).timestamp() * 1000)


def _insert(engine: Engine, rows: Rows) -> None:
    with engine.begin() as connection:
        connection.execute(insert(Contact), rows.contacts)
        connection.execute(insert(Placement), rows.placements)
        connection.execute(insert(Observation), rows.observations)
        for level, table in LEVELS.items():
            for segment in ("''", "segments"):
                connection.execute(text(_rolled(level, table.__tablename__, segment)))
        names = ("level", "bucket", "journey", "stage", "channel", "theme", "n", "nm", "m1")
        themes = [dict(zip(names, (*key, *sums), strict=True)) for key, sums in rows.themes.items()]
        connection.execute(insert(RollupTheme), themes)
        for channel in TURN:
            connection.execute(insert(SourceState), _state(channel, rows))


def _rolled(level: str, table: str, segment: str) -> str:
    key = f"{level}, journey, stage, channel, {segment}, metric, bin"
    sums = ", ".join(f"sum({name})" for name in ("n", "w", "w2", "m1", "m2", "v"))
    into = "bucket, journey, stage, channel, segment, metric, bin, n, w, w2, m1, m2, v"
    return f"INSERT INTO {table} ({into}) SELECT {key}, {sums} FROM observation GROUP BY {key}"


def _state(channel: str, rows: Rows) -> dict:
    newest = max(c["happened_at"] for c in rows.contacts if c["channel"] == channel)
    return {
        "source": channel, "connector": "sample", "channel": channel, "status": "live", "detail": "", "live": True,
        "heartbeat_at": newest, "last_event_at": newest, "last_stored_at": newest, "received": 100, "stored": 100,
    }  # fmt: skip


def _people(engine: Engine, last: date, demo: bool) -> None:
    now = ms(last + timedelta(days=1))
    if demo:
        set_fact(engine, "demo", "1", "example", now)
    for promise in promises():
        save_promise(engine, promise, now)
    for entry in json.loads(PEOPLE.read_text(encoding="utf8"))["expectations"]:
        stated = Expectation("airline", from_at=ms(date(2025, 1, 1)), source="survey", **entry)
        save_expectation(engine, stated, "example", now)
    note = Annotation("campaign", "Altijd bereikbaar", "Always there", "airline", ms(CAMPAIGN), ms(CAMPAIGN + timedelta(days=28)))
    annotate(engine, note, "example", now)
    for change in changes():
        save_change(engine, change, now)
    save_meeting(engine, Meeting(now + 9 * 3_600_000), "example", now)
    for back, entry in enumerate(json.loads(PEOPLE.read_text(encoding="utf8"))["one_things"]):
        save_one_thing(engine, OneThing(now - back * 7 * 86_400_000, journey="airline", **entry), "example", now)


def promises() -> list[Promise]:
    """Eight promises: kept, broken, unproven, hard and soft, one of which was sharpened by the campaign."""
    given = json.loads(PEOPLE.read_text(encoding="utf8"))["promises"]
    return [
        Promise(**entry | {"journey": "airline", "valid_from": ms(date.fromisoformat(entry["valid_from"]))}) for entry in given
    ]


def changes() -> list[Change]:
    """Four changes: one overdue, two running, one waiting."""
    given = json.loads(PEOPLE.read_text(encoding="utf8"))["changes"]
    return [_change(**entry) for entry in given]


def _change(started_at: str, due_at: str, **entry: Any) -> Change:
    times = {"registered_at": ms(date(2026, 9, 1)), "due_at": ms(date.fromisoformat(due_at)), "checked_at": ms(date(2026, 9, 7))}
    started = ms(date.fromisoformat(started_at)) if started_at else 0
    said = {"customer_check_nl": "ja", "customer_check_en": "yes", "journey": "airline", "metric": "delivered"}
    return Change(**entry, **times, **said, started_at=started)


def moment(day: date, hour: int = 9) -> str:
    """A moment as `?as_of=` takes it."""
    return datetime.combine(day, time(hour), ZoneInfo(ZONE)).astimezone(UTC).isoformat()
