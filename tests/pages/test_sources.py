"""Sources: every state in words with its next step, quarantine and imports, and long work with its pace."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from config.language import texts
from pages.source_import import kept
from pages.source_work import pace
from pages.sources import sentence, state_of
from store.corridor.jobs import Job, jobs
from store.engine import open_store
from store.reads.sources import read_sources
from store.tables import Gap, ImportBatch, Quarantine, SourceState, Upkeep
from tests.pages.conftest import MONDAY
from tests.pages.example import ms
from tests.pages.screens import opened, said

CONNECTORS = Path(__file__).resolve().parents[2] / "connectors"
NL = texts("nl")
NOW = ms(date(2026, 11, 23))


@pytest.mark.parametrize("code", ["nl", "en"])
@pytest.mark.parametrize("name", ["empty", "demo", "stale"])
def test_the_page_opens_in_both_languages_on_every_store(code, name, store, monkeypatch):
    at = opened("sources", store(name), monkeypatch, lang=code, **(MONDAY if name == "demo" else {}))
    assert not at.exception
    t = texts(code)
    assert (t("sources.none") if name == "empty" else t("sources.caption")) in said(at)


def test_a_source_falls_late_past_twice_its_own_cadence(store):
    engine = open_store(store("demo"))
    source = read_sources(engine)[0]
    engine.dispose()
    assert state_of(source, source.heartbeat_at + round(2000 * source.cadence_s)) == "live"
    assert state_of(source, source.heartbeat_at + round(2000 * source.cadence_s) + 1) == "late"


@pytest.mark.parametrize("status", ["live", "waiting", "late", "stopped", "sign_in", "config", "unreachable", "done"])
@pytest.mark.parametrize("code", ["nl", "en"])
def test_every_state_has_its_word(status, code):
    assert texts(code).has(f"sources.is_{status}")


def test_a_refused_sign_in_says_why_and_what_to_do(own, monkeypatch):
    url = own("demo")
    detail = json.dumps({"key": "ingest.sign_in", "values": {"why": "401"}})
    engine = open_store(url)
    with engine.begin() as connection:
        connection.execute(update(SourceState).where(SourceState.source == "chat").values(status="sign_in", detail=detail))
    engine.dispose()
    at = opened("sources", url, monkeypatch, lang="nl", as_of="2026-11-22T23:00")
    assert "aanmelden nodig" in said(at, "sources") and "Meld opnieuw aan" in said(at, "sources")
    assert "aandacht" in said(at, "title")


def test_a_reason_without_a_text_is_left_out():
    assert sentence("", NL) == "" and sentence("not json", NL) == "" and sentence('{"key": "absent", "values": {}}', NL) == ""


def test_quarantine_gaps_and_imports_are_shown_and_a_retry_becomes_a_job(own, monkeypatch):
    url = own("demo")
    engine = open_store(url)
    with engine.begin() as connection:
        held = {
            "source": "chat",
            "stream": "x",
            "received_at": NOW,
            "reason": "no time in it <b>x</b>",
            "raw": b"{}",
            "connector_version": "1",
        }
        connection.execute(insert(Quarantine).values(**held))
        connection.execute(insert(Gap).values(source="chat", stream="x", from_at=NOW - 7_200_000, to_at=NOW, reason="restart"))
        batch = {
            "source": "reviews",
            "file": "r.csv",
            "sha256": "0",
            "mapping": "",
            "started_at": NOW,
            "finished_at": NOW,
            "received": 9,
        }
        connection.execute(insert(ImportBatch).values(**batch, stored=8, duplicates=1, quarantined=0))
    at = opened("sources", url, monkeypatch, lang="nl", **MONDAY)
    assert "no time in it <b>x</b>" in said(at, "held") and NL("sources.held_one") in said(at, "held-title")
    assert "2 uur" in said(at, "gaps") and "r.csv" in said(at, "import-list")
    at.button(key="retry").click().run()
    assert not at.exception and [(job.kind, job.state) for job in jobs(engine)] == [("retry", "waiting")]
    assert NL("jobs.retry") in said(at)
    engine.dispose()


def test_a_gap_stays_in_sight_for_a_year_the_newest_ten(own, monkeypatch):
    url, day = own("demo"), 86_400_000
    engine = open_store(url)
    with engine.begin() as connection:
        connection.execute(
            insert(Gap).values(source="social", stream="x", from_at=NOW - 33 * day, to_at=NOW - 32 * day, reason="a")
        )
        connection.execute(
            insert(Gap).values(source="old", stream="x", from_at=NOW - 500 * day, to_at=NOW - 499 * day, reason="b")
        )
    at = opened("sources", url, monkeypatch, lang="nl", **MONDAY)
    assert "social" in said(at, "gaps") and "old" not in said(at, "gaps")
    with engine.begin() as connection:
        for i in range(10):
            at_ms = NOW - (20 - i) * day
            connection.execute(insert(Gap).values(source=f"s{i}", stream="x", from_at=at_ms, to_at=at_ms + day, reason="c"))
    engine.dispose()
    spoken = said(opened("sources", url, monkeypatch, lang="nl", **MONDAY), "gaps")
    assert "s0" in spoken and "s9" in spoken and "social" not in spoken


def test_real_files_do_not_enter_a_demo(store, monkeypatch):
    at = opened("sources", store("demo"), monkeypatch, lang="nl", **MONDAY)
    assert NL("imports.demo") in said(at, "imports") and not any(box.key == "import-source" for box in at.text_input)


def test_an_upload_is_kept_once_under_a_safe_name(tmp_path):
    first = kept("../../évil name.csv", b"a,b", tmp_path)
    assert first.parent.parent == tmp_path and first.read_bytes() == b"a,b"
    assert "/" not in first.name and " " not in first.name and first.name.endswith("_name.csv")
    assert kept("../../évil name.csv", b"a,b", tmp_path) == first and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "done, total, started, now, wanted",
    [
        (0, 10, 1000, 5000, (0.0, 0.0)),
        (5, 0, 1000, 6000, (1.0, 0.0)),
        (5, 10, 0, 6000, (0.0, 0.0)),
        (50, 100, 1000, 6000, (10.0, 5.0)),
    ],
)
def test_speed_and_time_left_are_told_only_when_known(done, total, started, now, wanted):
    job = Job(1, "import", {}, "running", done, total, 0, started, now, 0, {})
    assert pace(job, now) == pytest.approx(wanted)


@pytest.mark.parametrize(("code", "ends", "left"), [("nl", "verloopt over", "Nog 60 van 100"), ("en", "expires in", "60 of 100")])
def test_a_key_that_ends_and_what_is_left_of_a_budget_stand_with_the_source(code, ends, left, own, monkeypatch):
    url, day = own("demo"), 86_400_000
    at = ms(date(2026, 11, 23))
    budget = json.dumps([{"limit": "items_per_month", "used": 40, "most": 100, "until": at + 8 * day}])
    engine = open_store(url)
    with engine.begin() as connection:
        mine = update(SourceState).where(SourceState.source == "chat")
        connection.execute(mine.values(expires_at=at + 5 * day, budget=budget))
        connection.execute(insert(Upkeep).values(source="chat", kind="verify", checked=1200, gone=3, edited=1))
    engine.dispose()
    shown = said(opened("sources", url, monkeypatch, lang=code, as_of="2026-11-22T23:00"), "sources")
    assert ends in shown and left in shown and "1200" in shown.replace(".", "").replace(",", "")


@pytest.mark.parametrize("code", ["nl", "en"])
def test_why_a_span_is_missing_is_told_in_the_readers_language(own, monkeypatch, code):
    """Every reason that a connector gives has its words, and an older store's own words are still shown."""
    url, t = own("demo"), texts(code)
    reasons = {
        reason for file in CONNECTORS.rglob("*.py") for reason in re.findall(r'Missing\(.*, "([^"]+)"\)', file.read_text())
    }
    story = tomllib.loads((CONNECTORS / "sample" / "story.toml").read_text(encoding="utf8"))
    reasons.add(story["gap"]["reason"])
    assert len(reasons) == 4 and all(t.has(f"gap.{reason}") for reason in reasons), reasons
    engine = open_store(url)
    with engine.begin() as connection:
        for i, reason in enumerate(["rotated", "an outage of 2024"]):
            connection.execute(insert(Gap).values(source=f"g{i}", stream="x", from_at=NOW - 9, to_at=NOW - 5, reason=reason))
    engine.dispose()
    spoken = said(opened("sources", url, monkeypatch, lang=code, **MONDAY), "gaps")
    assert t("gap.rotated") in spoken and "an outage of 2024" in spoken
