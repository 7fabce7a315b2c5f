from dataclasses import replace

import pytest

from store.corridor.unchanged import knows_source, stored_versions
from store.placing import place
from store.rows import Observed, Placed
from store.stored import stored_rows
from store.writes import save

from .rows import AT, ZONE, batch, row

OLD = row("1", version=3, author_key="a", themes=("bag", "wait"), segments=("new",))


@pytest.fixture
def filled(store):
    save(store, batch(OLD, row("2")), now_ms=5, zone=ZONE)
    return store


def test_what_says_the_same_keeps_its_version(filled):
    again = replace(OLD, version=99, received_at=AT + 1, themes=("wait", "bag"), engine="newer")
    assert stored_versions(filled, [again]) == {("", "1"): 3}


@pytest.mark.parametrize(
    "change",
    [
        {"text": "beter"},
        {"happened_at": AT + 1},
        {"channel": "chat"},
        {"author_key": "b"},
        {"themes": ("bag",)},
        {"segments": ()},
        {"placed": [Placed("airline", "book", "rule")]},
        {"observed": [Observed("contacts", 1.0), Observed("csat", 5.0, 10.0)]},
        {"external_id": "9"},
        {"op": "delete"},
    ],
)
def test_what_says_something_else_does_not(filled, change):
    assert stored_versions(filled, [replace(OLD, version=99, **change)]) == {}


def test_a_placement_by_a_person_is_no_difference(filled):
    (id, _), _ = stored_rows(filled)
    place(filled, id, "airline", "loyalty", now_ms=6, zone=ZONE)
    assert stored_versions(filled, [replace(OLD, version=99)]) == {("", "1"): 3}


def test_nothing_to_compare(store):
    assert stored_versions(store, []) == {} and not knows_source(store, "post")


def test_knows_a_source_that_brought_something(filled):
    assert knows_source(filled, "post") and not knows_source(filled, "chat")
