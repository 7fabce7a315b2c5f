import threading
import time
from contextlib import closing

import pytest

from config.journey import load_journey
from ingest import process
from ingest.importing import Request, import_file
from ingest.jobs import work_once as jobs_work_once
from ingest.opening import Place, now_ms, open_place
from ingest.process import run_until_stopped
from store.corridor import jobs
from store.corridor.faults import DatabaseFault
from store.people.journeys import choose_journey
from store.reads.sources import read_sources as sources
from store.stored import stored_rows

from .fakes import Scripted, quiet, told


@pytest.fixture
def running(place, chosen, monkeypatch):
    """The whole process in threads of this one, over scripted sources."""
    stop, lines, threads = threading.Event(), [], []

    def start(*named):
        monkeypatch.setattr(process, "configured", lambda settings, only: list(named))
        thread = threading.Thread(target=run_until_stopped, args=(place, chosen, (), stop, lines.append))
        thread.start()
        threads.append(thread)
        return lines

    yield start
    stop.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def until(condition):
    deadline = time.monotonic() + 15
    while not (found := condition()):
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.05)
    return found


def test_sources_jobs_and_chores_work_side_by_side(place, running, tmp_path):
    file = tmp_path / "f.csv"
    file.write_text("id,text,at\n9,Prima,2026-01-01\n")
    lines = running(Scripted([[told(1), *[quiet] * 10_000]]).source("post"))
    asked = {"file": str(file), "source": "files", "mapping": "text=text,happened_at=at,external_id=id"}
    jobs.ask(place.engine, "import", asked, now_ms())
    until(lambda: {row.external_id for _, row in stored_rows(place.engine)} == {"1", "9"})
    until(lambda: jobs.jobs(place.engine)[0].state == "done")
    until(lambda: {each.source: each.status for each in sources(place.engine)} == {"post": "live", "files": "done"})
    assert lines[0].startswith("ingest reads post into sqlite:///")


def test_without_any_source_it_still_does_jobs(place, running):
    lines = running(Scripted([[told(1)]], name="sample").source("made up"))
    assert until(lambda: lines) and "no source" in lines[0]
    jobs.ask(place.engine, "retry", {}, now_ms())
    until(lambda: jobs.jobs(place.engine)[0].state == "done")
    assert stored_rows(place.engine) == []


def test_a_journey_chosen_on_screen_is_what_everything_is_read_by(place, running, chosen, tmp_path):
    """The process that knew the old one ends by itself and does not do the job; the next one reads all by the new one."""
    file = tmp_path / "f.csv"
    file.write_text("id,text,at\n9,Ik wil mijn bestelling retourneren,2026-01-01\n")
    assert import_file(place, Request(file, "files", "text=text,happened_at=at,external_id=id")).record.stored == 1
    lines = running(Scripted([[quiet] * 100_000]).source("post"))
    until(lambda: lines)
    choose_journey(place.engine, load_journey("five-stages"), "Anna", now_ms())
    until(lambda: "ingest has stopped" in lines)
    assert "the journey was changed; going on with the new one" in lines
    assert not place.is_current() and not jobs_work_once(place, threading.Event(), lines.append)
    assert jobs.jobs(place.engine)[0].state == "waiting"
    with closing(open_place(place.url, chosen)) as again:
        assert again.journey.id == "five-stages" and again.is_current()
        assert jobs_work_once(again, threading.Event(), lines.append)
        assert jobs.jobs(again.engine)[0].state == "done"
        placed = {(one.journey, one.stage) for _, row in stored_rows(again.engine) for one in row.placed}
        assert ("five-stages", "return") in placed


def test_a_store_that_does_not_answer_says_nothing_of_its_journey(place, monkeypatch):
    stop, halt, lines, asked = threading.Event(), threading.Event(), [], []

    def silent(_self):
        asked.append(1)
        if len(asked) == 2:
            stop.set()
        raise DatabaseFault("gone")

    monkeypatch.setattr(process, "LOOK_S", 0.01)
    monkeypatch.setattr(Place, "is_current", silent)
    process._watch(place, stop, halt, lines.append)
    assert len(asked) == 2 and halt.is_set() and lines == []
