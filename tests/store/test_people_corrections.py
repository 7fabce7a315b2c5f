"""Corrections: kept for ever with their audit row, obeyed by ingest, and a reported leak hides what it stands in."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ingest.correcting import apply_corrections
from store.engine import open_store
from store.people.audit import entries, verify
from store.people.corrections import (
    approve_quote,
    correct_sentiment,
    correct_stage,
    count_applied,
    pending,
    refuse_quote,
    report_leak,
)
from store.people.errors import NotFound, Refused
from store.people.expectations import Expectation, expectations, save_expectation, told
from store.reads.voices import Wanted, count_voices, read_voice, read_voices
from store.rows import Batch, Observed, Placed, Row
from store.tables import Correction, QuoteApproval
from store.writes import save
from tests.store.people_store import NOW, fresh

ZONE = "Europe/Amsterdam"


@pytest.fixture
def engine(tmp_path):
    made = fresh(tmp_path)
    rows = [
        Row("chat", "s", str(i), 1, "upsert", NOW + i, NOW + i, channel="chat", language="nl", text=f"Wat een gedoe vandaag {i}",
            placed=[Placed("airline", "fly", "rule")], observed=[Observed("contacts", 1.0), Observed("csat10", 4.0, 4.0)])
        for i in range(6)
    ]  # fmt: skip
    save(made, Batch("chat", rows=rows), now_ms=NOW, zone=ZONE)
    yield made
    assert verify(made) == []
    made.dispose()


def first(engine):
    return read_voices(engine, Wanted("airline")).voices[0]


def test_a_stage_is_corrected_by_ingest_and_moves_the_voice(engine):
    voice = first(engine)
    assert (voice.stage, voice.by) == ("fly", "rule")
    correct_stage(engine, voice.id, "airline", "service", "Anna", NOW)
    waiting = pending(engine)
    assert count_applied(engine) == 0
    assert [(c.before, c.after, c.made_by) for c in waiting] == [("fly", "airline/service", "Anna")]
    assert apply_corrections(engine, NOW, ZONE) == 1 and apply_corrections(engine, NOW, ZONE) == 0
    moved = read_voice(engine, "airline", voice.id)
    assert count_applied(engine) == 1
    assert moved is not None and (moved.stage, moved.by) == ("service", "person")


def test_a_correction_of_what_is_gone_is_refused(engine):
    with pytest.raises(NotFound):
        correct_stage(engine, 999, "airline", "service", "Anna", NOW)
    with pytest.raises(NotFound):
        report_leak(engine, 999, "Anna", NOW)
    assert entries(engine) == []


def test_meanings_are_kept_and_an_unknown_one_is_refused(engine):
    for voice in read_voices(engine, Wanted("airline")).voices:
        correct_sentiment(engine, voice.id, "negative", "Anna", NOW)
    with engine.connect() as connection:
        rows = connection.execute(select(Correction.contact_id, Correction.after)).all()
    assert len(rows) == 6 and {row.after for row in rows} == {"negative"}
    with pytest.raises(Refused):
        correct_sentiment(engine, rows[0].contact_id, "angry", "Anna", NOW)


def test_a_leak_hides_the_voice_everywhere_at_once(engine):
    voice, before = first(engine), count_voices(engine, Wanted("airline"))
    report_leak(engine, voice.id, "Anna", NOW)
    assert count_voices(engine, Wanted("airline")) == before - 1
    assert read_voice(engine, "airline", voice.id) is None
    with engine.connect() as connection:
        assert connection.execute(select(QuoteApproval.approved)).all() == [(False,)]
    assert voice.text not in entries(engine)[0].detail, "the audit never repeats what leaked"


def test_a_quote_is_a_short_part_of_what_was_said(engine):
    voice = first(engine)
    approve_quote(engine, voice.id, voice.text, "Anna", NOW)
    for wrong in ("other words than these", "kort"):
        with pytest.raises(Refused):
            approve_quote(engine, voice.id, wrong, "Anna", NOW)
    refuse_quote(engine, voice.id, "Bram", NOW + 1)
    with engine.connect() as connection:
        rows = connection.execute(select(QuoteApproval.text, QuoteApproval.approved).order_by(QuoteApproval.id)).all()
    assert rows == [(voice.text, True), ("", False)]


def test_stated_expectations_outweigh_a_guess_and_apply_from_their_day(tmp_path):
    from config.journey import load_journey

    engine, journey = fresh(tmp_path), load_journey("airline")
    save_expectation(engine, Expectation("airline", "fly", 7.0, 0.02, 200, NOW), "Anna", NOW)
    with pytest.raises(Refused):
        save_expectation(engine, Expectation("airline", "fly", 0.0, 0.02, 200, NOW), "Anna", NOW)
    raised = told(engine, journey)["fly"]
    assert raised.raised("", NOW - 1) is None
    stated = raised.raised("", NOW)
    assert stated is not None and stated.value == pytest.approx(7.0) and stated.survey_weight == 1.0
    assert [e.mark for e in expectations(engine, "airline")] == [7.0]
    engine.dispose()


def test_the_store_of_this_test_can_be_opened_again(tmp_path):
    fresh(tmp_path).dispose()
    engine = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    assert pending(engine) == []
    engine.dispose()
