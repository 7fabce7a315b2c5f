"""A store of tweets and nothing else, as a first import leaves it: one channel, no promises, no survey, and ten years old.

With the research data beside the project the tweets are real ones; else made-up ones in the same shape.
"""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

from config.settings import ROOT, read_settings
from connectors.base import Event, Said
from ingest.opening import open_place
from store.rows import Batch
from store.writes import save

REAL = ROOT.parent / "shared" / "data" / "airline_en.dev.csv.gz"
KEY = "0123456789abcdef0123456789abcdef"
ROWS = 900
STAGES = {"booking": "book", "check-in": "checkin", "travel": "fly", "on-board": "fly", "arrival": "arrive", "service": "service"}
MADE_UP = (
    ("travel", "@NorthflightAir three hours on the tarmac and nobody tells us anything. Worst day of my life."),
    ("arrival", "@NorthflightAir my suitcase is still not here, day two. Your form does not even load!"),
    ("service", "@NorthflightAir on hold for 50 minutes, then cut off. Again. <b>Unbelievable</b>"),
    ("on-board", "@NorthflightAir thanks to the crew of flight 1882, so kind with our little one :)"),
    ("booking", "@NorthflightAir the website keeps logging me out while I pay, please help"),
    ("", "@NorthflightAir do you fly to Bergen in May?"),
)


def fill(url: str) -> None:
    """Make the store at `url` from the tweets, through the very pipeline that an import uses."""
    before = os.environ.get("KLANTBLIK_KEY")
    os.environ["KLANTBLIK_KEY"] = KEY
    try:
        with closing(open_place(url, read_settings(environ={}))) as place:
            now_ms = round(datetime.now(UTC).timestamp() * 1000)
            rows, refused = place.pipeline("tweets").prepare(list(_events()), now_ms)
            save(place.engine, Batch("tweets", rows, refused), now_ms=now_ms, zone=place.zone)
    finally:
        os.environ.pop("KLANTBLIK_KEY") if before is None else os.environ.update(KLANTBLIK_KEY=before)


def _events() -> Iterator[Event]:
    for number, (moment, stage, words) in enumerate(_real() if REAL.exists() else _made_up()):
        said = Said(channel="social", text=words, stage=STAGES.get(stage), author=f"author-{number % 700}")
        yield Event("", str(number), 1, "upsert", moment, said)


def _real() -> Iterator[tuple[datetime, str, str]]:
    with gzip.open(REAL, "rt", encoding="utf8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines)):
            if number >= ROWS:
                return
            yield datetime.strptime(row["created"], "%Y-%m-%d %H:%M:%S %z").astimezone(UTC), row["stage"], row["text"]


def _made_up() -> Iterator[tuple[datetime, str, str]]:
    for number in range(ROWS):
        stage, words = MADE_UP[number % len(MADE_UP)]
        yield datetime(2015, 2, 16, 8, tzinfo=UTC) + timedelta(minutes=11 * number), stage, f"{words} {number}"
