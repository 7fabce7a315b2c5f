"""Training by corrections: the job says what came of it, a better model reads the next message, a worse one is not kept."""

import itertools
import threading

import pytest

from ingest.jobs import work_once
from ingest.learned import Learned, stage_name
from ingest.opening import now_ms, open_place
from store.corridor.jobs import jobs
from store.models import keep_model, kept_model
from store.people.corrections import ask_training, correct_sentiment, correct_stage
from store.rows import Batch
from store.stored import stored_rows
from store.writes import save

from .conftest import event

# Words that no shipped model knows: what they mean can only come from people.
OPENINGS = ["Dit is", "Vandaag was het", "Ik vond het", "Alweer", "Wat een", "Zo kan het", "Het voelde", "Echt", "Tja,", "Nou,"]
THINGS = ["de flapoe", "mijn zwirrel", "hun plonk", "onze krabbo", "het snorf", "die drubbel", "een wimpo", "deze glorp"]
TONES = {"negative": "gribbelig", "neutral": "mompelend", "positive": "flonkerend"}


def said(label):
    return [f"{opening} {TONES[label]} met {thing}" for opening, thing in itertools.product(OPENINGS, THINGS)]


@pytest.fixture
def taught(place):
    labels = [(text, label) for label in TONES for text in said(label)]
    rows, _ = place.pipeline("mail").prepare(
        [event(str(i), text, author=f"a{i}") for i, (text, _) in enumerate(labels)], now_ms()
    )
    save(place.engine, Batch("mail", rows), now_ms=now_ms(), zone=place.zone)
    known = dict(labels)
    for id, row in stored_rows(place.engine):
        correct_sentiment(place.engine, id, known[row.text], "Sanne", now_ms())
    return place


def train(place):
    ask_training(place.engine, "Sanne", now_ms())
    assert work_once(place, threading.Event(), lambda line: None)
    return jobs(place.engine)[0]


def score(place, text):
    rows, _ = place.pipeline("mail").prepare([event("new", text)], now_ms())
    return rows[0].sentiment


def test_corrections_teach_and_the_next_message_is_read_by_what_was_learned(taught, chosen):
    running = taught.pipeline("mail")
    before = score(taught, "Helaas flonkerend met de schroef")
    job = train(taught)
    assert job.state == "done", job.result
    figures = job.result["sentiment"]
    assert figures["kept"] and figures["after"] > figures["before"] and figures["held_after"] >= figures["held_before"]
    assert figures["labels"] + figures["held_out"] == 240 and figures["held_out"] > 20
    after = score(taught, "Helaas flonkerend met de schroef")
    assert after > before
    rows, _ = running.prepare([event("new", "Helaas flonkerend met de schroef")], now_ms())
    assert rows[0].sentiment == after, "a pipeline that runs already reads by it too"
    again = open_place(taught.url, chosen)
    assert score(again, "Helaas flonkerend met de schroef") == after
    again.close()


def test_a_handful_teaches_nothing_and_the_job_says_so(place):
    rows, _ = place.pipeline("mail").prepare([event("1", "Dit is gribbelig")], now_ms())
    save(place.engine, Batch("mail", rows), now_ms=now_ms(), zone=place.zone)
    correct_sentiment(place.engine, 1, "positive", "Sanne", now_ms())
    correct_stage(place.engine, 1, "airline", "fly", "Sanne", now_ms())
    result = train(place).result
    assert set(result) == {"sentiment", "stage"}
    for figures in result.values():
        assert not figures["kept"] and figures["labels"] + figures["held_out"] == 1 and "fewer than" in figures["reason"]
    assert kept_model(place.engine, "sentiment") is None and kept_model(place.engine, stage_name("airline")) is None


def test_a_model_that_cannot_be_read_counts_as_none(place):
    import gzip

    keep_model(place.engine, "sentiment", gzip.compress(b'{"format": 99}\nx\t1'), now_ms())
    learned = Learned()
    learned.refresh(place.engine, "airline")
    assert learned.sentiment is None


def test_the_verb_says_why_nothing_was_kept_while_there_is_little_to_learn_from(place, capsys):
    from argparse import Namespace

    from ingest.verbs import do_train

    assert do_train(Namespace(store=str(place.engine.url))) == 0
    told = capsys.readouterr().out
    assert "sentiment" in told and "stage" in told
    assert told.count("not kept: ") == 2 and "0 corrections" in told
