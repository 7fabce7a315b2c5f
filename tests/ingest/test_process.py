import threading
import time

import pytest

from ingest import process
from ingest.opening import now_ms
from ingest.process import run_until_stopped
from store.corridor import jobs
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
