import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.journey import load_journey
from config.journey_edit import merged
from connectors.base import Event, Reading, Said
from ingest import pipeline
from ingest.payload import event_of
from ingest.pipeline import LONGEST_TEXT, Pipeline, prepare_rows
from store.engine import ms
from store.rows import Placed
from text.masking import MASK_VERSION
from text.sentiment import score_all
from text.stages import Placer

from .conftest import event

ROOT = Path(__file__).resolve().parents[2]
JOURNEY = load_journey("airline")
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
KEY = b"k" * 32


def prepare(*events, now=NOW, names=("United", "@united")):
    return prepare_rows(list(events), "tweets", JOURNEY, names, KEY, ms(now))


def one(said_event, **options):
    rows, refused = prepare(said_event, **options)
    assert refused == []
    return rows[0]


def test_a_message_becomes_a_row():
    row = one(
        event("7", "My flight was delayed for hours, terrible!", author="k7", thread="t1", url="https://x/7", segments=("new",))
    )
    assert (row.source, row.external_id, row.version, row.op) == ("tweets", "7", 1, "upsert")
    assert (row.happened_at, row.received_at) == (ms(datetime(2026, 3, 2, 9, tzinfo=UTC)), ms(NOW))
    assert (row.language, row.mask_version, row.segments, row.url) == ("en", MASK_VERSION, ("new",), "https://x/7")
    assert row.sentiment < 0 and [seen.metric for seen in row.observed] == ["contacts", "sentiment"]
    assert row.placed[0].journey == "airline" and row.placed[0].stage == "fly" and row.placed[0].by in ("rule", "model")


def test_what_the_source_knows_of_the_stage_goes_first_and_aliases_count():
    row = one(event(text="My flight was delayed", stage="Check-in"))
    assert (row.placed[0].stage, row.placed[0].by, row.placed[0].confidence) == ("checkin", "source", 1.0)


def test_a_stage_that_nobody_knows_falls_back_to_the_words():
    assert one(event(text="My flight was delayed", stage="Somewhere")).placed[0].by in ("rule", "model")


def test_without_words_only_the_source_knows_the_stage():
    silent = one(event(text="", channel="phone", readings=[Reading("wait", 30)])).placed[0]
    assert (silent.journey, silent.stage, silent.by) == ("airline", "", "")
    assert one(event(text="", channel="phone", readings=[Reading("wait", 30)], stage="fly")).placed[0].stage == "fly"


def test_where_nothing_can_be_said_nothing_is_said(monkeypatch):
    monkeypatch.setattr(Placer, "place_all", lambda self, texts, languages, hints: [None] * len(texts))
    assert one(event(text="My flight was delayed")).placed == [Placed("airline", "", "", 0.0)]


def test_ids_of_people_never_enter_a_row():
    row = one(event(text="Bel mij op 06-12345678 of mail jan.jansen@voorbeeld.nl", author="jan.jansen", thread="t-jan.jansen"))
    shown = repr(row)
    assert "jan.jansen" not in shown and "12345678" not in shown and "t-jan" not in shown
    assert row.author_key and row.thread_key and row.case_key and len({row.author_key, row.thread_key, row.case_key}) == 3


def test_the_same_author_is_the_same_key_and_another_source_another_one():
    a, b = prepare(event("1", author="k7"), event("2", author="k7"))[0]
    other = prepare_rows([event("1", author="k7")], "chat", JOURNEY, (), KEY, ms(NOW))[0][0]
    assert a.author_key == b.author_key != other.author_key


def test_a_case_is_the_sources_own_or_one_customer_in_one_conversation():
    own = one(event(case="c1", thread="t1", author="k7"))
    same = [row.case_key for row in prepare(event("1", thread="t1", author="k7"), event("2", thread="t1", author="k7"))[0]]
    other = one(event(thread="t1", author="k8")).case_key
    assert own.case_key not in same and same[0] == same[1] != other
    assert one(event(thread="t1")).case_key is None and one(event(author="k7")).case_key is None


def test_readings_and_open_questions_are_observed():
    row = one(event(text="", channel="phone", readings=[Reading("wait", 30)], unanswered=("first_response",)))
    assert [(seen.metric, seen.bin != 0) for seen in row.observed] == [
        ("wait", True),
        ("first_response", True),
        ("contacts", False),
    ]
    assert row.sentiment is None and row.text == "" and row.mask_version == 0


def test_an_employee_is_not_a_customer():
    row = one(event(text="Wat vervelend dat uw vlucht vertraagd is!", provenance="employee"))
    assert row.observed == [] and row.sentiment is None and row.text


def test_nothing_understood_is_not_neutral():
    row = one(event(text="ありがとうございます またお願いします"))
    assert row.language == "other" and [seen.metric for seen in row.observed] == ["contacts"] and row.sentiment is None


