from dataclasses import replace

import pytest

from config.settings import Settings
from connectors.base import AuthFault
from ingest import listing
from ingest.opening import now_ms
from ingest.status import after
from store.corridor.sources import report
from store.rows import Batch, Refused
from store.writes import save

from .conftest import event
from .fakes import Scripted


@pytest.fixture
def shown(place, chosen: Settings, monkeypatch):
    def lines(*named, engine=place.engine):
        monkeypatch.setattr(listing, "configured", lambda settings: list(named))
        return list(listing.lines(engine, chosen))

    return lines


def test_sources_that_ran_stand_with_state_and_counts(place, shown):
    rows, _ = place.pipeline("post").prepare([event("1")], now_ms())
    save(place.engine, Batch("post", rows, [Refused("", b"x", "bad")]), now_ms=now_ms(), zone=place.zone)
    report(place.engine, "post", 5, status="live", connector="imap")
    line = next(line for line in shown() if line.startswith("post"))
    assert line.split()[1:7] == ["imap", "live", "2", "1", "0", "1"] and line.endswith("2026-03-02 09:00")


def test_one_that_needs_a_person_says_what_to_do(place, shown):
    status = after(AuthFault("401 of example.org"), 0)
    report(place.engine, "tweets", 5, status=status.state, detail=status.detail(), connector="x")
    text = "\n".join(shown())
    assert "sign_in" in text and "Sign in again" in text and "401 of example.org" in text


def test_sources_of_the_settings_that_never_ran(shown):
    ready, broken = Scripted([[]]).source("ready"), replace(Scripted([[]]).source("broken"), fault="server: Field required")
    text = "\n".join(shown(ready, broken))
    assert "ready" in text and "not yet run" in text and "config       server: Field required" in text


def test_without_a_store_there_is_still_a_list(shown):
    lines = shown(engine=None)
    assert lines[0] == listing.HEAD and lines[-1].startswith("connectors: ") and "files" in lines[-1]


def test_check_says_it_in_both_languages(monkeypatch):
    monkeypatch.setattr(listing, "configured", lambda settings: [])
    said = []
    assert listing.check("sample", said.append) == 0
    assert len(said) == 2 and said[0].startswith("ok: ") and said[0] != said[1]


def test_check_of_a_source_that_is_not_set_up(monkeypatch):
    broken = replace(Scripted([[]]).source("post"), fault="source 'post': server: Field required")
    monkeypatch.setattr(listing, "configured", lambda settings: [broken])
    said = []
    assert listing.check("post", said.append) == 1 and said == ["config: source 'post': server: Field required"]
