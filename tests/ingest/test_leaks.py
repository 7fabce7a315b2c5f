"""A reported leak: gone from every table and from the file itself, from quotes, and from what the source sends later."""

import threading
from datetime import UTC, datetime

import pytest

from connectors.base import Reading
from ingest.jobs import work_once
from ingest.leaks import remask
from ingest.opening import now_ms, open_place
from ingest.payload import event_of
from ingest.quotes import refresh_quotes
from store.corridor.jobs import jobs
from store.corridor.quarantine import held
from store.corridor.soundness import count_faults
from store.engine import ms
from store.people.audit import verify
from store.people.corrections import approve_quote, report_leak
from store.reads.quotes import kept_quotes
from store.reads.voices import Wanted, read_voices
from store.recount import recount
from store.rows import Batch, Refused
from store.stored import stored_rows
from store.writes import save

from .conftest import event

HEARD = ms(datetime(2026, 3, 2, 12, tzinfo=UTC))  # three hours after what `event` makes
NAME = "Zwolfenbarg"
SAID = f"mijn koffer is kwijt en {NAME.lower()} van de balie hielp niet"


def store_it(place, *events):
    rows, _ = place.pipeline("mail").prepare(list(events), now_ms())
    save(place.engine, Batch("mail", rows), now_ms=now_ms(), zone=place.zone)


@pytest.fixture
def leaking(place):
    store_it(place, event("1", SAID, author="a"), event("2", SAID, author="b"), event("3", "Prima vlucht gehad", author="c"))
    assert sum(NAME.lower() in row.text for _, row in stored_rows(place.engine)) == 2, "the mask let it through"
    return place


def texts(place):
    return {row.external_id: row.text for _, row in stored_rows(place.engine)}


def do(place):
    assert work_once(place, threading.Event(), lambda line: None)
    return jobs(place.engine)[0]


def test_the_job_masks_it_wherever_the_same_words_stand(leaking):
    tone = [row.sentiment for _, row in stored_rows(leaking.engine)]
    report_leak(leaking.engine, 1, "Sanne", now_ms())
    job = do(leaking)
    assert (job.state, job.result) == ("done", {"contacts": 2, "payloads": 0})
    found = texts(leaking)
    assert found["1"] == found["2"] and "koffer" in found["1"] and NAME.lower() not in found["1"]
    assert found["3"] == "Prima vlucht gehad"
    assert [row.sentiment for _, row in stored_rows(leaking.engine)] == tone, "what was meant has not changed"
    assert recount(leaking.engine, leaking.zone) == [] and verify(leaking.engine) == []
    assert len(read_voices(leaking.engine, Wanted("airline")).voices) == 3


def test_nothing_of_it_is_left_in_the_file(leaking, tmp_path):
    approve_quote(leaking.engine, 1, f"{NAME.lower()} van de balie hielp niet", "Sanne", now_ms())
    report_leak(leaking.engine, 1, "Sanne", now_ms())
    do(leaking)
    left = {file.name: file.read_bytes().lower().count(NAME.lower().encode()) for file in tmp_path.glob("store.db*")}
    assert left and set(left.values()) == {0}


def test_what_the_source_sends_later_comes_in_strictly_masked(leaking):
    report_leak(leaking.engine, 1, "Sanne", now_ms())
    do(leaking)
    store_it(leaking, event("1", SAID + " ook vandaag", author="a", version=2), event("4", SAID, author="d"))
    assert NAME.lower() not in texts(leaking)["1"] and "vandaag" in texts(leaking)["1"]
    assert NAME.lower() in texts(leaking)["4"], "only what was reported is masked strictly"


def test_the_next_process_knows_it_too(leaking, chosen):
    report_leak(leaking.engine, 1, "Sanne", now_ms())
    again = open_place(leaking.url, chosen)
    store_it(again, event("1", SAID, author="a", version=2))
    assert NAME.lower() not in texts(again)["1"]
    again.close()


def test_it_hangs_on_no_wall_whatever_the_policy(leaking):
    approve_quote(leaking.engine, 1, "mijn koffer is kwijt", "Sanne", now_ms())
    refresh_quotes(leaking.engine, HEARD, "approved")
    assert [quote["text"] for quote in kept_quotes(leaking.engine)[1]["quotes"]] == ["mijn koffer is kwijt"]
    report_leak(leaking.engine, 1, "Sanne", now_ms())
    assert [quote["text"] for quote in kept_quotes(leaking.engine)[1]["quotes"]] == [""]
    do(leaking)
    for policy in ("strict", "approved"):
        refresh_quotes(leaking.engine, HEARD + 1, policy)
        assert all(quote["id"] != 1 for quote in kept_quotes(leaking.engine)[1]["quotes"])


def test_twice_is_once_and_a_contact_that_is_gone_is_no_error(leaking):
    report_leak(leaking.engine, 1, "Sanne", now_ms())
    do(leaking)
    before = stored_rows(leaking.engine)
    remask(leaking, 1)
    assert stored_rows(leaking.engine) == before
    assert remask(leaking, 99).contacts == 0


def test_it_is_gone_from_quarantine_too_and_what_was_readable_can_still_be_retried(leaking):
    pipeline = leaking.pipeline("mail")
    bad = [Reading("csat", 99)]
    newer = event("1", f"nog steeds boos op {NAME.lower()}", version=2, readings=bad)
    same, other = event("9", SAID, readings=bad), event("8", "Prima vlucht gehad", readings=bad)
    _, refused = pipeline.prepare([newer, same, other], now_ms())
    refused.append(Refused("", f"17;{SAID};morgen".encode(), "time"))
    save(leaking.engine, Batch("mail", [], refused), now_ms=now_ms(), zone=leaking.zone)
    assert sum(NAME.lower().encode() in payload.raw for payload in held(leaking.engine)) == 3
    report_leak(leaking.engine, 1, "Sanne", now_ms())
    assert do(leaking).result == {"contacts": 2, "payloads": 3}
    left = held(leaking.engine)
    assert len(left) == 3 and not any(NAME.lower().encode() in payload.raw for payload in left)
    said = {e.external_id: (e.version, e.said.text) for e in (event_of(payload.raw) for payload in left)}
    assert said["8"] == (1, "Prima vlucht gehad") and said["1"][0] == 2 and "boos" in said["1"][1]
    assert count_faults(leaking.engine) == [] and remask(leaking, 1).payloads in (0, 2)
