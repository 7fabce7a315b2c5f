"""The drop folder as a connector: what the runner sees of it."""

import os
import threading
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from connectors.base import ConfigFault
from connectors.files.connector import Config, Files

LATER = datetime(2036, 1, 1, tzinfo=UTC)
MAPPING = "text=text,happened_at=at,external_id=id"


@pytest.fixture
def folder(tmp_path):
    def lay(name, rows, content=None):
        path = tmp_path / name
        path.write_text(content if content is not None else "id,text,at\n" + "".join(f"{i},{t},2015-01-01\n" for i, t in rows))
        return path

    lay.config = Config(folder=tmp_path, mapping=MAPPING)
    return lay


def read(config, state=None, stop=None, at=LATER):
    batches = list(Files().read(config, state, stop or threading.Event(), lambda: at))
    events = [event for batch in batches for event in batch.events]
    bad = [record for batch in batches for record in batch.bad]
    return [event.external_id for event in events], bad, batches[-1].state if batches else state, events


def test_reads_each_file_once(folder):
    folder("a.csv", [(1, "x"), (2, "y")])
    ids, bad, state, _ = read(folder.config)
    assert (ids, bad) == (["1", "2"], [])
    folder("b.csv", [(3, "z")])
    assert read(folder.config, state)[0] == ["3"]


def test_a_copy_of_a_file_is_not_read_again(folder):
    folder("a.csv", [(1, "x")])
    state = read(folder.config)[2]
    folder("copy of a.csv", [(1, "x")])
    assert read(folder.config, state)[0] == []


def test_a_corrected_file_is_read_again_with_a_newer_version(folder):
    path = folder("a.csv", [(1, "x")])
    _, _, state, (first,) = read(folder.config)
    folder("a.csv", [(1, "beter")])
    os.utime(path, (1, 1))
    _, _, _, (second,) = read(folder.config, state, at=LATER.replace(year=2037))
    assert second.version > first.version and second.said.text == "beter"


def test_goes_on_where_it_was_stopped_within_a_file(folder):
    folder("a.csv", [(i, "x") for i in range(1_200)])
    source = Files().read(folder.config, None, threading.Event(), lambda: LATER)
    first = next(source)
    rest = read(folder.config, first.state)
    assert [event.external_id for event in first.events] + rest[0] == [str(i) for i in range(1_200)]
    assert {event.version for event in first.events} == {event.version for event in rest[3]}


def test_a_file_that_is_being_written_is_left_alone(folder):
    folder("a.csv", [(1, "x")])
    folder("b.csv.part", [(2, "x")])
    folder(".hidden", [(3, "x")])
    assert read(folder.config, at=datetime.now(UTC))[0] == []


def test_a_file_that_cannot_be_read_is_quarantined_once_and_the_next_one_read(folder):
    folder("a.csv", [], content="%PDF-1.7")
    folder("b.csv", [], content="other,columns\n1,2\n")
    folder("c.csv", [(1, "x")])
    ids, bad, state, _ = read(folder.config)
    assert ids == ["1"] and [record.raw for record in bad] == [b"a.csv", b"b.csv"]
    assert "PDF" in bad[0].why and "no such column" in bad[1].why
    assert read(folder.config, state)[:2] == ([], [])


def test_stops_between_batches(folder):
    folder("a.csv", [(i, "x") for i in range(1_200)])
    stop = threading.Event()
    source = Files().read(folder.config, None, stop, lambda: LATER)
    next(source)
    stop.set()
    assert list(source) == []


def test_check_says_what_is_wrong(folder, tmp_path):
    assert Files().check(folder.config).code == "ok"
    wrong = Files().check(Config(folder=tmp_path / "absent", mapping=MAPPING))
    assert wrong.code == "config" and "absent" in wrong.hint_en and "absent" in wrong.hint_nl
    assert Files().check(Config(folder=tmp_path, mapping="tekst=x")).code == "config"


def test_read_without_its_folder_is_a_fault_of_the_settings(tmp_path):
    with pytest.raises(ConfigFault, match="absent"):
        read(Config(folder=tmp_path / "absent", mapping=MAPPING))


@pytest.mark.parametrize("wrong", [{"channel": "postduif"}, {"timezone": "Europe/Rome2"}, {"colour": "red"}, {"settle_s": -1}])
def test_settings_are_checked(tmp_path, wrong):
    with pytest.raises(ValidationError):
        Config(folder=tmp_path, mapping=MAPPING, **wrong)
