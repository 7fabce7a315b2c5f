"""Terms: per source a number of days within bounds, audited with what it was; a source that is not there has none."""

import pytest
from sqlalchemy import insert

from store.engine import writing
from store.people.audit import entries, verify
from store.people.errors import Refused
from store.people.keeping import LONGEST, SHORTEST, keep_days, set_keep_days
from store.tables import SourceState

NOW = 1_795_000_000_000


@pytest.fixture
def known(store):
    with writing(store) as connection:
        for source in ("mail", "chat"):
            connection.execute(insert(SourceState).values(source=source))
    return store


def test_a_term_is_kept_per_source_and_taken_back(known):
    assert keep_days(known) == {}
    set_keep_days(known, "mail", 365, "anna", NOW)
    assert set_keep_days(known, "chat", SHORTEST, "anna", NOW) == {"mail": 365, "chat": SHORTEST} == keep_days(known)
    assert set_keep_days(known, "mail", None, "bart", NOW) == {"chat": SHORTEST}
    assert set_keep_days(known, "mail", None, "bart", NOW) == {"chat": SHORTEST}


def test_every_choice_is_in_the_audit_with_what_it_was(known):
    set_keep_days(known, "mail", 365, "anna", NOW)
    set_keep_days(known, "mail", 90, "bart", NOW)
    found = [(row.who, row.action, row.detail) for row in entries(known, "retention mail")]
    assert found == [("bart", "set", '{"after": 90, "before": 365}'), ("anna", "set", '{"after": 365, "before": null}')]
    assert verify(known) == []


@pytest.mark.parametrize("days", [0, SHORTEST - 1, LONGEST + 1, -5, 30.5, True, "30"])
def test_a_term_out_of_bounds_is_refused_and_nothing_changes(known, days):
    set_keep_days(known, "mail", LONGEST, "anna", NOW)
    with pytest.raises(Refused, match=f"days: found {days!r}, expected 7 to 1826"):
        set_keep_days(known, "mail", days, "anna", NOW)
    assert keep_days(known) == {"mail": LONGEST} and len(entries(known)) == 1


def test_a_source_that_is_not_there_gets_no_term(known):
    with pytest.raises(Refused, match="found 'fax', expected one of chat, mail"):
        set_keep_days(known, "fax", 30, "anna", NOW)
    assert keep_days(known) == {} and entries(known) == []
