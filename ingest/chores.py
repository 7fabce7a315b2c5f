"""Chores: small work that comes back every so often, in a thread of its own so that no reading waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from config.settings import Settings
from ingest import mailing
from ingest.alerting import refresh_alerts
from ingest.correcting import apply_corrections
from ingest.customers import refresh_customers
from ingest.expecting import refresh_expectations
from ingest.expiring import Expiry
from ingest.falling import Watch
from ingest.missed import CatchUp
from ingest.opening import Place, now_ms
from ingest.quotes import refresh_quotes
from ingest.sources import Source
from ingest.uploads import forget_uploads
from ingest.verifying import Verifier
from store.corridor.faults import DatabaseFault
from store.corridor.inbox import forget_settled
from store.corridor.usage import forget_usage
from store.people.facts import facts
from store.people.keeping import keep_days
from store.people.walls import house_quotes
from store.reads.quotes import kept_quotes
from store.retention import prune, wipe

LOOK_S = 1.0
SOON_S = 5.0
ALERTS_S = 600.0
DAILY_S, HOURLY_S, QUOTES_S, CORRECTIONS_S = 86_400.0, 3_600.0, 180.0, 5.0
UPSTREAM_S, MAIL_S = 900.0, 30.0
DAY_MS = 86_400_000
USAGE_MS = 62 * DAY_MS  # no budget looks further back than its month
INBOX_MS = 30 * DAY_MS  # no vendor delivers again after so long
FALLS = (DatabaseFault, ValueError, TypeError, LookupError, ArithmeticError, AttributeError)

NOT_YET = object()  # what a chore gives when there was nothing to do it with: a new store fills within seconds


@dataclass(slots=True)
class Chore:
    """What to do every `every_s` seconds, the first time at once; sooner, at growing intervals, while it gives NOT_YET."""

    name: str
    every_s: float
    do: Callable[[], object]
    due_at: float = 0.0
    soon_s: float = SOON_S

    def next_in(self, found: object) -> float:
        """After how many seconds to come again, given what `do` gave."""
        if found is not NOT_YET:
            return self.every_s
        wait = min(self.soon_s, self.every_s)
        self.soon_s = 2 * wait
        return wait


def chores(place: Place, settings: Settings) -> list[Chore]:
    """What a running ingest does beside reading: seal old rollups, empty the inbox, obey corrections, choose quotes."""
    watch = Watch(place.engine, settings.company.zone, settings.alarms.false_per_week)
    return [
        Chore("old rollups", HOURLY_S, lambda: prune(place.engine, now_ms())),
        Chore("words kept too long", DAILY_S, lambda: _wipe(place, now_ms())),
        Chore("settled deliveries", HOURLY_S, lambda: forget_settled(place.engine, now_ms() - INBOX_MS)),
        Chore("uploads", HOURLY_S, lambda: forget_uploads(place, now_ms())),
        Chore("corrections", CORRECTIONS_S, lambda: apply_corrections(place.engine, now_ms(), settings.company.timezone)),
        Chore("quotes", QUOTES_S, lambda: _quotes(place, settings.wall.quotes)),
        Chore("alerts", ALERTS_S, lambda: refresh_alerts(place.engine, now_ms(), settings.company.timezone)),
        Chore("customers", HOURLY_S, lambda: refresh_customers(place.engine, now_ms())),
        Chore("expectations", HOURLY_S, lambda: _expectations(place, settings)),
        Chore("weekly mail", MAIL_S, lambda: mailing.plan(place)),
        Chore("falls", ALERTS_S, lambda: watch.refresh(now_ms())),
    ]


def _wipe(place: Place, moment: int) -> None:
    for source, days in keep_days(place.engine).items():
        wipe(place.engine, source, moment - days * DAY_MS, moment)


def _quotes(place: Place, chosen: str) -> object:
    policy = house_quotes(chosen, facts(place.engine))  # read at every turn: it may be chosen on screen
    refresh_quotes(place.engine, now_ms(), policy)
    return None if policy == "off" or kept_quotes(place.engine)[1].get("quotes") else NOT_YET


def _expectations(place: Place, settings: Settings) -> object:
    return None if place.demo else refresh_expectations(place.engine, now_ms(), settings.company.zone)  # the demo states its own


def upstream(place: Place, sources: Sequence[Source], stop: threading.Event, say: Callable[[str], None]) -> list[Chore]:
    """What it asks vendors beside reading, in a thread of its own: a vendor that does not answer holds up nothing here."""
    verifier, expiry, catch_up = Verifier(place, sources), Expiry(place, sources, say), CatchUp(place, sources, stop)
    return [
        Chore("secrets that end", HOURLY_S, expiry.refresh),
        Chore("missed deliveries", UPSTREAM_S, catch_up.keep),
        Chore("looking up again", UPSTREAM_S, lambda: verifier.keep(stop.is_set)),
        Chore("old usage", HOURLY_S, lambda: forget_usage(place.engine, now_ms() - USAGE_MS)),
    ]


def keep(given: Sequence[Chore], stop: threading.Event, say: Callable[[str], None]) -> None:
    """Do each chore when it is due until `stop` is set; one that fails is said and done again at its next time."""
    while not stop.is_set():
        for chore in given:
            now = time.monotonic()
            if now < chore.due_at or stop.is_set():
                continue
            chore.due_at = now + chore.every_s
            try:
                chore.due_at = now + chore.next_in(chore.do())
            except FALLS as fault:
                say(f"{chore.name}: not done this time ({type(fault).__name__})")
        stop.wait(LOOK_S)
