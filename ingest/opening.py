"""Opening a store to write: migrated, with its journey, its zone, and the key under which its authors are known."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.active import shown_store
from config.errors import ConfigError
from config.journey import Journey, load_journey, parse_journey
from config.settings import Settings
from ingest.errors import Unfit
from ingest.keys import fingerprint, load_key
from ingest.learned import Learned
from ingest.pipeline import Pipeline
from store.engine import open_store, prepare
from store.people.facts import facts, set_fact
from store.people.journeys import current_journey, journeys, save_journey, standing

WHO = "ingest"
KEY_FACT, JOURNEY_FACT, DEMO_FACT = "key_fingerprint", "journey", "demo"


@dataclass(frozen=True, slots=True)
class Place:
    """A store that is open to write, and what every batch for it needs."""

    engine: Any
    url: str
    zone: str
    journey: Journey
    own_names: tuple[str, ...]
    key: bytes
    demo: bool
    setting: str = ""
    opened_as: tuple[str, int] = ("", 0)
    learned: Learned = field(default_factory=Learned)

    def pipeline(self, source: str, version: str = "") -> Pipeline:
        """What prepares the events of one source."""
        return Pipeline(source, self.journey, self.own_names, self.key, version=version, learned=self.learned)

    @property
    def zoneinfo(self) -> ZoneInfo:
        """The company's zone."""
        return ZoneInfo(self.zone)

    def is_current(self) -> bool:
        """Whether the journey that people see is still the one that was opened here, in the same version."""
        return standing(self.engine, self.setting) == self.opened_as

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_place(url: str, settings: Settings, *, journey: str = "", own_names: Sequence[str] = ()) -> Place:
    """Open and migrate the store; an empty one is seeded with `journey` (a name, or a file), else with the setting's.

    `own_names` are added to the journey's for good, so that reading the store again strips them too.
    ConfigError for a journey that is none or a key other than the one the store was filled with; StoreError for a store that
    cannot be used.
    """
    key = load_key()
    engine = open_store(store_url(url), writer=True)
    prepare(engine)
    known = facts(engine)
    _check_key(engine, known.get(KEY_FACT, ""), key, url)
    chosen = _journey(engine, journey, known.get(JOURNEY_FACT, ""), settings.journey.active)
    chosen, demo, setting = _with_names(engine, chosen, own_names), known.get(DEMO_FACT) == "1", settings.journey.active
    names, as_it_is = tuple(settings.company.own_names), standing(engine, setting)
    place = Place(engine, store_url(url), settings.company.timezone, chosen, names, key, demo, setting, as_it_is)
    place.learned.refresh(engine, chosen.id)
    return place


def refuse_demo(place: Place) -> None:
    """Raise Unfit when the store holds the made-up company: real customers never mix with it."""
    if place.demo:
        raise Unfit(
            f"--store: found {shown_store(place.url)}, which holds the made-up company of the demo. "
            "Expected a store of your own: --store sqlite:///data/klantblik.db"
        )


def store_url(written: str) -> str:
    """The store's address; a bare file name is a SQLite file. Unfit for a database that is neither SQLite nor PostgreSQL.

    >>> store_url("data/a.db"), store_url("postgresql://db/a")
    ('sqlite:///data/a.db', 'postgresql://db/a')
    """
    if "://" not in written:
        return f"sqlite:///{written}"
    if not written.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
        raise Unfit(f"--store: found {shown_store(written)}, expected sqlite:///FILE or postgresql://USER@HOST/NAME.")
    return written


def journey_from(name: str) -> Journey:
    """The journey of that name among those shipped, or in that file; ConfigError when there is neither."""
    path = Path(name)
    if path.suffix != ".toml":
        return load_journey(name)
    try:
        return parse_journey(tomllib.loads(path.read_text(encoding="utf8")), str(path))
    except FileNotFoundError:
        raise ConfigError("--journey", name, "the name of a journey, or its file", "Check the path.") from None
    except tomllib.TOMLDecodeError as fault:
        raise ConfigError(str(path), str(fault), "valid TOML", "Correct that line.") from None


def now_ms() -> int:
    """This moment in UTC epoch milliseconds."""
    return time.time_ns() // 1_000_000


def _journey(engine: Any, wanted: str, fact: str, setting: str) -> Journey:
    held = journeys(engine)
    if wanted:
        fresh = journey_from(wanted)
        if fresh.id not in held:
            save_journey(engine, fresh, WHO, now_ms())
            if not held and fresh.id != setting:
                set_fact(engine, JOURNEY_FACT, fresh.id, WHO, now_ms())
        return current_journey(engine, fresh.id)
    if not held:
        save_journey(engine, load_journey(setting), WHO, now_ms())
        return current_journey(engine, setting)
    return current_journey(engine, next((name for name in (fact, setting) if name in held), held[0]))


def _with_names(engine: Any, journey: Journey, names: Sequence[str]) -> Journey:
    fresh = tuple(name for name in dict.fromkeys(names) if name not in journey.own_names)
    if fresh:
        journey = replace(journey, own_names=(*journey.own_names, *fresh))
        save_journey(engine, journey, WHO, now_ms())
    return journey


def _check_key(engine: Any, known: str, key: bytes, url: str) -> None:
    mine = fingerprint(key)
    if not known:
        set_fact(engine, KEY_FACT, mine, WHO, now_ms())
    elif known != mine:
        where = "the key under which this store's authors are known"
        raise ConfigError("KLANTBLIK_KEY", f"another key than {shown_store(url)} was filled with", where, "Put that key back.")
