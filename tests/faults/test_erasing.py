"""F19: who is forgotten, and what is purged or deleted at its source, is nowhere any more; what is left adds up to the unit."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from config.journey import load_journey
from config.language import texts
from ingest.backup import backup
from ingest.forgetting import forget
from ingest.opening import now_ms
from reports.jump import find_jump
from reports.names import Names
from reports.sheets import csv_text, xlsx
from reports.week import edition
from reports.weekly import paper
from store.corridor.purging import purge_source
from store.corridor.soundness import count_faults, empty_log
from store.reads.voices import Wanted, read_voices
from store.recount import recount
from store.retention import prune
from store.rows import Batch, Refused
from store.tables import Base
from store.writes import save
from tests.faults.counts import chance, times
from tests.ingest.conftest import any_place, chosen, event, key  # noqa: F401 - fixtures

pytestmark = pytest.mark.faults
JOURNEY, ZONE = load_journey("airline"), ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOURCES = ("post", "chat")
WORDS = (
    "mijn koffer met {} is weg",
    "{} werkt weer niet op de site",
    "na drie uur wachten op {} geen antwoord",
    "prima, {} en al",
)


class Town:
    """People with a word of their own, which they say in every message; `said` tells at which source they said it."""

    def __init__(self, place, dice) -> None:
        self.place, self.dice, self.said = place, dice, {}
        for n in range(dice.randint(3, 7)):
            word = f"zwaarwieg{''.join(dice.choices('bdfgklmnprstvz', k=6))}"
            self.said[word] = {source for source in SOURCES if dice.random() < 0.7} or {dice.choice(SOURCES)}
            if n < 2:
                self.said[word] = set(SOURCES)  # who is forgotten at every source is so at those that there are
            for source in self.said[word]:
                self.tell(source, word, n, raw=dice.random() < 0.5)

    def tell(self, source, word, n, version=1, raw=False):
        made = [
            event(
                f"m{n}.{i}",
                self.dice.choice(WORDS).format(word),
                MONDAY + timedelta(hours=self.dice.randint(0, 300)),
                version=version,
                author=f"{word}@voorbeeld.nl",
                thread=f"t{n % 3}",
                url=f"https://voorbeeld.nl/{word}/{i}",
            )
            for i in range(self.dice.randint(1, 4))
        ]
        rows, refused = self.place.pipeline(source).prepare(made, now_ms())
        bad = [Refused("", f"{n};{word}@voorbeeld.nl;onleesbaar".encode(), "bad")] if raw else []
        save(self.place.engine, Batch(source, rows, [*refused, *bad]), now_ms=now_ms(), zone=self.place.zone)

    def delete_upstream(self, word):
        n = list(self.said).index(word)
        for source in self.said[word]:
            gone = [event(f"m{n}.{i}", op="delete", version=9) for i in range(4)]
            rows, _ = self.place.pipeline(source).prepare(gone, now_ms())
            save(self.place.engine, Batch(source, rows), now_ms=now_ms(), zone=self.place.zone)
        empty_log(self.place.engine)


def copies(place, tmp_path) -> dict[str, str]:
    """Everything that is kept or given out, as text: tables, files, a backup, the week's exports, the typical voices."""
    found = {}
    with place.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            found[table.name] = "\n".join(map(repr, connection.execute(select(table)).all()))
    if place.engine.dialect.name == "sqlite":
        found |= {file.name: file.read_bytes().decode("latin-1") for file in tmp_path.glob("store.db*")}
    made = tmp_path / f"{now_ms()}.backup"
    backup(place.url, made)
    found |= {f"backup {name}": raw for name, raw in _unzipped(made.read_bytes()).items()}
    made.unlink()
    for week in (202610, 202611):
        found |= _exports(place.engine, week)
    found["voices"] = repr(read_voices(place.engine, Wanted(JOURNEY.id), limit=500))
    return found


def _exports(engine, week) -> dict[str, str]:
    now = datetime(2026, 3, 20, 9, tzinfo=ZONE)
    told = edition(engine, JOURNEY, week, ZONE, now)
    jump = find_jump(engine, JOURNEY, told.week, round(now.timestamp() * 1000))
    made = paper(told, jump, Names(texts("nl"), JOURNEY), now, company="N", demo=False)
    sheets = {f"{week} workbook {name}": raw for name, raw in _unzipped(xlsx(made)).items()}
    return {f"{week} page": repr(told), f"{week} csv": "\n".join(csv_text(table) for table in made.tables), **sheets}


def _unzipped(raw: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        return {name: parts.read(name).decode("latin-1") for name in parts.namelist()}


def holding(found, word) -> list[str]:
    return [name for name, said in found.items() if word in said]


def day_totals(engine):
    with engine.connect() as connection:
        return connection.execute(text("SELECT sum(n), sum(m1), sum(w) FROM rollup_day")).one()


@pytest.mark.parametrize("turn", range(times(2, 10, 300)))
def test_nothing_is_left_of_who_is_forgotten_deleted_or_purged(any_place, tmp_path, turn):  # noqa: F811
    dice = chance()
    dice.seed(f"{dice.random()} {turn}")
    place, town = any_place, Town(any_place, dice)
    before = copies(place, tmp_path)
    assert all("contact" in holding(before, word) for word in town.said), "else nothing could be found afterwards"
    assert any(name.startswith("backup") for name in holding(before, min(town.said)))
    first, second, *others = dice.sample(sorted(town.said), len(town.said))
    forget(place, f"{first}@voorbeeld.nl")
    town.delete_upstream(second)
    purged = dice.choice(SOURCES)
    if dice.random() < 0.5:
        purge_source(place.engine, purged, now_ms=now_ms(), zone=place.zone)
        empty_log(place.engine)
        others = [word for word in others if town.said[word] != {purged}]
    town.tell("post", first, list(town.said).index(first), version=7)  # it comes again, and must not be taken in
    after = copies(place, tmp_path)
    assert holding(after, first) == [], "forgotten"
    _said_nowhere(after, second)
    assert all("contact" in holding(after, word) for word in others), "who was not meant is still there"
    assert recount(place.engine, place.zone) == [] == count_faults(place.engine)
    totals = day_totals(place.engine)
    prune(place.engine, now_ms())
    assert day_totals(place.engine) == totals and recount(place.engine, place.zone) == []


def _said_nowhere(found, word) -> None:
    """A delete at the source leaves no word of what was said; a payload that nobody could read is not known to be theirs."""
    for said in found.values():
        assert not any(template.format(word) in said for template in WORDS)
    assert set(holding(found, word)) <= {name for name in found if "quarantine" in name or "store.db" in name}
