import json
import threading

import pytest

from config.language import texts
from connectors.base import AuthFault, BadRecord, Batch
from ingest import missed
from ingest.missed import KIND, CatchUp
from ingest.opening import now_ms
from ingest.sources import Source
from store.corridor.quarantine import held
from store.corridor.upkeep import upkeep
from store.engine import ms
from store.reads.sources import read_upkeep
from store.rows import Batch as Rows
from store.stored import stored_rows
from store.writes import save

from .conftest import event
from .fakes import Config, Signed


class Asked(Signed):
    """A receiver that can be asked; it plays what a test writes down."""

    def __init__(self, *script):
        self.script, self.since = script, []

    def catches_up(self, config):
        return True

    def missed(self, config, since, stop, clock):
        self.since.append(ms(since))
        for step in self.script:
            if isinstance(step, Exception):
                raise step
            yield step


@pytest.fixture(autouse=True)
def moment(monkeypatch):
    at = [now_ms()]
    monkeypatch.setattr(missed, "now_ms", lambda: at[0])
    return at


def source(*script):
    return Source("hook", Asked(*script), Config())


def catch_up(place, *sources):
    return CatchUp(place, sources, threading.Event())


def ids(place):
    return sorted(row.external_id for _, row in stored_rows(place.engine))


def test_what_was_missed_is_stored_and_what_was_delivered_changes_nothing(any_place):
    rows, _ = any_place.pipeline("hook").prepare([event("1")], now_ms())
    save(any_place.engine, Rows("hook", rows), now_ms=now_ms(), zone=any_place.zone)
    state = catch_up(any_place).ask(source(Batch([event("1"), event("2")]), Batch([event("3")])))
    assert ids(any_place) == ["1", "2", "3"] and (state.checked, state.edited) == (3, 2)
    told = read_upkeep(any_place.engine, "hook")[0]
    assert "2" in texts("nl")(told.key, **told.values) and "2 still brought in" in texts("en")(told.key, **told.values)


def test_it_is_asked_from_the_last_time_on_with_overlap(place, moment):
    mine = source()
    first = moment[0]
    for _ in range(3):
        catch_up(place).ask(mine)
        moment[0] += 900_000
    day, overlap = 86_400_000, 600_000
    assert mine.connector.since == [first - day - overlap, first - overlap, first + 900_000 - overlap]


def test_asking_that_broke_off_begins_at_the_same_moment_again_and_keeps_what_came(place, moment):
    catch_up(place).ask(source())
    mine = source(Batch([event("1")]), AuthFault("401"))
    moment[0] += 900_000
    state = catch_up(place).ask(mine)
    assert ids(place) == ["1"] and not state.finished_at
    assert read_upkeep(place.engine, "hook")[-1].key == "ingest.sign_in"
    moment[0] += 900_000
    catch_up(place).ask(mine)
    assert mine.connector.since[0] == mine.connector.since[1]


def test_what_cannot_be_read_is_held(place):
    catch_up(place).ask(source(Batch(bad=[BadRecord(b"raw", "broken")])))
    assert [payload.reason for payload in held(place.engine, "hook")] == ["broken"]


def test_the_chore_asks_those_that_can_and_stops(place):
    mine, deaf = source(Batch([event("1")])), Source("deaf", Signed(), Config())
    chore = catch_up(place, mine, deaf)
    assert [each.name for each in chore.sources] == ["hook"]
    chore.keep()
    assert ids(place) == ["1"] and json.loads(upkeep(place.engine, "hook", KIND).place)["until"]
    stopped = threading.Event()
    stopped.set()
    CatchUp(place, [mine], stopped).keep()
    assert len(mine.connector.since) == 1
