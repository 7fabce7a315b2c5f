"""The weekly mail through a real mail server on loopback: sent by a job, caught up once, never twice, and not lost."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from threading import Event

import pytest

from ingest import mailing
from ingest.errors import Unfit
from ingest.jobs import work_once
from ingest.opening import now_ms
from store.corridor.jobs import jobs
from store.people.mailing import Mailing, planned_before, set_mailing
from store.rows import Batch
from store.writes import save
from tests.reports.test_sending import environ
from tests.reports.test_sending import server as server

from .conftest import event


@pytest.fixture
def company(place, server, monkeypatch, tmp_path):
    """A store with a week of contacts, a mail server in the environment, and reports in a folder of their own."""
    events = [event(str(i), at=datetime.now(place.zoneinfo) - timedelta(days=7 + i % 5), author=f"k{i}") for i in range(30)]
    rows, _ = place.pipeline("post").prepare(events, now_ms())
    save(place.engine, Batch("post", rows), now_ms=now_ms(), zone=place.zone)
    for name, value in environ(server.server_address[1]).items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "reports"
    post, hand_in = mailing.post, mailing.hand_in
    monkeypatch.setattr(mailing, "post", lambda place, arguments, heard: post(place, arguments, heard, folder))
    monkeypatch.setattr(mailing, "hand_in", lambda heard: hand_in(heard, folder))
    return place, folder


def planned(place, weeks_ago=3):
    """A plan made weeks ago, of which every moment since was missed."""
    now = datetime.now(place.zoneinfo)
    plan = Mailing(True, now.isoweekday(), 0, ("anna@example.nl",), "nl")
    set_mailing(place.engine, plan, "Sanne", place.zoneinfo, round((now - timedelta(weeks=weeks_ago)).timestamp() * 1000))
    return plan


def done(place):
    while work_once(place, Event(), print):
        pass
    return jobs(place.engine)[0]


def test_three_missed_weeks_are_one_mail_and_the_next_look_sends_none(company, server):
    place, folder = company
    plan = planned(place)
    mailing.plan(place, folder)
    mailing.plan(place, folder)
    job = done(place)
    assert (job.kind, job.state, job.result["sent"]) == ("report", "done", True), job.result
    assert len(server.taken) == 1 and b"Subject:" in server.taken[0] and b"To: anna@example.nl" in server.taken[0]
    moment = planned_before(plan, datetime.now(place.zoneinfo))
    assert f"-{moment}@klantblik.local".encode() in server.taken[0]
    mailing.plan(place, folder)
    assert len(jobs(place.engine)) == 1


def test_a_job_that_is_done_twice_sends_once(company, server):
    place, _ = company
    arguments = {"week": 0, "language": "en", "to": ["anna@example.nl"], "key": "week-1"}
    assert mailing.post(place, arguments, lambda: True)["sent"]
    again = mailing.post(place, arguments, lambda: True)
    assert len(server.taken) == 1 and "not sent twice" in again["lines"][0]


def test_what_the_server_refuses_waits_and_goes_with_a_later_try(company, server, monkeypatch):
    place, folder = company
    server.refuse = True
    planned(place)
    mailing.plan(place, folder)
    assert done(place).result["sent"] is False and server.taken == []
    server.refuse = False
    mailing.plan(place, folder)
    assert len(jobs(place.engine)) == 1, "ten minutes have not passed yet"
    later = time.time_ns() // 1_000_000 + mailing.AGAIN_MS + 60_000
    monkeypatch.setattr(mailing, "now_ms", lambda: later)
    mailing.plan(place, folder)
    job = done(place)
    assert (job.kind, job.state) == ("outbox", "done") and len(server.taken) == 1
    assert list((folder / "outbox").glob("*.eml")) == []


def test_a_missing_mail_server_fails_in_words(company, monkeypatch):
    place, _ = company
    monkeypatch.delenv("KLANTBLIK_SMTP_HOST")
    with pytest.raises(Unfit, match="KLANTBLIK_SMTP_HOST"):
        mailing.post(place, {"week": 0, "language": "nl", "to": ["a@b.nl"], "key": "k"}, lambda: True)


def test_a_job_that_is_stopped_sends_nothing(company, server):
    place, _ = company
    with pytest.raises(Unfit, match="stopped"):
        mailing.post(place, {"week": 0, "language": "nl", "to": ["a@b.nl"], "key": "k"}, lambda: False)
    assert server.taken == []
