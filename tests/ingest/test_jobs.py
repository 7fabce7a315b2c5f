import threading

import pytest
from sqlalchemy.exc import OperationalError

from ingest import jobs as worker
from ingest.jobs import work, work_once
from ingest.opening import now_ms
from store.corridor import jobs
from store.stored import stored_rows


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "berichten.csv"
    path.write_text("id,text,at\n" + "".join(f"{i},Prima {i},2026-01-01 09:00\n" for i in range(2_500)), encoding="utf8")
    return path


def ask(place, kind, **arguments):
    return jobs.ask(place.engine, kind, arguments, now_ms())


def do(place, stop=None):
    return work_once(place, stop or threading.Event(), lambda line: None)


def newest(place):
    return jobs.jobs(place.engine)[0]


def importing(place, file):
    return ask(place, "import", file=str(file), source="post", mapping="text=text,happened_at=at,external_id=id")


def test_an_import_asked_for_on_screen(place, file):
    importing(place, file)
    assert do(place)
    job = newest(place)
    assert job.state == "done" and (job.done, job.total) == (1_000, 1_000)
    assert job.result["stored"] == 2_500 and len(stored_rows(place.engine, limit=5_000)) == 2_500
    assert not do(place)


def test_a_retry_and_a_rescore(place, file):
    importing(place, file)
    do(place)
    ask(place, "rescore")
    do(place)
    assert newest(place).result["written"] == 2_500
    ask(place, "retry", source="post")
    do(place)
    assert newest(place).result == {"tried": 0, "stored": 0, "refused": 0, "unreadable": 0}


def test_a_cancelled_import_keeps_what_it_stored(place, file, monkeypatch):
    id = importing(place, file)
    heard = worker.Work.heard

    def and_cancel(self, *said):
        jobs.cancel(place.engine, id, now_ms())
        return heard(self, *said)

    monkeypatch.setattr(worker.Work, "heard", and_cancel)
    do(place)
    assert newest(place).state == "cancelled" and len(stored_rows(place.engine, limit=5_000)) == 100


def test_a_job_goes_on_in_the_next_process(place, file, monkeypatch):
    importing(place, file)
    stop, heard = threading.Event(), worker.Work.heard
    monkeypatch.setattr(worker.Work, "heard", lambda self, *said: (stop.set(), heard(self, *said))[1])
    do(place, stop)
    assert newest(place).state == "waiting"
    monkeypatch.setattr(worker.Work, "heard", heard)
    do(place)
    assert newest(place).state == "done" and newest(place).result["stored"] == 2_500


def test_a_rescore_goes_on_behind_what_it_did(place, file, monkeypatch):
    importing(place, file)
    do(place)
    ask(place, "rescore")
    stop, heard = threading.Event(), worker.Work.heard
    monkeypatch.setattr(worker.Work, "heard", lambda self, *said: (stop.set(), heard(self, *said))[1])
    do(place, stop)
    assert newest(place).result["read"] == 500
    monkeypatch.setattr(worker.Work, "heard", heard)
    do(place)
    assert newest(place).result["read"] == 2_000 and newest(place).done == 2_500


def test_a_job_that_fails_says_why_and_the_next_one_is_done(place, tmp_path, file):
    ask(place, "import", file=str(tmp_path / "absent.csv"), source="post")
    importing(place, file)
    lines = []
    work_once(place, threading.Event(), lines.append)
    failed = newest(place) if newest(place).state == "failed" else jobs.jobs(place.engine)[1]
    assert failed.state == "failed" and "no file" in failed.result["values"]["why"] and "UnreadableFile" in lines[0]
    do(place)
    assert newest(place).state == "done"


def test_an_unknown_kind_fails(place):
    ask(place, "dance")
    do(place)
    assert newest(place).state == "failed" and newest(place).result["key"] == "ingest.unknown_job"


def test_the_loop_ends_when_asked(place):
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(place, stop, lambda line: None))
    thread.start()
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


def test_a_store_that_cannot_be_read_for_a_moment_is_looked_at_again(place, monkeypatch):
    def locked(*_):
        raise OperationalError("claim", {}, Exception("database is locked"))

    monkeypatch.setattr(worker, "claim", locked)
    lines = []
    assert not work_once(place, threading.Event(), lines.append)  # False: wait a moment before the next look
    assert lines == ["jobs cannot be looked up just now (OperationalError); looking again in 1 s, nothing is lost"]
