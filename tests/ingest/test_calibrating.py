"""Calibration end to end: pairs of a store, a version that is kept only when better, and every mark that follows it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import text

from config.errors import ConfigError
from ingest import calibrating
from ingest.__main__ import main
from ingest.calibrating import attempt, keep, lines
from ingest.rescoring import rescore
from metrics.bins import bin_of
from metrics.knots import default_knots
from reports.assumed import assumed
from store.corridor.jobs import jobs
from store.engine import reading
from store.people.audit import entries, verify
from store.people.expectations import told
from store.people.knots import current_book, save_book
from store.people.promises import Promise, approve, save_draft
from store.reads.pairs import mark_pairs
from store.rows import Batch, Observed, Placed
from store.writes import save
from tests.store.rows import NOW, ZONE, row

WEEK = 202648
LINE = default_knots()


def asked(channel, seconds, mark, number, metric="first_response"):
    """A case in which an answer took so long and the customer gave this mark."""
    seen = [
        Observed("contacts", 1.0),
        Observed(metric, seconds, LINE.of(metric, channel).mark(seconds), bin_of(seconds), knots=1),
        Observed("csat10", mark, mark, knots=1),
    ]
    at = NOW - 3_600_000 - number
    return row(f"{channel}{number}", channel=channel, case_key=f"c{channel}{number}", happened_at=at, observed=seen,
               placed=[Placed("airline", "service", "rule")])  # fmt: skip


def patient(channel, n, seed=1):
    """Customers four times as patient as the shipped line of their channel."""
    rng = np.random.default_rng(seed)
    line, top = LINE.of("first_response", channel), LINE.of("first_response", channel).x[-1]
    seconds = np.round(rng.uniform(0, 4 * top, n))
    marks = np.clip(line.mark(seconds / 4) + rng.normal(0, 0.5, n), 1, 10)
    return [asked(channel, float(s), float(m), i) for i, (s, m) in enumerate(zip(seconds, marks, strict=True))]


@pytest.fixture
def filled(place):
    """E-mail with 400 pairs of patient customers, chat with 150, and phone calls nobody marked."""
    rows = [*patient("email", 400), *patient("chat", 150)]
    save(place.engine, Batch("helpdesk", rows), now_ms=NOW, zone=ZONE)
    return place


def better(place):
    """The book of an attempt that found something better."""
    book = attempt(place)[1]
    assert book is not None
    return book


def outcome(tried, channel):
    """What calibration came to on one channel, where there were pairs enough."""
    found = next(one.outcome for one in tried if one.channel == channel)
    assert found is not None
    return found


def mark_in_store(place, number):
    query = "SELECT o.mark, o.knots FROM observation o JOIN contact c ON c.id = o.contact_id"
    query += " WHERE c.external_id = :id AND o.metric = 'first_response'"
    with reading(place.engine) as connection:
        return tuple(connection.execute(text(query), {"id": f"email{number}"}).one())


def test_pairs_are_values_and_marks_of_the_same_case_per_channel(filled):
    found = mark_pairs(filled.engine, "airline", "first_response", ("csat", "csat10"))
    assert {channel: len(values) for channel, (values, _) in found.items()} == {"email": 400, "chat": 150}
    values, marks = found["email"]
    assert np.corrcoef(values, marks)[0, 1] < -0.7 and marks.min() >= 1 and marks.max() <= 10
    newest = mark_pairs(filled.engine, "airline", "first_response", ("csat10",), at_most=10)
    assert sum(len(values) for values, _ in newest.values()) == 10
    assert mark_pairs(filled.engine, "other", "first_response", ("csat10",)) == {}
    assert mark_pairs(filled.engine, "airline", "first_response", ("nps",)) == {}


def test_a_channel_with_enough_pairs_is_calibrated_and_the_others_keep_theirs(filled):
    tried, book = attempt(filled)
    of = {(one.metric, one.channel): one for one in tried}
    assert outcome(tried, "email").accepted and of["first_response", "chat"].outcome is None
    assert book is not None and book.version == 2
    own, shipped = book.of("first_response", "email"), LINE.of("first_response", "email")
    assert own.basis == "calibrated" and own.inverse(5.5) == pytest.approx(4 * shipped.inverse(5.5), rel=0.15)
    assert book.of("first_response", "chat") == replace(LINE.of("first_response", "chat"), version=2)
    assert current_book(filled.engine) is LINE  # nothing is kept by trying


def test_what_is_printed_says_pairs_error_and_what_became_of_it(filled):
    said = "\n".join(lines(attempt(filled)[0]))
    assert "first_response (email)" in said and "400 pairs, error" in said and "better" in said
    assert "150 pairs, needs 200: stays an assumption" in said


def test_history_follows_a_kept_version_and_the_label_goes(filled):
    engine = filled.engine
    book = better(filled)
    assert "first_response" in assumed(engine, "airline", WEEK)
    before = mark_in_store(filled, 7)
    keep(filled, book)
    assert current_book(engine).raw == book.raw and verify(engine) == []
    assert [job.kind for job in jobs(engine) if job.kind == "rescore"] == ["rescore"]
    assert entries(engine, "knots 2")[0].action == "calibrate"
    rescore(filled)
    after = mark_in_store(filled, 7)
    assert before[1] == 1 and after[1] == 2 and after[0] > before[0] + 0.5
    only_mail = [m for m in assumed(engine, "airline", WEEK) if m == "first_response"]
    assert only_mail == ["first_response"]  # chat is still an assumption


def test_the_label_goes_when_every_channel_that_was_measured_is_calibrated(place):
    save(place.engine, Batch("helpdesk", patient("email", 400)), now_ms=NOW, zone=ZONE)
    keep(place, better(place))
    assert "first_response" not in assumed(place.engine, "airline", WEEK)


def test_a_promise_raises_the_mark_of_the_stores_own_line(filled):
    engine = filled.engine
    said = Promise(text_nl="x", journey="airline", stage="service", channel="email", kind="hard", metric="first_response",
                   threshold=LINE.of("first_response", "email").inverse(5.5), share=0.95, valid_from=5)  # fmt: skip
    approve(engine, save_draft(engine, said, "Anna", 6).code, 1, "Bram", 7)
    assert expected(filled) == pytest.approx(5.5)
    keep(filled, better(filled))
    assert expected(filled) > 7.0


def expected(place):
    """The mark that customers of the e-mail expect."""
    raised = told(place.engine, place.journey)["service"].raised("email", NOW)
    assert raised is not None
    return raised.value


def test_a_second_calibration_finds_nothing_better(filled):
    keep(filled, better(filled))
    tried, book = attempt(filled)
    assert book is None and not outcome(tried, "email").accepted


def test_customers_of_whom_nothing_follows_change_nothing(place):
    rng = np.random.default_rng(3)
    rows = [asked("email", float(s), 6.0, i) for i, s in enumerate(np.round(rng.uniform(0, 90_000, 300)))]
    save(place.engine, Batch("helpdesk", rows), now_ms=NOW, zone=ZONE)
    tried, book = attempt(place)
    assert book is None and "never cross 5.5 or 8" in "\n".join(lines(tried))


def test_the_verb_keeps_it_or_only_says_so(filled, capsys):
    url = filled.url
    assert main(["calibrate", "--dry-run", "--store", url]) == 0
    assert "not kept (--dry-run): this would be version 2" in capsys.readouterr().out
    assert current_book(filled.engine) is LINE
    assert main(["calibrate", "--store", url]) == 0
    assert "kept as version 2 of the knots" in capsys.readouterr().out and current_book(filled.engine).version == 2
    assert main(["calibrate", "--store", url]) == 0
    assert "nothing kept" in capsys.readouterr().out


def test_a_line_that_turns_back_is_never_kept(place):
    raw = {name: dict(entry) for name, entry in LINE.raw.items()}
    raw["csat"] = {**raw["csat"], "knots": [[1, 5], [5, 4]]}
    with pytest.raises(ConfigError):
        save_book(place.engine, calibrating.KnotsBook(2, raw), "me", 5)
    assert current_book(place.engine) is LINE
