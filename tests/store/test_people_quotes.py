"""Lessons, quotes and leaks: what teaches, what hangs, what leaves the wall at once, and what is forgotten with its customer."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from config.journey import load_journey
from ingest.jobs import KINDS
from store.corridor.jobs import jobs
from store.erasing import erase
from store.people.audit import entries, verify
from store.people.corrections import (
    REMASK,
    TRAIN,
    approve_quote,
    ask_training,
    correct_sentiment,
    correct_stage,
    corrected,
    count_corrections,
    is_held_out,
    leak_closed,
    leaks,
    lessons,
    mark_applied,
    pending,
    refuse_quote,
    report_leak,
)
from store.people.errors import NotFound, Refused
from store.people.journeys import save_journey
from store.quotes import keep_quotes
from store.reads.quotes import approved, candidates, judged_since, kept_quotes, still_said
from store.reads.voices import Wanted, read_voice, read_voices
from store.rows import Batch, Placed, Row
from store.tables import Correction, QuoteApproval
from store.writes import save
from text.company import is_held_out as split_of_training

NOW, ZONE = 1_795_000_000_000, "Europe/Amsterdam"
SAID = "De koffer kwam gisteren niet aan. Bel Jans buurvrouw maar."
KIND_WORDS = "Keurig geholpen door de crew."


def row(id, text, **more):
    known = {"channel": "email", "text": text, "language": "nl", "sentiment": -0.4, "author_key": f"a{id}"}
    return Row("mail", "m", id, 1, "upsert", NOW - 1000, NOW, placed=[Placed("airline", "arrive", "rule")], **(known | more))


@pytest.fixture
def engine(sqlite_store):
    save_journey(sqlite_store, load_journey("airline"), "test", NOW)
    save(sqlite_store, Batch("mail", [row("1", SAID), row("2", KIND_WORDS)]), now_ms=NOW, zone=ZONE)
    yield sqlite_store
    assert verify(sqlite_store) == []


def kept(engine):
    with engine.connect() as connection:
        return connection.execute(select(Correction.__table__).order_by(Correction.id)).all()


def approvals(engine):
    query = select(QuoteApproval.text, QuoteApproval.approved).order_by(QuoteApproval.id)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_a_correction_says_what_it_was_and_who_said_so_but_not_what_the_customer_said(engine):
    correct_stage(engine, 1, "airline", "service", "Sanne", NOW)
    (one,) = kept(engine)
    assert (one.field, one.before, one.after, one.made_by, one.applied) == ("stage", "arrive", "airline/service", "Sanne", False)
    (entry,) = entries(engine, "contact 1")
    assert entry.who == "Sanne" and "koffer" not in entry.detail
    mark_applied(engine, one.id, NOW)
    assert pending(engine) == [] and [each.applied for each in corrected(engine, [1, 2])[1]] == [True]


def test_every_correction_is_kept_and_only_the_newest_teaches(engine):
    for stage in ("service", "fly"):
        correct_stage(engine, 1, "airline", stage, "Sanne", NOW)
    correct_sentiment(engine, 2, "positive", "Sanne", NOW)
    assert len(kept(engine)) == count_corrections(engine) == 3
    assert lessons(engine, "stage", "airline") == [(SAID, "nl", "fly")] and lessons(engine, "stage", "seven-stages") == []
    assert lessons(engine, "sentiment") == [(KIND_WORDS, "nl", "positive")]


def test_no_stage_at_all_is_a_correction_but_no_lesson(engine):
    correct_stage(engine, 1, "airline", "", "Sanne", NOW)
    assert kept(engine)[0].after == "airline/" and lessons(engine, "stage", "airline") == []


@pytest.mark.parametrize(
    "write",
    [
        lambda engine: correct_stage(engine, 1, "airline", "moon", "Sanne", NOW),
        lambda engine: correct_sentiment(engine, 1, "angry", "Sanne", NOW),
        lambda engine: correct_stage(engine, 99, "airline", "fly", "Sanne", NOW),
        lambda engine: report_leak(engine, 99, "Sanne", NOW),
        lambda engine: refuse_quote(engine, 99, "Sanne", NOW),
        lambda engine: approve_quote(engine, 1, "Dit zei niemand ooit.", "Sanne", NOW),
        lambda engine: approve_quote(engine, 1, "De koffer", "Sanne", NOW),
        lambda engine: approve_quote(engine, 1, SAID, "Sanne", NOW),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_of_it_is_kept(engine, write):
    with pytest.raises((Refused, NotFound)):
        write(engine)
    assert kept(engine) == [] and approvals(engine) == [] and jobs(engine) == []


@pytest.mark.parametrize("number", range(40))
def test_what_is_held_out_depends_on_the_text_alone_and_is_what_training_leaves_out(number):
    assert is_held_out(f"uitspraak {number}") == split_of_training(f"uitspraak {number}")


def test_about_a_fifth_is_held_out_and_the_row_says_so(engine):
    share = sum(is_held_out(f"tekst {n}") for n in range(2000)) / 2000
    assert 0.17 < share < 0.23
    correct_sentiment(engine, 1, "neutral", "Sanne", NOW)
    assert kept(engine)[0].held_out == is_held_out(SAID)


def test_an_approved_quote_is_a_part_of_the_very_words_and_a_refusal_takes_it_away(engine):
    approve_quote(engine, 1, "De koffer kwam  gisteren niet aan.", "Sanne", NOW)
    assert [(one.id, one.text) for one in approved(engine, "airline", 0)] == [(1, "De koffer kwam gisteren niet aan.")]
    assert judged_since(engine, NOW - 1) and not judged_since(engine, NOW)
    refuse_quote(engine, 1, "Piet", NOW + 1)
    assert approved(engine, "airline", 0) == []
    assert [one.id for one in candidates(engine, "airline", 0)] == [2] and still_said(engine, [1, 2]) == {2}


def test_a_refused_quote_leaves_the_wall_at_once(engine):
    quotes = [{"id": 1, "text": "De koffer kwam niet aan."}, {"id": 2, "text": "Keurig geholpen."}]
    keep_quotes(engine, NOW, {"policy": "strict", "quotes": quotes}, NOW)
    refuse_quote(engine, 1, "Piet", NOW)
    assert [quote["text"] for quote in kept_quotes(engine)[1]["quotes"]] == ["", "Keurig geholpen."]


def test_a_leak_hides_the_voice_and_its_quote_at_once_until_it_is_masked(engine):
    keep_quotes(engine, NOW, {"policy": "strict", "quotes": [{"id": 1, "text": "Bel Jans buurvrouw."}]}, NOW)
    approve_quote(engine, 1, "Bel Jans buurvrouw maar.", "Sanne", NOW)
    report_leak(engine, 1, "Piet", NOW)
    assert [voice.id for voice in read_voices(engine, Wanted("airline")).voices] == [2]
    assert read_voice(engine, "airline", 1) is None and read_voice(engine, "airline", 2) is not None
    assert kept_quotes(engine)[1]["quotes"][0]["text"] == "" and approved(engine, "airline", 0) == []
    assert [(job.kind, job.arguments) for job in jobs(engine)] == [("remask", {"contact": 1})]
    assert leaks(engine) == {("mail", "m", "1")}
    leak_closed(engine, 1, [1], NOW)
    assert {voice.id for voice in read_voices(engine, Wanted("airline")).voices} == {1, 2}
    assert {text for text, _ in approvals(engine)} == {""}


def test_a_forgotten_customers_approved_words_are_forgotten_too(engine):
    approve_quote(engine, 1, "De koffer kwam gisteren niet aan.", "Sanne", NOW)
    correct_stage(engine, 1, "airline", "fly", "Sanne", NOW)
    erase(engine, "mail", ["a1"], now_ms=NOW, zone=ZONE)
    assert approvals(engine) == [("", False)] and lessons(engine, "stage", "airline") == []


def test_words_deleted_at_their_source_are_no_longer_approved(engine):
    approve_quote(engine, 1, "De koffer kwam gisteren niet aan.", "Sanne", NOW)
    save(engine, Batch("mail", [Row("mail", "m", "1", 2, "delete", NOW, NOW)]), now_ms=NOW, zone=ZONE)
    assert approvals(engine) == [("", False)]


def test_training_is_a_job_with_its_audit_row(engine):
    number = ask_training(engine, "Sanne", NOW)
    assert [(job.id, job.kind, job.state) for job in jobs(engine, kinds=(TRAIN,))] == [(number, "train", "waiting")]
    assert entries(engine, f"job {number}")[0].action == "train" and jobs(engine, kinds=("import",)) == []
    assert {REMASK, TRAIN} <= KINDS.keys()
