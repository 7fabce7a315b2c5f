"""A company of its own for a browser test: a real (not a demo's) store with its two processes, as `make run` starts them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from config.settings import read_settings
from connectors.base import Event, Reading, Said
from ingest.opening import Place, open_place
from store.engine import Engine, open_store
from store.rows import Batch, Row
from store.writes import save
from tests.browser.conftest import ROOT, failed, start, stop

KEY = "0123456789abcdef0123456789abcdef"
ZONE = ZoneInfo("Europe/Amsterdam")
PATIENCE = 60.0
LAST_WEEK = -7  # days from this Monday
WORDS = "Ik sta al veertien dagen te wachten op mijn terugbetaling en hoor niets."


@dataclass(frozen=True, slots=True)
class Office:
    """A running company: its address, and its store opened to look into."""

    site: str
    engine: Engine

    def until(self, holds: Callable[[Engine], object], why: str) -> object:
        """Wait until the store holds what is looked for, and give it."""
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            if found := holds(self.engine):
                return found
            time.sleep(0.2)
        raise TimeoutError(f"{why}: not within {PATIENCE:g} s")


@contextmanager
def office(folder: Path, fill: Callable[[Place], object], **environ: str) -> Iterator[Office]:
    """A company over a fresh store that `fill` filled, with its screens and its ingest; both are ended afterwards."""
    url = f"sqlite:///{folder / 'store.db'}"
    environ = {"KLANTBLIK_KEY": KEY, "KLANTBLIK_INGEST_CONNECTORS": "", **environ}
    before = os.environ.get("KLANTBLIK_KEY")
    os.environ["KLANTBLIK_KEY"] = KEY
    try:
        with closing(open_place(url, read_settings(environ={}))) as place:
            fill(place)
    finally:
        os.environ.pop("KLANTBLIK_KEY") if before is None else os.environ.update(KLANTBLIK_KEY=before)
    web, site = start(url, folder / "web.log", **environ)
    command = [sys.executable, "-m", "ingest", "run", "--store", url]
    with (folder / "ingest.log").open("wb") as log:
        env = {**os.environ, "KLANTBLIK_STORE_URL": url, **environ}
        ingest = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    engine = open_store(url)
    try:
        yield Office(site, engine)
        assert failed(folder / "web.log") == []
    finally:
        engine.dispose()
        stop(ingest)
        stop(web)


def monday() -> datetime:
    """The local midnight with which this week began."""
    today = datetime.now(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday())


def asked(number: int, stage: str, mark: float, days: float, channel: str = "survey", text: str = "") -> Event:
    """One answer with its own mark, `days` from this Monday; every number is a customer of its own."""
    said = Said(channel=channel, text=text, stage=stage, author=f"customer-{number}", readings=[Reading("csat10", mark)])
    return Event("", str(number), 1, "upsert", (monday() + timedelta(days=days)).astimezone(UTC), said)


def stored(place: Place, source: str, events: list[Event], now_ms: int | None = None) -> None:
    """Store events as ingest does; `now_ms` is the moment at which they came in (default: now)."""
    moment = now_ms or round(time.time() * 1000)
    rows, refused = place.pipeline(source).prepare(events, moment)
    rows: list[Row]
    save(place.engine, Batch(source, rows, refused), now_ms=moment, zone=place.zone)


def small_company(place: Place) -> None:
    """Two weeks of answers: service at 8; coming back at 9 but for one angry voice, in fact about service; checking in, whose
    chat broke last Wednesday; and one answer held back because it came too early."""
    events = []
    for week in (LAST_WEEK - 7, LAST_WEEK):
        for i in range(40):
            events.append(asked(len(events), "service", 7.0 + i % 3, week + i % 6 + 0.5))
        for i in range(12):
            events.append(asked(len(events), "loyalty", 9.0, week + i % 6 + 0.5))
        events += _checked_in(week, len(events))
    events.append(asked(900, "loyalty", 1.0, LAST_WEEK + 3.5, text=WORDS))
    stored(place, "survey", events)
    long_ago = round(((monday() + timedelta(days=LAST_WEEK)).timestamp()) * 1000)
    stored(place, "late", [asked(901, "service", 8.0, LAST_WEEK + 2.5)], long_ago)


def _checked_in(week: int, first: int) -> list[Event]:
    """A hundred by chat and as many by phone; from Wednesday of last week on the chat is 4 marks worse."""
    events = []
    for i in range(200):
        day, channel = i // 2 % 7, ("chat", "phone")[i % 2]
        broken = channel == "chat" and week == LAST_WEEK and day >= 2
        mark = 7.0 + (i // 14) % 3 - (4.0 if broken else 0.0)
        text = "De chatbot begrijpt mij niet en ik kan niet inchecken." if broken else "Inchecken ging prima."
        events.append(asked(first + i, "checkin", mark, week + day + 0.4, channel, text))
    return events
