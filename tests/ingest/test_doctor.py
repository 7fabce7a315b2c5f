from sqlalchemy import update

from ingest.doctor import examine
from ingest.opening import now_ms
from store.engine import open_store
from store.people.facts import set_fact
from store.rows import Batch, Refused
from store.tables import Audit, RollupDay, SourceState
from store.writes import save

from .conftest import event


def fill(place):
    rows, _ = place.pipeline("post").prepare([event("1"), event("2")], now_ms())
    save(place.engine, Batch("post", rows, [Refused("", b"x", "bad")]), now_ms=now_ms(), zone=place.zone)


def faults(place, recounting=True):
    return {finding.check: finding.faults for finding in examine(place.engine, place.zone, recounting)}


def spoil(place, statement):
    with place.engine.begin() as connection:
        connection.execute(statement)


def test_a_healthy_store(any_place):
    fill(any_place)
    assert faults(any_place) == {check: [] for check in ("file", "schema", "counts", "quarantine", "audit", "rollups")}
    assert "rollups" not in faults(any_place, recounting=False)


def test_each_illness_is_named(any_place):
    fill(any_place)
    set_fact(any_place.engine, "a", "b", "me", 1)
    spoil(any_place, update(SourceState).values(stored=9))
    spoil(any_place, update(Audit).values(who="somebody else"))
    spoil(any_place, update(RollupDay).values(n=RollupDay.n + 1))
    found = faults(any_place)
    assert "post" in found["counts"][0] and "row" in found["audit"][0] and "day" in found["rollups"][0]
    assert found["file"] == found["schema"] == []


def test_a_store_without_a_schema_is_not_asked_more(tmp_path):
    engine = open_store(f"sqlite:///{tmp_path}/empty.db")
    found = list(examine(engine, "Europe/Amsterdam"))
    engine.dispose()
    assert [finding.check for finding in found] == ["file", "schema"] and "found None" in found[1].faults[0]