def test_the_companys_own_names_are_left_out_of_what_is_scored(monkeypatch):
    heard = []
    monkeypatch.setattr(
        pipeline, "score_all", lambda texts, languages, names, _model: heard.append(names) or score_all(texts, languages, names)
    )
    one(event(text="The flight with United was at nine"))
    assert {"United", "@united", "Noordvlucht"} <= set(heard[0])


def test_a_delete_carries_its_identity_only():
    row = one(event("7", op="delete", version=3))
    assert (row.op, row.external_id, row.version, row.text, row.observed, row.placed) == ("delete", "7", 3, "", [], [])


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (event(at=NOW + timedelta(minutes=11)), "11 minutes ahead"),
        (event(at=NOW + timedelta(days=3650)), "hours ahead"),
        (event(at=datetime(1970, 1, 1, tzinfo=UTC)), "expected 1990 or later"),
        (event(at=datetime(9999, 12, 31, tzinfo=UTC)), "ahead"),
        (event(at=datetime(2026, 3, 2, 9)), "offset from UTC"),
        (event(text="x" * (LONGEST_TEXT + 1)), f"found {LONGEST_TEXT + 1} characters"),
        (event(readings=[Reading("csat", 6)]), "csat: found 6"),
        (Event("", "1", 1, "upsert", NOW), "said: found nothing"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_a_reason_and_can_be_tried_again(bad, told):
    rows, refused = prepare(event("good"), bad, event("also good"))
    assert [row.external_id for row in rows] == ["good", "also good"]
    assert told in refused[0].reason and event_of(refused[0].raw) == bad


@pytest.mark.faults
def test_a_clock_a_little_ahead_is_forgiven_and_a_delete_always_obeyed():
    assert one(event(at=NOW + timedelta(minutes=9))).happened_at > ms(NOW)
    assert one(event(op="delete", at=NOW + timedelta(days=1))).op == "delete"


def test_what_no_store_can_hold_is_shown_as_such():
    row = one(event(text="halve \ud83d emoji en een \0 nul"))
    assert "\ud83d" not in row.text and "\0" not in row.text and "emoji" in row.text


def test_the_same_input_gives_the_same_rows_in_any_batch():
    events = [event(str(i), f"Bericht {i}: mijn koffer is kwijt, help", author=f"k{i % 3}") for i in range(20)]
    together = prepare(*events)[0]
    assert together == [one(each) for each in events]


def test_reading_a_row_again_changes_nothing():
    pipeline = Pipeline("tweets", JOURNEY, ("United",), KEY)
    texts = ["My flight was delayed, terrible!", "Mijn koffer is kwijt, bel 06-12345678", "", "ありがとう", "Dank je wel United!"]
    rows, _ = pipeline.prepare([event(str(i), text, stage="fly" if i == 1 else None) for i, text in enumerate(texts)], ms(NOW))
    again, _ = pipeline.prepare([event(str(i), text, stage="fly" if i == 1 else None) for i, text in enumerate(texts)], ms(NOW))
    pipeline.reread(again)
    assert again == rows


@given(st.lists(st.text(max_size=200), max_size=5))
def test_no_text_at_all_breaks_a_batch(texts):
    rows, refused = prepare(*[event(str(i), text) for i, text in enumerate(texts)])
    assert len(rows) == len(texts) and refused == []
    assert all(row.text.encode("utf-8") is not None and "\0" not in row.text for row in rows)


def test_said_of_a_stored_row_keeps_the_sources_stage():
    pipeline = Pipeline("tweets", JOURNEY, (), KEY)
    rows, _ = pipeline.prepare([event(text="My flight was delayed", stage="loyalty")], ms(NOW))
    pipeline.reread(rows)
    assert rows[0].placed[0].stage == "loyalty" and rows[0].placed[0].by == "source"


def test_a_measure_is_no_contact():
    rows, _ = prepare(Event("", "m", 1, "upsert", NOW, Said("web", kind="measure", readings=[Reading("page_load", 2.5)])))
    assert [seen.metric for seen in rows[0].observed] == ["page_load"]


def test_wiped_words_go_where_their_stage_went():
    """Of a contact without words nothing can be read anew: a stage that was taken up in another takes it along."""
    row = one(event("7", "De rij bij het inchecken was eindeloos", stage="checkin"))
    row.text = ""
    edited = Pipeline("tweets", merged(JOURNEY, "checkin", "fly"), (), KEY)
    assert row.sentiment is not None and row.placed[0].stage == "checkin"
    row.placed.append(Placed("other", "checkin", "rule", 0.5))
    edited.reread([row])
    assert [(place.journey, place.stage) for place in row.placed] == [("airline", "fly"), ("other", "checkin")]


def test_the_way_to_the_store_does_not_wait_for_a_library_that_it_does_not_need():
    """scipy.stats adds two fifths to the start of every process that reads, for one function that scipy.special has too."""
    asked = "import sys, ingest.runner, ingest.pipeline; sys.exit('scipy.stats' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=False).returncode == 0
