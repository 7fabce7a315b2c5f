"""Candidates for a quote: only of sources that allow it, by customers, placed, and still standing."""

import pytest
from sqlalchemy import insert, update

from store.bulk import taking_turns
from store.quotes import keep_quotes
from store.reads.quotes import approved, base_rate, candidates, kept_quotes, still_said
from store.reads.wall import pulse_version
from store.rows import Batch, Placed, Row
from store.tables import Contact, QuoteApproval, SourceState
from store.writes import save

NOW = 1_795_000_000_000
SINCE = NOW - 86_400_000


def row(id, source="mail", text="De koffer kwam niet aan.", stage="arrive", sentiment=-0.5, **changed):
    where = [Placed("airline", stage, "rule")]
    return Row(
        source,
        "m",
        id,
        1,
        "upsert",
        NOW - 1000,
        NOW,
        channel="email",
        text=text,
        language="nl",
        sentiment=sentiment,
        placed=where,
        **changed,
    )


@pytest.fixture
def full(sqlite_store):
    rows = [
        row("a"),
        row("b", text="Fijne vlucht gehad.", stage="fly", sentiment=0.7),
        row("c", stage=""),
        row("d", provenance="employee"),
    ]
    save(sqlite_store, Batch("mail", rows), now_ms=NOW, zone="Europe/Amsterdam")
    save(sqlite_store, Batch("x", [row("e", source="x")]), now_ms=NOW, zone="Europe/Amsterdam")
    with taking_turns(sqlite_store) as connection:
        connection.execute(update(SourceState).where(SourceState.source == "x").values(wall_quotes=False))
    return sqlite_store


def test_candidates_leave_out_who_must_not_be_quoted(full):
    found = candidates(full, "airline", SINCE)
    assert [(one.text, one.negative) for one in found] == [("Fijne vlucht gehad.", False), ("De koffer kwam niet aan.", True)]


def test_the_base_rate_counts_every_source(full):
    assert base_rate(full, "airline", SINCE) == {"n": 4, "low_share": 0.75}


def test_a_deleted_contact_falls(full):
    ids = [one.id for one in candidates(full, "airline", SINCE)]
    assert still_said(full, ids) == set(ids)
    save(full, Batch("mail", [Row("mail", "m", "a", 2, "delete", NOW, NOW)]), now_ms=NOW, zone="Europe/Amsterdam")
    assert len(still_said(full, ids)) == 1
    assert len(candidates(full, "airline", SINCE)) == 1


def test_an_approved_quote_keeps_the_words_that_were_approved_until_it_is_refused(full):
    id = candidates(full, "airline", SINCE)[0].id
    say = {"contact_id": id, "text": "Fijne vlucht.", "made_by": "anna", "at": NOW}
    with taking_turns(full) as connection:
        connection.execute(insert(QuoteApproval).values(**say, approved=True))
    assert [one.text for one in approved(full, "airline", SINCE)] == ["Fijne vlucht."]
    with taking_turns(full) as connection:
        connection.execute(insert(QuoteApproval).values(**say, approved=False))
    assert approved(full, "airline", SINCE) == []


def test_kept_quotes_replace_one_another_and_move_the_pulse(full):
    before = pulse_version(full)
    keep_quotes(full, NOW, {"quotes": [1]}, NOW)
    keep_quotes(full, NOW + 5, {"quotes": [2]}, NOW + 5)
    assert kept_quotes(full) == (NOW + 5, {"quotes": [2]})
    assert pulse_version(full) == before + 2


def test_an_empty_store_has_no_quotes_and_no_rate(sqlite_store):
    assert kept_quotes(sqlite_store) == (0, {})
    assert base_rate(sqlite_store, "airline", SINCE) == {"n": 0, "low_share": 0.0}


def test_the_newest_come_first(full):
    with taking_turns(full) as connection:
        connection.execute(update(Contact).where(Contact.external_id == "a").values(happened_at=NOW))
    assert candidates(full, "airline", SINCE, limit=1)[0].text == "De koffer kwam niet aan."
