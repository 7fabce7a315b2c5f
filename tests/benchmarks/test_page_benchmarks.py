"""The larger store is what ingest would have made, to the unit; what a browser said is read as it was meant."""

from __future__ import annotations

import base64
import json
import sqlite3
from contextlib import closing

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.enlarged import enlarge
from benchmarks.pages import _ratios
from benchmarks.painted import Frames
from store.engine import open_store
from store.people.facts import set_fact
from store.recount import recount
from store.rows import Batch
from store.writes import save
from tests.store.people_store import fresh
from tests.store.test_reads_paths import NOW, history


@pytest.fixture
def small(tmp_path):
    engine = fresh(tmp_path)
    save(engine, Batch("s", history(1, 40, 100)), now_ms=NOW, zone="Europe/Amsterdam")
    set_fact(engine, "zone", "Europe/Amsterdam", "anna", NOW)
    engine.dispose()
    return tmp_path / "store.db"


def counted(file, query):
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchone()[0]


def test_an_enlarged_store_holds_every_contact_so_many_times_and_its_rollups_to_the_unit(small, tmp_path):
    large = tmp_path / "large.db"
    assert enlarge(small, large, 1_000) == 1_080, "120 contacts, nine times"
    assert counted(large, "SELECT count(DISTINCT external_id) FROM contact") == 1_080
    assert counted(large, "SELECT count(DISTINCT author_key) FROM contact") == 9 * counted(
        small, "SELECT count(DISTINCT author_key) FROM contact"
    )
    assert counted(large, "SELECT count(*) FROM observation") == 9 * counted(small, "SELECT count(*) FROM observation")
    assert counted(large, "SELECT count(*) FROM sqlite_master") == counted(small, "SELECT count(*) FROM sqlite_master") + 1, (
        "and ANALYZE's"
    )
    engine = open_store(f"sqlite:///{large}")
    assert recount(engine, "Europe/Amsterdam") == []
    engine.dispose()


def test_what_would_not_fit_is_not_begun(small, tmp_path, monkeypatch):
    monkeypatch.setattr("benchmarks.enlarged.MOST_GB", 1e-6)
    with pytest.raises(SystemExit, match="would take over"):
        enlarge(small, tmp_path / "large.db", 1_000)


def frame(message: ForwardMsg, at: float) -> dict:
    return {"timestamp": at, "response": {"payloadData": base64.b64encode(message.SerializeToString()).decode()}}


def test_the_servers_time_ends_with_the_message_that_carries_the_heading():
    sheet, last, seen = ForwardMsg(), ForwardMsg(), Frames()
    sheet.delta.new_element.bidi_component.json = json.dumps({"nodes": [["h1", {}, "Week 47"]]})
    last.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    other = ForwardMsg()
    other.delta.new_element.bidi_component.json = json.dumps({"nodes": [["p", {}, "x"]]})
    seen._sent(1.0)
    seen._sent(9.0)
    for message, at in ((other, 1.5), (sheet, 2.0), (sheet, 3.0), (last, 4.0)):
        seen._received(frame(message, at))
    seen._received({"timestamp": 5.0, "response": {"payloadData": "no message"}})
    assert (seen.asked, seen.drawn, seen.finished) == (1.0, 2.0, 4.0)


def test_the_targets_are_held_against_both_stores_and_against_each_other():
    line = {"page": "week", "cold s": 1.2, "warm s": 0.5}
    found = {ratio.name: ratio for ratio in _ratios([{**line, "store": "demo"}, {**line, "store": "large", "cold s": 3.0}])}
    assert found["week, demo: cold first paint / 1.5 s"].met and not found["week, demo: warm first paint / 0.4 s"].met
    assert found["week: cold, large / demo"].value == pytest.approx(2.5) and not found["week: cold, large / demo"].met
